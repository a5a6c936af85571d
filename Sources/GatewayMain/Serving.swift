import GatewayKit
import GatewayServer
import Logging

/// The life of a running gateway: start, serve, and end when a signal says so.
struct Serving {
    private enum Event: Sendable {
        case started(Gateway)
        case failed(any Error)
        case signal(Int32)
        case drained
    }

    /// Some programs send a signal to the process and to its group: so soon, the second one is the first once more.
    private static let repetition = Duration.milliseconds(100)

    /// The signals that ask the program to end.
    let signals: AsyncStream<Int32>
    let logger: Logger
    /// Called once with the port that is listened on.
    let onStart: @Sendable (Int) -> Void

    /// Returns once every client has been sent away.
    ///
    /// - Throws: What the start throws, in words; `CommandFailure` where a signal ends the start or the drain.
    func run(_ start: @escaping @Sendable () async throws -> Gateway) async throws {
        let (events, sender) = AsyncStream.makeStream(of: Event.self)
        let starting = Task {
            do { sender.yield(.started(try await start())) } catch { sender.yield(.failed(error)) }
        }
        let listening = Task { [signals] in
            for await signal in signals { sender.yield(.signal(signal)) }
        }
        defer {
            starting.cancel()
            listening.cancel()
        }
        var gateway: Gateway?
        var first: (signal: Int32, at: ContinuousClock.Instant)?
        for await event in events {
            switch event {
            case .started(let started):
                gateway = started
                onStart(started.port)
            case .failed(let error): throw Self.inWords(error)
            case .signal(let signal):
                let name = TerminationSignals.name(signal)
                if let first, first.signal == signal, first.at.duration(to: .now) < Self.repetition { continue }
                guard let gateway, first == nil else {
                    throw CommandFailure(first != nil ? "ended at once by a second signal (\(name))" : "ended by \(name) during the start")
                }
                first = (signal, .now)
                logger.info("\(name): every client is sent away; a second signal ends at once")
                Task {
                    await gateway.drain()
                    sender.yield(.drained)
                }
            case .drained:
                logger.info("gateway stopped")
                return
            }
        }
    }

    /// The error of a start, for people and with its exit status.
    private static func inWords(_ error: any Error) -> any Error {
        switch error {
        case let failure as ConfigurationFailure: failure
        case let failure as ListenFailure: failure.inConfiguration
        case let failure as CommandFailure: failure
        default: CommandFailure("\(error)")
        }
    }
}
