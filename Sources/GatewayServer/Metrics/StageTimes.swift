import GatewayKit
import NIOCore

/// How long the modules of the route stage take on one loop: measured for one command in 256, so that nobody pays for it.
final class StageTimes {
    struct Key: Hashable, Sendable {
        let stage: Stage
        let instance: String
    }

    private(set) var histograms: [Key: DurationHistogram] = [:]
    private var commands: UInt8 = 0

    /// Itself for the command that is to be measured, nil for the others.
    func sampled() -> StageTimes? {
        commands &+= 1
        return commands == 0 ? self : nil
    }

    func record(_ stage: Stage, _ instance: String, _ duration: TimeAmount) {
        histograms[Key(stage: stage, instance: instance), default: DurationHistogram(bounds: DurationHistogram.fine)].record(duration)
    }
}

@available(*, unavailable)
extension StageTimes: Sendable {}
