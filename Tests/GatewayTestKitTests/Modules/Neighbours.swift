import Foundation
import GatewayKit

extension Capability where Value == String {
    static var word: Self { Self("word") }
}

/// Has a word for others.
struct Giver: PassingRoute {
    static let name = "giver"
    static let summary = "Has a word for others."
    static let provides = [Capability.word.name]

    struct Settings: GatewayKit.Settings {
        var word = ""
        static let fields: [SettingField<Self>] = [SettingField("word", \.word, required: true, "The word.")]
    }

    init(settings: Settings, context: ModuleContext) { context.provide(.word, settings.word) }
}

/// Starts where the word stands in its file.
struct Needy: PassingRoute {
    static let name = "needy"
    static let summary = "Needs a word, and a file that has it."
    static let requires = [Capability.word.name]
    private let word: String
    private let file: FilePath

    init(settings: FileSettings, context: ModuleContext) throws {
        word = try context.capability(.word)
        file = settings.file
    }

    func start() async throws {
        guard try String(contentsOfFile: file.path, encoding: .utf8) == word else { throw ModuleError("the word is another one") }
    }
}
