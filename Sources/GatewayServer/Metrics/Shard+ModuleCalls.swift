import GatewayKit

/// A call of a module that is under way.
struct ModuleCall {
    /// Which one is under way around it: a module may publish from a hook.
    fileprivate let outer: Int
    /// Nil where it is not measured.
    let measurement: StageMeasurement?
}

@available(*, unavailable)
extension ModuleCall: Sendable {}

extension Shard {
    /// A module is called: written down for the ``Watchdog``, which costs two stores, and measured where somebody wants to know.
    func beginCall(_ module: DutyName, isMeasured: Bool = true) -> ModuleCall {
        ModuleCall(outer: watch.begin(module), measurement: isMeasured ? StageMeasurement(times: stageTimes, module: module) : nil)
    }

    /// It has decided.
    func endCall(_ call: ModuleCall) {
        watch.end(call.outer)
        call.measurement?.end()
    }

    /// It has answered: with a verdict, or with the promise of one.
    func endCall<Refusal>(_ call: ModuleCall, _ verdict: Verdict<Refusal>) {
        if case .later = verdict { endPromising(call) } else { endCall(call) }
    }

    /// It has promised a verdict.
    func endPromising(_ call: ModuleCall) {
        watch.end(call.outer)
        call.measurement?.handedOver()
    }
}
