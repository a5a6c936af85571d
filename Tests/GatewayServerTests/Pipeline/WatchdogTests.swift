import Dispatch
import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import GatewayServer

/// Who looks after the event loops from outside.
@Suite struct WatchdogTests {
    private let log = RecordedLog()
    private let watches = [LoopWatch(), LoopWatch()]
    private let start = NIODeadline.now()
    private var watchdog: Watchdog { Watchdog(watches, log.logger()) }

    private var lines: [String] {
        log.lines.map { "\($0.message) \($0.fields["loop"] ?? "") \($0.fields["stage"] ?? "") \($0.fields["module"] ?? "")" }
    }

    @Test func `a loop that does not come round is told of once, with the module that it has called, and once when it is back`() {
        let watchdog = watchdog
        for watch in watches { watch.tick(start) }
        watchdog.look(start + .milliseconds(4999))
        #expect(lines == [])
        let outer = watches[1].begin(DutyName(.route, "stuck"))
        watches[0].tick(start + .seconds(5))
        for second in 5...60 {
            watchdog.look(start + .milliseconds(Int64(second) * 1000)); watches[0].tick(start + .seconds(Int64(second)))
        }
        let away = "an event loop does not come round, and all connections there wait 1 route stuck"
        #expect(lines == [away])
        watches[1].end(outer)
        watches[1].tick(start + .seconds(61))
        watchdog.look(start + .seconds(62))
        #expect(lines == [away, "the event loop goes on 1  "])
        #expect(log.lines.map { $0.fields["milliseconds"] } == ["5000", "61000"])
    }

    @Test func `one that has not begun, or has ended, is not missed`() {
        watches[0].tick(start)
        watches[0].stop()
        watchdog.look(start + .seconds(60))
        #expect(lines == [])
    }

    @Test func `a module that another one has called is the one that is named, and then the other one again`() {
        let watch = watches[0]
        let outer = watch.begin(DutyName(hooksOf: "outer"))
        let inner = watch.begin(DutyName(.pubsub, "inner"))
        #expect(watch.module == DutyName(.pubsub, "inner"))
        watch.end(inner)
        #expect(watch.module == DutyName(hooksOf: "outer"))
        watch.end(outer)
        #expect(watch.module == nil)
    }

    @Test func `a module that does not return is named while its loop waits for it`() async throws {
        let (gate, log) = (DispatchSemaphore(value: 0), log)
        try await EveryCall.$body.withValue({ if $0 == .route { gate.wait() } }) {
            try await TestGateway.with(EveryCall.self) { gateway in
                let watching = Watchdog(
                    gateway.gateway.core.watches, log.logger(), patience: .milliseconds(200), interval: .milliseconds(10)
                ).begin()
                defer { watching.cancel() }
                let client = try await gateway.connect()
                try await client.authenticate("alice")
                client.send(["type": "subscribe", "topic": "a"])
                do {
                    // Whatever a loaded machine holds up is told of too, without a name.
                    defer { gate.signal() }
                    try await eventually("it is named") {
                        lines.contains("an event loop does not come round, and all connections there wait 0 route every_call")
                    }
                }
                try await client.expect("subscribed")
                try await eventually("it is back") { lines.last == "the event loop goes on 0  " }
            }
        }
    }

    @Test func `while a module is called, whoever looks sees its name, and nobody's afterwards`() async throws {
        let seen = Mutex<[EveryCall.Call: String]>([:])
        let watching = Mutex<LoopWatch?>(nil)
        let look = { @Sendable (call: EveryCall.Call) in
            let module = watching.withLock { $0 }?.module
            seen.withLock { $0[call] = module.map { "\($0.stage) \($0.instance)" } }
        }
        try await EveryCall.$body.withValue(look) {
            try await TestGateway.with(EveryCall.self) { gateway in
                let watch = gateway.gateway.core.watches[0]
                watching.withLock { $0 = watch }
                try await EveryCall.provoke(gateway)
                try await eventually("everything was called") { seen.withLock { $0.count } == EveryCall.Call.allCases.count }
                #expect(watch.module == nil)
            }
        }
        for call in EveryCall.Call.allCases { #expect(seen.withLock { $0[call] } == "\(call.stage) every_call") }
    }
}
