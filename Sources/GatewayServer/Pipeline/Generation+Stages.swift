import GatewayKit
import NIOCore

// Previous: Connection/Session+Commands.swift, which makes commands of frames. Next: one stage, such as Modules/Authorization.

/// Where a stage stands after it has run as far as it could.
enum StageOutcome<Refusal: Sendable> {
    case proceed
    case refuse(Refusal, by: String)
    /// A module waits; the run goes on after it, and where it is measured its time ends then.
    case later(EventLoopFuture<Verdict<Refusal>>, index: Int, StageMeasurement?)
}

extension Generation {
    /// Asks the route stage, from the module at `start` on.
    func decide(
        _ command: inout Command, _ connection: Connection, from start: Int, _ refusals: RefusalLog, _ shard: Shard, isMeasured: Bool
    ) -> StageOutcome<Rejection> {
        for index in start..<max(start, route.count) {
            guard let module = route[index].route else { continue }
            let call = shard.beginCall(route[index].duty.name, isMeasured: isMeasured)
            if route[index].breaker.hasFailed, module.concerns(command, connection), route[index].breaker.spares(connection.now) {
                shard.endPromising(call)
                if route[index].common.forgivesFailure { continue }
                return .refuse(.undecided, by: route[index].instance)
            }
            let restrictions = command.restrictions.count
            let verdict = module.route(&command, connection)
            command.nameRestrictions(after: restrictions, route[index].duty.name.number)
            shard.endCall(call, verdict)
            if route[index].isObserved { command.dropRestrictions(after: restrictions) }
            if case .later(let future) = verdict { return .later(future, index: index, call.measurement) }
            if case .refuse(let rejection) = verdict {
                guard route[index].isObserved else { return .refuse(rejection, by: route[index].instance) }
                refusals.note(route[index].instance, rejection.reason, observed: true, connection)
            }
        }
        return .proceed
    }

    /// Asks the modules that look at whole messages, from the one at `start` on.
    func decide(
        _ message: FrameMessage, _ connection: Connection, from start: Int, _ shard: Shard, isMeasured: Bool
    ) -> (verdict: FrameVerdict, index: Int, measurement: StageMeasurement?) {
        for index in start..<max(start, route.count) {
            guard let module = route[index].frame else { continue }
            if route[index].breaker.spares(connection.now) {
                if route[index].common.forgivesFailure { continue }
                return (.refuse(.undecided), index, nil)
            }
            let call = shard.beginCall(route[index].duty.name, isMeasured: isMeasured)
            let verdict = module.frame(message, connection)
            if case .later = verdict {
                shard.endPromising(call)
                return (verdict, index, call.measurement)
            }
            shard.endCall(call)
            if case .proceed = verdict { continue }
            return (verdict, index, nil)
        }
        return (.proceed, route.count, nil)
    }

    /// Asks the handshake stage, from the module at `start` on.
    func decide(
        _ request: inout UpgradeRequest, _ connection: Connection, from start: Int, _ shard: Shard
    ) -> StageOutcome<HTTPRefusal> {
        for index in start..<max(start, handshake.count) {
            let slot = handshake[index]
            if slot.breaker.spares(connection.now) {
                if slot.common.forgivesFailure { continue }
                return .refuse(.undecided, by: slot.instance)
            }
            let call = shard.beginCall(slot.duty.name)
            let verdict = slot.module.handshake(&request, connection)
            shard.endCall(call, verdict)
            if case .later(let future) = verdict { return .later(future, index: index, call.measurement) }
            if case .refuse(let refusal) = verdict {
                guard slot.isObserved else { return .refuse(refusal, by: slot.instance) }
                shard.core.refusals.note(slot.instance, refusal.reason, observed: true, connection)
            }
        }
        return .proceed
    }
}
