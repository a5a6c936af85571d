/// A part of the pipeline that gateway.yaml names: the base of every stage protocol.
///
/// A module is one object for all event loops, so it is `Sendable`; what belongs to one connection lives in a
/// ``ConnectionSlot``. Its life: settings are decoded, ``init(settings:context:)``, ``start()``, serving, ``stop()`` when
/// a reload has put another one in its place and nobody uses it any more.
public protocol Module: Sendable, SendableMetatype {
    /// The settings under `modules.<name>`; ``NoSettings`` where there are none.
    associatedtype Settings: GatewayKit.Settings

    /// The name in gateway.yaml, in snake_case.
    static var name: String { get }

    /// One sentence for people: what the module does.
    static var summary: String { get }

    /// The names of module types that a module of this type should stand behind where both are in one list, each with the reason: what goes
    /// wrong where it stands before. A warning says so.
    static var runsAfter: [String: String] { get }

    /// Whether `mode: observe` makes sense for the module; the core then counts refusals and goes on.
    static var canObserve: Bool { get }

    /// What the module needs of other modules; see ``ModuleContext/capability(_:)``.
    static var requires: [CapabilityName] { get }

    /// What the module offers to other modules; see ``ModuleContext/provide(_:_:)``.
    static var provides: [CapabilityName] { get }

    /// What speaks against settings that are right by themselves, in the deployment that they stand in.
    ///
    /// `gateway check` asks; a module that has something to say asks itself in its initializer.
    ///
    /// - Parameters:
    ///   - settings: The settings, decoded and checked.
    ///   - isLoopback: Whether every listener of the gateway is on loopback.
    /// - Returns: Nil where nothing does.
    static func objection(to settings: Settings, isLoopback: Bool) -> ModuleError?

    /// What a start with these settings would fail at on this machine as it is now: a file that cannot be written, a service that is away.
    ///
    /// `gateway check --live` and `gateway doctor` ask, and wait 10 s at the most. Changes nothing, and makes nothing. Whether an adapter
    /// carries messages is found out without it.
    ///
    /// - Parameter settings: The settings, decoded and checked.
    /// - Returns: None where nothing stands in the way.
    static func obstacles(to settings: Settings) async -> [ModuleError]

    /// Makes the module from checked settings. Opens nothing that has to be closed: that belongs to ``start()``.
    ///
    /// - Parameters:
    ///   - settings: The settings, decoded and checked.
    ///   - context: What the core lends to the module.
    /// - Throws: ``ModuleError`` with a text for the operator; the start or reload fails with it.
    init(settings: Settings, context: ModuleContext) throws

    /// Called once before the first connection meets the module. Runs off the event loops.
    ///
    /// - Throws: ``ModuleError`` with a text for the operator; the start or reload fails with it.
    func start() async throws

    /// Called once when no connection uses the module any more: after a reload no sooner than the last verdict and request that it had
    /// under way, and for the accept stage than the last ``AcceptStage/released(_:)``. Runs off the event loops.
    func stop() async
}

extension Module {
    /// No wish.
    public static var runsAfter: [String: String] { [:] }
    /// No module can be observed unless it says so.
    public static var canObserve: Bool { false }
    /// Needs nothing.
    public static var requires: [CapabilityName] { [] }
    /// Offers nothing.
    public static var provides: [CapabilityName] { [] }
    /// Nothing.
    public static func objection(to settings: Settings, isLoopback: Bool) -> ModuleError? { nil }
    /// None.
    public static func obstacles(to settings: Settings) async -> [ModuleError] { [] }
    /// Nothing to start.
    public func start() async throws {}
    /// Nothing to stop.
    public func stop() async {}
}

/// Why a module cannot be made or started, told to the operator.
public struct ModuleError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, in lower case, without a full stop and without a secret.
    public let message: String
    /// The text to write or the command to run instead, where there is one.
    public let help: String?
    /// The setting at fault, relative to the module's settings (`secret_file`), where there is one.
    public let setting: String?
    /// The diagnostic's code, from the list of stable names.
    public let code: DiagnosticCode

    /// Makes an error for the operator.
    public init(_ message: String, help: String? = nil, setting: String? = nil, code: DiagnosticCode = .invalidValue) {
        self.message = message
        self.help = help
        self.setting = setting
        self.code = code
    }

    /// The message, with its help.
    public var description: String { help.map { "\(message) (\($0))" } ?? message }
}
