public import GatewayKit

/// What every module has to do, whatever it is for: asked what no client should ask, on four event loops, and in a whole gateway.
///
/// The checks are arguments of a test, so that each shows by its name:
///
///     @Test(arguments: ModuleConformance<RateLimit>.checks)
///     func `the module conforms`(check: ModuleConformance<RateLimit>.Check) async throws {
///         try await ModuleConformance(RateLimit.self, settings: "{rate: 5/s, burst: 3}", changed: "{per: user}").run(check)
///     }
///
/// Choose settings under which the module has something to decide: limits that are small, rules that some topics match. The words of the
/// settings are among what it is asked. A trap ends the process of the tests; its backtrace names the module.
public struct ModuleConformance<Tested: Module>: Sendable {
    /// One thing that a module has to do.
    public typealias Check = ModuleCheck

    /// The checks for the stages that the type serves.
    public static var checks: [Check] { ModuleCheck.all.filter { $0.isFor(Tested.self) } }

    private let setup: ModuleSetup

    /// Says what is checked, and what stands around it.
    ///
    /// Relative paths of settings start at an empty folder that each check makes and removes. The capabilities `token_issuer` and
    /// `token_revocations` are there unless the module, or one beside it, provides them.
    ///
    /// - Parameters:
    ///   - module: The module's type.
    ///   - settings: What stands under its name in gateway.yaml, as a mapping in braces.
    ///   - changed: Other settings, to reload with; nil for the same.
    ///   - token: Credentials that a module of the auth stage accepts from 2026-01-01 on, for 30 days at the least; without them the
    ///     clients of the whole gateway log in elsewhere.
    ///   - modules: Further modules of the pipeline, such as those that provide what the module requires, with their settings. Each stands
    ///     in every stage that it serves, before the module.
    ///   - files: What lies in the folder, by its path there; nobody but this user can read it.
    ///   - initFiles: The files of the folder, by their paths there, that the module makes before it has started.
    ///   - patience: How long a verdict, a start and a stop may take before a check fails; no verdict hangs on it otherwise.
    public init(
        _ module: Tested.Type, settings: String = "{}", changed: String? = nil, token: String? = nil,
        beside modules: [(type: any Module.Type, settings: String)] = [], files: [String: String] = [:], initFiles: Set<String> = [],
        patience: Duration = .seconds(60)
    ) {
        setup = ModuleSetup(
            type: module, settings: settings, changed: changed, token: token, neighbours: modules, files: files, initFiles: initFiles,
            patience: patience)
    }

    /// Runs a check.
    ///
    /// - Parameter check: One of ``checks``.
    /// - Throws: ``Unmet`` that says what was wanted and what came; ``BadConfiguration`` where the settings are refused; the module's error
    ///   where it cannot be made or started with them.
    public func run(_ check: Check) async throws {
        let rig = try ModuleRig(setup)
        defer { rig.folder.remove() }
        try await check.body(rig)
    }
}

/// One thing that a module has to do.
public struct ModuleCheck: Sendable, CustomStringConvertible {
    /// What it is, as a sentence.
    public let name: String
    /// Whether it makes sense for a type.
    let isFor: @Sendable (any Module.Type) -> Bool
    let body: @Sendable (ModuleRig) async throws -> Void

    /// Every check.
    static let all: [ModuleCheck] = declarations + settings + life + reloading + loops + questions + requests + accepting + hooks + traffic

    init(
        _ name: String, isFor: @escaping @Sendable (any Module.Type) -> Bool = { _ in true },
        _ body: @escaping @Sendable (ModuleRig) async throws -> Void
    ) {
        self.name = name
        self.isFor = isFor
        self.body = body
    }

    /// The name.
    public var description: String { name }
}

/// The module to be checked, and what stands around it.
struct ModuleSetup: Sendable {
    let type: any Module.Type
    let settings: String
    let changed: String?
    let token: String?
    let neighbours: [(type: any Module.Type, settings: String)]
    let files: [String: String]
    let initFiles: Set<String>
    let patience: Duration
}

/// Fails a check that has found defects; names the first of them.
func requireNone(_ defects: [String]) throws {
    guard !defects.isEmpty else { return }
    let shown = defects.prefix(5).joined(separator: "\n")
    throw Unmet(what: defects.count > 5 ? "\(shown)\nand \(defects.count - 5) more" : shown)
}
