package import GatewayKit

/// An environment variable that the configuration reads, or would read.
package struct ReadVariable: Sendable {
    /// Where the value comes from.
    package enum Origin: Sendable, Equatable {
        /// The environment has it.
        case environment
        /// The environment has it, and something else wins or nobody asks: why.
        case ignored(String)
        /// The environment lacks it, and a text of the file stands in.
        case file(String)
        /// The environment lacks it, and nobody needs it.
        case unset
        /// The environment lacks it, and it is needed.
        case missing
    }

    /// A setting that it goes to.
    package struct Use: Sendable, Equatable {
        /// The setting's path: `modules.jwt.secret`.
        package let setting: String
        /// Where the file has that setting; nil where it has its default.
        package let place: SourcePlace?

        package init(setting: String, place: SourcePlace?) {
            self.setting = setting
            self.place = place
        }
    }

    /// The name.
    package let name: String
    /// Where the value comes from.
    package internal(set) var origin: Origin
    /// What the environment has; nil where it lacks the variable.
    package let value: String?
    /// Whether the value is never shown: a setting that it goes to is a secret, it is a part of a URL's login, or the name sounds like it.
    package internal(set) var isSecret: Bool
    /// The settings that it goes to.
    package internal(set) var uses: [Use]

    package init(name: String, origin: Origin, value: String?, isSecret: Bool, uses: [Use]) {
        self.name = name
        self.origin = origin
        self.value = value
        self.isSecret = isSecret
        self.uses = uses
    }

    /// The value as people may see it: stars for secrets and for the login of a URL.
    package var shownValue: String? { value.map(shown) }

    /// A text in the value's place, as people may see it.
    package func shown(_ text: String) -> String {
        if isSecret { return text.isEmpty ? "" : "***" }
        return URLLogin.hidden(text)
    }
}
