import GatewayKit
import NIOCore

/// One event from outside on its way in: the route stage for each of its topics, then the adapter.
///
/// On one event loop.
final class Ingestion {
    private let shard: Shard
    /// Whose rules hold to the end, whatever is reloaded meanwhile.
    private let generation: Generation
    private let connection: Connection
    private let publisher: Publisher
    private var event: Event
    private let done: (Result<Void, any Error>) -> Void

    init(
        _ event: Event, by principal: Principal?, from address: ClientAddress, _ shard: Shard, publisher: Publisher,
        _ done: @escaping (Result<Void, any Error>) -> Void
    ) {
        self.event = event
        self.shard = shard
        generation = shard.generation
        self.publisher = publisher
        self.done = done
        connection = Connection(eventLoop: shard.eventLoop, address: address, time: shard.time)
        connection.principal = principal
    }

    func start() {
        guard !shard.core.isDraining else {
            return done(.failure(Rejection(.draining, "The gateway is going down", retryAfter: .seconds(1))))
        }
        decide(topic: 0)
    }

    private func decide(topic index: Int) {
        let topics = [event.topic] + event.otherTopics
        guard index < topics.count else { return publisher.publish(event, from: connection, shard, done) }
        let command = Command(
            .ingress, TopicPattern(topics[index]), byteCount: event.message.data.readableBytes, message: event.message)
        decide(command, topic: index, from: 0, isMeasured: shard.stageTimes.measuresCommand())
    }

    private func decide(_ command: Command, topic: Int, from start: Int, isMeasured: Bool) {
        var command = command
        switch generation.decide(&command, connection, from: start, shard.core.refusals, shard, isMeasured: isMeasured) {
        case .proceed:
            if let message = command.message {
                event = Event(topic: event.topic, otherTopics: event.otherTopics, message: message, sender: event.sender)
            }
            decide(topic: topic + 1)
        case .refuse(let rejection, let module):
            shard.core.refusals.note(module, rejection.reason, connection)
            done(.failure(rejection))
        case .later(let future, let index, let measurement):
            let slot = generation.route[index]
            shard.first(of: future, by: slot.duty, measurement: measurement) { [self, command] result in
                switch result {
                case .success(.proceed): decide(command, topic: topic, from: index + 1, isMeasured: isMeasured)
                case .success(.refuse(let rejection)):
                    shard.core.refusals.note(slot.instance, rejection.reason, observed: slot.isObserved, connection)
                    if slot.isObserved {
                        decide(command, topic: topic, from: index + 1, isMeasured: isMeasured)
                    } else {
                        done(.failure(rejection))
                    }
                case .success(.later), .failure:
                    if slot.common.forgivesFailure {
                        decide(command, topic: topic, from: index + 1, isMeasured: isMeasured)
                    } else {
                        done(.failure(shard.core.refusal(slot.instance, result, connection)))
                    }
                }
            }
        }
    }
}

@available(*, unavailable)
extension Ingestion: Sendable {}
