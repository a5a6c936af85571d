import GatewayKit
import GatewayTestKit
import Synchronization
import Testing

@testable import GatewayServer

/// When the modules of a generation start and stop, and that nothing keeps an old one.
struct GenerationLifeTests {
    /// Reloads to this number.
    private func configuration(_ number: Int) -> TestConfiguration {
        TestConfiguration(
            file: """
                version: 1
                server: {host: 127.0.0.1, port: 0, event_loops: 2}
                auth: {required: false}
                pipeline: {accept: [gatekeeper], auth: [], route: [bystander], pubsub: none}
                modules: {gatekeeper: {number: \(number)}, bystander: {number: \(number)}}
                """)
    }

    private func withGateway(_ body: (TestGateway, Lives) async throws -> Void) async throws {
        let lives = Lives()
        try await Lives.$current.withValue(lives) {
            try await TestGateway.with(
                configuration(0), modules: [Gatekeeper.self, Bystander.self, NoAdapter.self]
            ) { try await body($0, lives) }
        }
        #expect(lives.running.isEmpty)
    }

    @Test func `a hundred reloads leave one generation`() async throws {
        try await withGateway { gateway, lives in
            let client = try await gateway.connect()
            let generations = Generations()
            for number in 1...100 {
                generations.add(gateway.gateway.generation)
                try await gateway.reload(configuration(number))
            }
            try await eventually("the old ones have gone") { generations.count == 0 }
            try await eventually("their modules have stopped") { lives.running == ["bystander 100", "gatekeeper 0", "gatekeeper 100"] }
            try await client.close()
            try await eventually("who has counted the connection stops") { lives.running == ["bystander 100", "gatekeeper 100"] }
            #expect(lives.released == ["gatekeeper 0"])
        }
    }

    @Test func `a start that fails stops what has started`() async throws {
        try await withGateway { gateway, lives in
            await #expect(throws: ConfigurationFailure.self) { try await gateway.reload(configuration(1313)) }
            try await eventually("it has stopped") { lives.running == ["bystander 0", "gatekeeper 0"] }
            try await gateway.reload(configuration(1))
            try await eventually("the others serve") { lives.running == ["bystander 1", "gatekeeper 1"] }
        }
    }
}

/// Generations as long as somebody else holds them.
private final class Generations: Sendable {
    private struct Reference: Sendable {
        weak let generation: Generation?
    }
    private let references = Mutex<[Reference]>([])

    func add(_ generation: Generation) { references.withLock { $0.append(Reference(generation: generation)) } }
    var count: Int { references.withLock { $0.count { $0.generation != nil } } }
}

/// Which modules of a test have started and not stopped.
final class Lives: Sendable {
    @TaskLocal static var current = Lives()
    private let names = Mutex<(running: [String], released: [String])>(([], []))

    var running: [String] { names.withLock { $0.running.sorted() } }
    var released: [String] { names.withLock { $0.released } }
    func start(_ name: String) { names.withLock { $0.running.append(name) } }
    func stop(_ name: String) {
        names.withLock { names in
            if let index = names.running.firstIndex(of: name) {
                names.running.remove(at: index)
            } else {
                names.running.append("twice: \(name)")
            }
        }
    }
    func release(_ name: String) { names.withLock { $0.released.append(name) } }
}

struct NumberSettings: Settings {
    var number = 0
    static let fields: [SettingField<Self>] = [SettingField("number", \.number, "Tells one generation from another.")]
}

/// Counts connections, and may not stop before the last of its own has gone.
struct Gatekeeper: AcceptStage {
    static let name = "gatekeeper"
    static let summary = "Counts."
    private let life: String
    private let lives = Lives.current

    init(settings: NumberSettings, context: ModuleContext) { life = "gatekeeper \(settings.number)" }
    func start() async throws { lives.start(life) }
    func stop() async { lives.stop(life) }
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
    func released(_ connection: Connection) { lives.release(life) }
}

/// Decides nothing; one of them does not start.
struct Bystander: RouteStage {
    static let name = "bystander"
    static let summary = "Looks on."
    private let number: Int
    private let lives = Lives.current

    init(settings: NumberSettings, context: ModuleContext) { number = settings.number }
    func start() async throws {
        if number == 1313 { throw ModuleError("it does not start") }
        lives.start("bystander \(number)")
    }
    func stop() async { lives.stop("bystander \(number)") }
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}
