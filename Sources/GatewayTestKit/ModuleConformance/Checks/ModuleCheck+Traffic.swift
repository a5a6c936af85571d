import GatewayKit
import Synchronization

extension ModuleCheck {
    /// The module in a whole gateway.
    static let traffic: [ModuleCheck] = [
        ModuleCheck("reloads under traffic close no connection, lose no message and change no answer over HTTP") { rig in
            try await TestGateway.with(1, rig.configuration(), .network, rig.types, folder: rig.folder.path) { gateways in
                let gateway = gateways[0]
                try await gateway.waitForAdapter()
                let traffic = try await ConformanceTraffic(gateway, rig)
                try await traffic.exchange(5)
                let settings = [nil, nil, rig.setup.changed, nil]
                for text in settings {
                    let isOver = Mutex(false)
                    let reload = Task {
                        defer { isOver.withLock { $0 = true } }
                        try await gateway.reload(rig.configuration(text))
                    }
                    do {
                        repeat { try await traffic.exchange(1) } while !isOver.withLock { $0 }
                    } catch {
                        _ = await reload.result
                        throw error
                    }
                    try await reload.value
                    try await traffic.exchange(2, isChanged: text != nil)
                }
                try await traffic.finish()
            }
        }
    ]
}
