import GatewayKit
import NIOCore

extension Session {
    func carryOutPublish(_ command: Command, _ reply: ReplyTo) {
        guard let topic = command.pattern.topic, let message = command.message else { return }
        let generation = shard.generation
        switch generation.adapter.publish(Event(topic: topic, message: message, sender: sender), on: shard.eventLoop) {
        case .later(let future): awaitPublish(future, within: generation.adapterTimeout, reply)
        case .proceed where !reply.wantsAck: shard.counters.published &+= 1
        case let verdict where publishes.isEmpty: published(.success(verdict), reply)
        case let verdict: publishes.add(reply.detached, deadline: .distantFuture, result: .success(verdict))
        }
    }

    /// Publishes are pipelined: the next one does not wait for this one's answer, until too many are on their way.
    private func awaitPublish(_ future: EventLoopFuture<Verdict<Rejection>>, within timeout: Duration, _ reply: ReplyTo) {
        let deadline = shard.time.now + timeout.timeAmount
        let number = publishes.add(reply.detached, deadline: deadline)
        if let handler { shard.deadlines.schedule(handler, at: deadline) }
        if publishes.isFull {
            publishes.holdsUp = true
            beginWaiting()
        }
        future.hop(to: shard.eventLoop).assumeIsolated().whenComplete { [self] result in
            shard.beginTurn()
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
        let adapter = shard.generation.adapterInstance
        switch result {
        case .success(.proceed):
            shard.counters.published &+= 1
            if reply.wantsAck { self.reply(.ack(reply)) }
        case .success(.refuse(let rejection)): refuse(rejection, reply, by: adapter)
        case .failure(let error) where error is LateVerdict:
            refuse(.notTakenInTime, reply, by: adapter)
        case .success(.later), .failure: failed(adapter, result, reply)
        }
    }
}
