import GatewayKit
import NIOCore

// Previous: Connection/Session+Commands.swift, which makes commands of frames. Next: one stage, such as Modules/Authorization.

/// Where a stage stands after it has run as far as it could.
enum StageOutcome<Refusal: Sendable> {
    case proceed
    case refuse(Refusal, by: String)
    /// A module waits; the run goes on after it.
    case later(EventLoopFuture<Verdict<Refusal>>, index: Int)
}

extension Generation {
    /// Asks the route stage, from the module at `start` on; measures each module where `times` are given.
    func decide(
        _ command: inout Command, _ connection: Connection, from start: Int, _ refusals: RefusalLog, _ times: StageTimes?
    ) -> StageOutcome<Rejection> {
        for index in start..<max(start, route.count) {
            guard let module = route[index].route else { continue }
            if route[index].breaker.isOpen(connection.now) {
                if route[index].common.forgivesFailure { continue }
                return .refuse(.undecided, by: route[index].instance)
            }
            let filters = command.filters.count
            let began = times == nil ? nil : NIODeadline.now()
            let verdict = module.route(&command, connection)
            if let times, let began { times.record(.route, route[index].instance, NIODeadline.now() - began) }
            switch verdict {
            case .proceed: break
            case .later(let future): return .later(future, index: index)
            case .refuse(let rejection):
                guard route[index].isObserved else {
                    route[index].breaker.noteVerdict()
                    return .refuse(rejection, by: route[index].instance)
                }
                refusals.note(route[index].instance, rejection.reason, observed: true, connection)
            }
            route[index].breaker.noteVerdict()
            if route[index].isObserved { command.dropFilters(after: filters) }
        }
        return .proceed
    }

    /// Asks the modules that look at whole messages, from the one at `start` on.
    func decide(_ message: FrameMessage, _ connection: Connection, from start: Int) -> (verdict: FrameVerdict, index: Int) {
        for index in start..<max(start, route.count) {
            guard let module = route[index].frame else { continue }
            if route[index].breaker.isOpen(connection.now) {
                if route[index].common.forgivesFailure { continue }
                return (.refuse(.undecided), index)
            }
            let verdict = module.frame(message, connection)
            if case .later = verdict { return (verdict, index) }
            route[index].breaker.noteVerdict()
            if case .proceed = verdict { continue }
            return (verdict, index)
        }
        return (.proceed, route.count)
    }

    /// Asks the handshake stage, from the module at `start` on.
    func decide(
        _ request: inout UpgradeRequest, _ connection: Connection, from start: Int, _ refusals: RefusalLog
    ) -> StageOutcome<HTTPRefusal> {
        for index in start..<max(start, handshake.count) {
            let slot = handshake[index]
            if slot.breaker.isOpen(connection.now) {
                if slot.common.forgivesFailure { continue }
                return .refuse(.undecided, by: slot.instance)
            }
            switch slot.module.handshake(&request, connection) {
            case .proceed: slot.breaker.noteVerdict()
            case .later(let future): return .later(future, index: index)
            case .refuse(let refusal):
                slot.breaker.noteVerdict()
                guard slot.isObserved else { return .refuse(refusal, by: slot.instance) }
                refusals.note(slot.instance, refusal.reason, observed: true, connection)
            }
        }
        return .proceed
    }
}
