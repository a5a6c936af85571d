import GatewayConfiguration
import GatewayKit

extension ModuleCheck {
    /// One generation in the place of another.
    static let reloading: [ModuleCheck] = [
        ModuleCheck("the next one starts while it serves, and serves on when it has stopped", isFor: isRemade) { rig in
            try await reload(rig)
        }
    ]

    /// Whether a reload makes another one: all but adapters.
    @Sendable static func isRemade(_ type: any Module.Type) -> Bool { !(type is any PubSubAdapter.Type) }

    private static func reload(_ rig: ModuleRig) async throws {
        let shared = SharedState()
        let old = try rig.make(shared: shared)
        try await old.start()
        var running = [old]
        do {
            try await reload(rig, shared, old, &running)
        } catch {
            for crew in running { try? await crew.stop() }
            throw error
        }
    }

    private static func reload(_ rig: ModuleRig, _ shared: SharedState, _ old: ModuleCrew, _ running: inout [ModuleCrew]) async throws {
        let questions = try rig.inputs().few(old)
        // A connection that lives through it all, and a new one for each comparison.
        let lasting = try await rig.connect(1, from: HostileInputs.addresses[0], as: Principal(userID: "alice"))
        func ask(_ crew: ModuleCrew) async throws -> [String] {
            rig.clock.advance(by: .seconds(86_400))
            try requireNone(try await lasting.ask(questions, of: crew, pace: .seconds(1)).flatMap(\.defects))
            let fresh = try await rig.connect(2, from: HostileInputs.addresses[1], as: Principal(userID: "bob"))
            let answers = try await fresh.ask(questions, of: crew, pace: .seconds(1))
            try requireNone(answers.flatMap(\.defects))
            return answers.map(\.text)
        }
        func put(_ settings: String?, inPlaceOf before: ModuleCrew, _ body: (ModuleCrew) async throws -> Void) async throws -> ModuleCrew {
            let next = try rig.make(rig.load(settings).pipeline, shared: shared)
            try await next.start()
            running.append(next)
            try await body(next)
            running.removeFirst()
            try await before.stop()
            return next
        }
        let first = try await ask(old)
        // Where it answers otherwise the second time, there is nothing to compare.
        let isDefined = try await ask(old) == first
        var found: [String] = []
        let new = try await put(nil, inPlaceOf: old) { new in
            found += differences(first, try await ask(old), "the old one beside the new one")
            found += differences(first, try await ask(new), "the new one beside the old one")
        }
        found += differences(first, try await ask(new), "the new one after the old one has stopped")
        let last = try await put(rig.setup.changed, inPlaceOf: new) { _ = try await ask($0) }
        _ = try await ask(last)
        running = []
        try await last.stop()
        if isDefined { try requireNone(found) }
    }

    private static func differences(_ wanted: [String], _ got: [String], _ who: String) -> [String] {
        zip(wanted, got).enumerated().filter { $0.element.0 != $0.element.1 }
            .map { "'\($0.element.0)' for question \($0.offset), as before the reload; got '\($0.element.1)' of \(who)" }
    }
}
