import GatewayKit

/// Summed up in a word.
struct Undeclared: PassingRoute {
    static let name = "undeclared"
    static let summary = "Nothing"
    init(settings: NoSettings, context: ModuleContext) {}
}

/// Calls itself what another one is called.
struct Impostor: PassingRoute {
    static let name = "jwt"
    static let summary = "Has a name that is taken."
    init(settings: NoSettings, context: ModuleContext) {}
}

/// Takes a word that no example can guess.
struct Unguessable: PassingRoute {
    static let name = "unguessable"
    static let summary = "Has an example that is refused."

    struct Settings: GatewayKit.Settings {
        var colour = Colour()
        static let fields: [SettingField<Self>] = [SettingField("colour", \.colour, required: true, "The colour.")]
    }

    struct Colour: SettingValue {
        static let schema = SettingSchema.text("a colour")
        var settingText: String { "mauve" }

        static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Colour? {
            guard let (text, _) = decoder.scalar(node, schema) else { return nil }
            if text == "mauve" { return Colour() }
            decoder.report(.invalidValue, "\(node.shownText) is no colour", at: node)
            return nil
        }
    }

    init(settings: Settings, context: ModuleContext) {}
}

/// Calls both of its routes the same.
struct Twins: HTTPModule {
    static let name = "twins"
    static let summary = "Has two routes of one name."
    init(settings: NoSettings, context: ModuleContext) {}

    var routes: [HTTPRoute] {
        let operation = HTTPOperation("twin", "A twin.", answers: [.init(204, "Nothing.")])
        return [HTTPMethod.get, .post].map { HTTPRoute($0, "/twins", operation) { _ in HTTPResponse(status: 204) } }
    }
}

/// A route module that lets everything pass.
protocol PassingRoute: RouteStage {}

extension PassingRoute {
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}
