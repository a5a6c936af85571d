import GatewayKit
import NIOCore

/// How long the modules take to decide on one loop.
///
/// Accept, handshake and auth are measured every time, since they are asked seldom: for a connection, a request or a token.
/// The route stage is measured for one command and one message in 256, by all of its modules. Deliver is not measured.
final class StageTimes {
    struct Key: Hashable, Sendable {
        let stage: Stage
        let instance: String
    }

    private(set) var histograms: [Key: DurationHistogram] = [:]
    private var commands: UInt8 = 0
    private var messages: UInt8 = 0

    /// Itself for the command that is to be measured, nil for the others; to be asked once for each, however often its verdict waits.
    func sampledCommand() -> StageTimes? {
        commands &+= 1
        return commands == 0 ? self : nil
    }

    /// Itself for the whole message that is to be measured, nil for the others; to be asked once for each.
    func sampledMessage() -> StageTimes? {
        messages &+= 1
        return messages == 0 ? self : nil
    }

    /// Begins to measure one module.
    func begin(_ stage: Stage, _ instance: String) -> StageMeasurement {
        StageMeasurement(times: self, key: Key(stage: stage, instance: instance))
    }

    fileprivate func record(_ key: Key, _ duration: TimeAmount) {
        histograms[key, default: DurationHistogram(bounds: DurationHistogram.fine)].record(duration)
    }
}

@available(*, unavailable)
extension StageTimes: Sendable {}

/// A decision of a module that is being measured: until it has answered, or until its verdict has come where it waits.
struct StageMeasurement {
    fileprivate let times: StageTimes
    fileprivate let key: StageTimes.Key
    /// By the machine's clock: a test's stands still.
    private let began = NIODeadline.now()

    fileprivate init(times: StageTimes, key: StageTimes.Key) {
        self.times = times
        self.key = key
    }

    /// The module has decided.
    func end() { times.record(key, NIODeadline.now() - began) }
}

@available(*, unavailable)
extension StageMeasurement: Sendable {}
