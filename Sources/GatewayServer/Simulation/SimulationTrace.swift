import GatewayKit
import NIOCore
import Synchronization

/// Writes down what the modules of a simulation are asked and answer.
final class SimulationTrace: Sendable {
    private struct Contents {
        var steps: [SimulatedStep] = []
        var command: ByteBuffer?
    }

    private let contents = Mutex(Contents())

    /// What stands in a module's place, so that its answers are written down.
    func recording(_ module: any Module, _ configured: ConfiguredModule) -> any Module {
        module is SilentAdapter || module is GivenPrincipal ? module : RecordedModule(module, configured, self)
    }

    /// The message that is looked at: modules for whole messages are asked about others too, which nobody asked about.
    func watch(_ command: ByteBuffer) { contents.withLock { $0.command = command } }

    func isWatched(_ message: ByteBuffer) -> Bool { contents.withLock { $0.command == message } }

    /// A module is asked; whoever is still waiting has come too late.
    func begin(_ step: SimulatedStep) -> Int {
        contents.withLock { contents in
            Self.giveUp(&contents)
            contents.steps.append(step)
            return contents.steps.count - 1
        }
    }

    /// A module has answered; counts for nothing where it was given up.
    func end(_ index: Int, _ change: (inout SimulatedStep) -> Void) {
        contents.withLock { contents in
            guard contents.steps.indices.contains(index), contents.steps[index].outcome == nil else { return }
            change(&contents.steps[index])
        }
    }

    /// The topics that modules want to be shown.
    var examples: [TopicExample] { contents.withLock { $0.steps.flatMap { $0.explanation?.examples ?? [] } } }

    /// What has been written down, once nobody is asked any more.
    func finish() -> [SimulatedStep] {
        contents.withLock { contents in
            Self.giveUp(&contents)
            return contents.steps
        }
    }

    private static func giveUp(_ contents: inout Contents) {
        for index in contents.steps.indices where contents.steps[index].outcome == nil { contents.steps[index].outcome = .late }
    }
}
