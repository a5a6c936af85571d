import DequeModule
import GatewayKit
import NIOCore

/// Publishes of one connection that have not been answered, in their order: so acks keep it, however the adapter answers.
struct PendingPublishes {
    typealias Answer = Result<Verdict<Rejection>, any Error>

    private struct Entry {
        let reply: ReplyTo
        let deadline: NIODeadline
        var answer: Answer?
    }

    /// The bound: a connection that has so many on their way is not read until the adapter has answered half of them.
    static let maxCount = 256
    /// Whether the connection is not read for that.
    var holdsUp = false
    private var entries = Deque<Entry>()
    /// The number of the first entry; it rises with each that leaves.
    private var first = 0

    var isEmpty: Bool { entries.isEmpty }
    var isFull: Bool { entries.count >= Self.maxCount }
    var isHalfEmpty: Bool { entries.count <= Self.maxCount / 2 }
    /// When the oldest one has to be answered.
    var deadline: NIODeadline? { entries.first?.deadline }

    /// Adds one, with its answer where that is there already; gives its number.
    @discardableResult
    mutating func add(_ reply: ReplyTo, deadline: NIODeadline, result: Answer? = nil) -> Int {
        entries.append(Entry(reply: reply, deadline: deadline, answer: result))
        return first + entries.count - 1
    }

    /// Notes an answer; one that comes too late changes nothing.
    mutating func complete(_ number: Int, _ answer: Answer) {
        let index = number - first
        guard entries.indices.contains(index), entries[index].answer == nil else { return }
        entries[index].answer = answer
    }

    /// Answers those whose time is over.
    mutating func expire(_ now: NIODeadline) {
        for index in entries.indices where entries[index].answer == nil {
            guard now >= entries[index].deadline else { return }
            entries[index].answer = .failure(LateVerdict())
        }
    }

    /// The oldest one, if it has its answer.
    mutating func next() -> (ReplyTo, Answer)? {
        guard let entry = entries.first, let answer = entry.answer else { return nil }
        entries.removeFirst()
        first += 1
        return (entry.reply, answer)
    }
}

@available(*, unavailable)
extension PendingPublishes: Sendable {}
