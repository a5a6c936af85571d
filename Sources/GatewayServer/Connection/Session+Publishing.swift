import GatewayKit
import NIOCore

extension Session {
    func carryOutPublish(_ command: Command, _ reply: ReplyTo) {
        guard let topic = command.pattern.topic, let message = command.message else { return }
        let generation = shard.generation
        let call = shard.beginCall(generation.adapterDuty.name, isMeasured: shard.stageTimes.measuresPublish())
        let verdict = generation.adapter.publish(Event(topic: topic, message: message, sender: sender), on: shard.eventLoop)
        shard.endCall(call, verdict)
        if case .later(let future) = verdict { return awaitPublish(future, generation.adapterDuty, call.measurement, reply) }
        switch verdict {
        case .proceed where !reply.wantsAck: shard.counters.published &+= 1
        case _ where publishes.isEmpty: published(.success(verdict), reply)
        case _: publishes.add(reply.detached, deadline: .distantFuture, result: .success(verdict))
        }
    }

    /// Publishes are pipelined: the next one does not wait for this one's answer, until too many are on their way.
    private func awaitPublish(
        _ future: EventLoopFuture<Verdict<Rejection>>, _ duty: Duty, _ measurement: StageMeasurement?, _ reply: ReplyTo
    ) {
        let deadline = shard.time.now + duty.common.laterTimeout.timeAmount
        let number = publishes.add(reply.detached, deadline: deadline)
        if let handler { shard.deadlines.schedule(handler, at: deadline) }
        if publishes.isFull {
            publishes.holdsUp = true
            beginWaiting()
        }
        future.hop(to: shard.eventLoop).assumeIsolated().whenComplete { [self] result in
            shard.beginTurn()
            measurement?.endWaiting()
            publishes.complete(number, result)
            answerPublishes()
        }
    }

    /// Gives up on publishes whose time is over.
    func expirePublishes(_ now: NIODeadline) {
        publishes.expire(now)
        answerPublishes()
    }

    private func answerPublishes() {
        while case .no = closing, let (reply, result) = publishes.next() { published(result, reply) }
        guard publishes.holdsUp, publishes.isHalfEmpty else { return }
        publishes.holdsUp = false
        resume {}
    }

    private func published(_ result: Result<Verdict<Rejection>, any Error>, _ reply: ReplyTo) {
        let duty = shard.generation.adapterDuty
        switch result {
        case .success(.proceed):
            shard.counters.published &+= 1
            if reply.wantsAck { self.reply(.ack(reply)) }
        case .success(.refuse(let rejection)): refuse(rejection, reply, by: duty.instance)
        case .failure(let error) where error is LateVerdict:
            shard.stageTimes.note(.late, duty.name)
            refuse(.notTakenInTime, reply, by: duty.instance)
        case .success(.later), .failure:
            shard.stageTimes.note(.failed, duty.name)
            failed(duty.instance, result, reply)
        }
    }
}
