import GatewayKit
import Logging

/// What the core knows of a module in a stage beside the module: its name, what it may take, and whether it is asked at all now.
///
/// One for each module of each list of a generation, shared by all loops.
final class Duty: Sendable {
    let name: DutyName
    /// The key under `modules`.
    let instance: String
    /// The settings that every module takes.
    let common: CommonModuleSettings
    let breaker: CircuitBreaker

    /// Makes the duty of a module.
    ///
    /// - Parameters:
    ///   - stage: The list that it stands in.
    ///   - configured: The module; nil for one that no file names.
    ///   - logger: The module's own, which names it.
    init(_ stage: Stage, _ configured: ConfiguredModule?, _ logger: Logger?) {
        instance = configured?.instance ?? "adapter"
        name = DutyName(stage, instance)
        common = configured?.common ?? CommonModuleSettings()
        // What somebody sends who is nobody yet must not decide whether others get in, and an adapter knows best whether it is up.
        let breaks = stage != .auth && stage != .pubsub
        breaker = CircuitBreaker(breaks ? common.breaker : .never, trial: common.laterTimeout, logger)
    }

    var isObserved: Bool { common.mode == .observe }
}

/// A module in a stage.
protocol OnDuty: Sendable {
    var duty: Duty { get }
}

extension OnDuty {
    var instance: String { duty.instance }
    var common: CommonModuleSettings { duty.common }
    var breaker: CircuitBreaker { duty.breaker }
    var isObserved: Bool { duty.isObserved }
}
