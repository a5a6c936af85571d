import GatewayKit

extension ModuleCheck {
    /// What a module is told of.
    static let hooks: [ModuleCheck] = [
        ModuleCheck("hooks: whoever comes and goes is heard of, and what is published is valid", isFor: { $0 is any EventHooks.Type }) {
            rig in
            for refusal in [nil, Rejection(.brokerUnavailable, "The broker is away")] {
                // Whoever does not publish need not be asked again.
                if refusal != nil, !rig.publisher.isAsked { break }
                rig.publisher.refuse(refusal)
                try await tellWholeLives(rig)
                try await tellEndsOnly(rig)
                try await tellAcrossReload(rig)
            }
            try requireNone(rig.publisher.defects)
        }
    ]

    /// A connection, and what becomes of it.
    private typealias Guest = (connection: RigConnection, life: ConnectionLife)

    private static func guests(_ rig: ModuleRig) async throws -> [Guest] {
        var guests: [Guest] = []
        for (index, life) in try rig.inputs().connections.enumerated() {
            guests.append((try await rig.connect(index, from: life.address), life))
        }
        return guests
    }

    private static func tellWholeLives(_ rig: ModuleRig) async throws {
        try await rig.serving { crew in
            for guest in try await guests(rig) {
                try await begin(guest, crew)
                try await end(guest, crew)
            }
        }
    }

    /// As to a module that a reload has added.
    private static func tellEndsOnly(_ rig: ModuleRig) async throws {
        try await rig.serving { crew in
            for guest in try await guests(rig) { try await end(guest, crew) }
        }
    }

    /// All are there at once; another generation hears how they end.
    private static func tellAcrossReload(_ rig: ModuleRig) async throws {
        let shared = SharedState()
        try await rig.serving(shared: shared) { old in
            let guests = try await guests(rig)
            for guest in guests { try await begin(guest, old) }
            try await rig.serving(shared: shared) { new in
                for guest in guests { try await end(guest, new) }
            }
        }
    }

    private static func begin(_ guest: Guest, _ crew: ModuleCrew) async throws {
        guard let module = crew.tested as? any EventHooks else { return }
        let life = guest.life
        try await guest.connection.turn("a return from being told of the beginning of \(life)") { life.begin($0, module) }
        try requireNone(try await guest.connection.defects())
    }

    private static func end(_ guest: Guest, _ crew: ModuleCrew) async throws {
        guard let module = crew.tested as? any EventHooks else { return }
        let life = guest.life
        try await guest.connection.turn("a return from being told of the end of \(life)") { life.end($0, module) }
        try requireNone(try await guest.connection.defects())
    }
}
