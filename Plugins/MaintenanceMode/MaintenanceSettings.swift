import GatewayKit

/// What stands under `modules.maintenance_mode`.
public struct MaintenanceSettings: Settings {
    /// The gateway is in maintenance as long as this file is there.
    public var file: FilePath?
    /// How often it is looked for.
    public var checkInterval = Duration.seconds(1)
    /// When clients may come back.
    public var retryAfter = Duration.seconds(60)
    /// What clients are told.
    public var message = "The service is in maintenance"
    /// Who goes on as if nothing were.
    public var allow: [AddressRange] = []
    /// Whether applications may go on to post events.
    public var allowIngress = true

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("file", \.file, "The gateway is in maintenance as long as this file is there; null = only the admin API says so."),
        SettingField(
            "check_interval", \.checkInterval, range: .milliseconds(10)...(.seconds(60)), "How often the file is looked for."),
        SettingField("retry_after", \.retryAfter, range: .seconds(1)...(.seconds(86_400)), "When clients are told to come back."),
        SettingField("message", \.message, "What clients are told."),
        SettingField("allow", \.allow, "Addresses that are let through: those of the people who look whether all is well again."),
        SettingField("allow_ingress", \.allowIngress, "Whether applications may go on to post events over HTTP."),
    ]
}
