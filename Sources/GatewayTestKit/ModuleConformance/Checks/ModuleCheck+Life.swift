import Foundation
import GatewayKit

extension ModuleCheck {
    /// From `init` to `stop`.
    static let life: [ModuleCheck] = [
        ModuleCheck("making it leaves no file and opens no port") { rig in
            let before = try rig.folder.contents()
            _ = try rig.make()
            try requireNone(changes(before, rig, allowing: rig.setup.initFiles))
            try require(try makesWithoutPort(rig), "no port that is opened before start(); got a new one each time a module was made")
        },
        ModuleCheck("a trial makes no file") { rig in
            let before = try rig.folder.contents()
            do {
                let crew = try rig.make(isTrial: true)
                try await crew.start()
                try await crew.stop()
            } catch is ModuleError {
                // What is not there yet is one.
            }
            try requireNone(changes(before, rig))
        },
        ModuleCheck("it stops right after it has started, and starts anew") { rig in
            let shared = SharedState()
            for _ in 0..<3 { try await rig.serving(shared: shared) { _ in } }
            try await rig.serving(shared: shared) { crew in
                let connection = try await rig.connect(from: HostileInputs.addresses[0], as: Principal(userID: "alice"))
                try requireNone(try await connection.ask(rig.inputs().few(crew), of: crew, pace: .seconds(1)).flatMap(\.defects))
            }
        },
    ]

    private static func changes(_ before: [String: Data], _ rig: ModuleRig, allowing allowed: Set<String> = []) throws -> [String] {
        let after = try rig.folder.contents()
        let isAllowed = { (name: String) in allowed.contains { name == $0 || name.hasPrefix($0 + "/") } }
        return Set(before.keys).union(after.keys).sorted().filter { !isAllowed($0) && before[$0] != after[$0] }
            .map { "a folder as it was; got a change of '\($0)'" }
    }

    /// Whether no port is open after a module was made that was not before; tests beside this one open ports too, so once is enough.
    private static func makesWithoutPort(_ rig: ModuleRig) throws -> Bool {
        for _ in 0..<50 {
            let before = ListeningSockets.current()
            let crew = try rig.make()
            let new = withExtendedLifetime(crew) { ListeningSockets.current().subtracting(before) }
            if new.isEmpty { return true }
        }
        return false
    }
}
