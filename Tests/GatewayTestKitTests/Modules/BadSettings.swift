import GatewayKit
import Synchronization

/// A module whose only setting is of a type that a test chooses.
protocol BadValue: SettingValue, Sendable {
    init()
}

struct OneSetting<Value: BadValue>: Settings {
    var value = Value()
    static var fields: [SettingField<Self>] { [SettingField("value", \.value, "A value.")] }
}

/// Takes anything for a number.
struct Anything: PassingRoute {
    static let name = "anything"
    static let summary = "Takes anything for a number."

    struct Value: BadValue {
        static let schema = SettingSchema.integer
        var settingText: String { "0" }
        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Value? { Value() }
    }

    init(settings: OneSetting<Value>, context: ModuleContext) {}
}

/// Says that it counts minutes, and reads seconds.
struct Confused: PassingRoute {
    static let name = "confused"
    static let summary = "Reads another unit than it writes."

    struct Settings: GatewayKit.Settings {
        var time = Minutes(count: 1)
        static let fields: [SettingField<Self>] = [SettingField("time", \.time, range: Minutes(count: 1)...Minutes(count: 9), "A time.")]
    }

    struct Minutes: SettingValue, Comparable {
        var count: Int
        static let schema = SettingSchema.integer
        var settingText: String { String(count) }
        static func < (left: Self, right: Self) -> Bool { left.count < right.count }

        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Minutes? {
            Int.decode(node, &decoder).map { Minutes(count: $0 / 60 + 1) }
        }
    }

    init(settings: Settings, context: ModuleContext) {}
}

/// Overlooks keys that it does not know.
struct Careless: PassingRoute {
    static let name = "careless"
    static let summary = "Overlooks keys that it does not know."

    struct Settings: GatewayKit.Settings {
        static let fields: [SettingField<Self>] = []
        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Settings? { Settings() }
    }

    init(settings: Settings, context: ModuleContext) {}
}

/// Finds each time something else.
struct Fickle: PassingRoute {
    static let name = "fickle"
    static let summary = "Finds each time something else."

    struct Value: BadValue {
        private static let count = Atomic(0)
        static let schema = SettingSchema.text("a value")
        var settingText: String { "a" }

        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Value? {
            decoder.report(.invalidValue, "attempt \(count.wrappingAdd(1, ordering: .relaxed).newValue)", at: node)
            return nil
        }
    }

    init(settings: OneSetting<Value>, context: ModuleContext) {}
}

/// Shows the secret that it refuses.
struct Talkative: PassingRoute {
    static let name = "talkative"
    static let summary = "Shows the secret that it refuses."

    struct Settings: GatewayKit.Settings {
        var key = Key()
        static let fields: [SettingField<Self>] = [SettingField("key", \.key, "A secret.")]
    }

    struct Key: BadValue {
        static let schema = Secret.schema
        var settingText: String { "***" }

        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Key? {
            guard case .scalar(let text, _) = node.content else { return nil }
            decoder.report(.invalidValue, "'\(text.prefix(100))' is too short", at: node)
            return nil
        }
    }

    init(settings: Settings, context: ModuleContext) {}
}

/// Writes another value than it has read.
struct Forger: PassingRoute {
    static let name = "forger"
    static let summary = "Writes another value than it has read."

    struct Value: BadValue {
        var text = ""
        static let schema = SettingSchema.text("a value")
        var settingText: String { (text + "!").settingText }

        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Value? {
            String.decode(node, &decoder).map { Value(text: $0) }
        }
    }

    init(settings: OneSetting<Value>, context: ModuleContext) {}
}

/// Takes a size that it has no room for.
struct Overfull: PassingRoute {
    static let name = "overfull"
    static let summary = "Cannot be made with what its settings allow."
    struct Full: Error {}

    struct Settings: GatewayKit.Settings {
        var size = 1
        static let fields: [SettingField<Self>] = [SettingField("size", \.size, range: 1...100, "A size.")]
    }

    init(settings: Settings, context: ModuleContext) throws {
        if settings.size > 50 { throw Full() }
    }
}
