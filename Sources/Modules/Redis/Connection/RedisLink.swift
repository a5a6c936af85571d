import NIOCore
import NIOPosix
import NIOSSL

/// Who uses a link.
protocol RedisLinkUser: AnyObject {
    /// The link is open, logged in, and nothing has been sent on it.
    func opened()
    func received(_ message: RESPMessage)
    func received(_ value: RESPValue)
    /// What was written during the turn goes out now.
    func willFlush()
    /// The link is not open, and what was sent and not answered has an unknown fate; it will be tried again by itself.
    func failed(_ failure: RedisFailure)
}

/// A connection to Redis that is made again for ever.
///
/// On its event loop only.
final class RedisLink {
    private enum State {
        case idle
        case connecting
        case greeting(RedisConnection, RedisGreeting)
        case open(RedisConnection)
        case waiting(Scheduled<Void>)
        case stopped
    }

    let eventLoop: any EventLoop
    private let endpoint: RedisEndpoint
    private unowned let user: any RedisLinkUser
    private var state = State.idle
    private var backOff = BackOff()
    private var deadline: Scheduled<Void>?
    /// Rises with each try, so that what comes of an older one counts for nothing.
    private var attempt = 0

    init(_ endpoint: RedisEndpoint, _ eventLoop: any EventLoop, _ user: any RedisLinkUser) {
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        self.user = user
    }

    /// The connection, where it is open.
    var connection: RedisConnection? { if case .open(let connection) = state { connection } else { nil } }

    /// Connects, and goes on trying.
    func start() {
        state = .connecting
        attempt += 1
        let (bound, attempt) = (NIOLoopBound(self, eventLoop: eventLoop), attempt)
        deadline = eventLoop.scheduleTask(in: endpoint.timeout) {
            bound.value.fail(RedisFailure(noAnswerFrom: bound.value.endpoint.url), attempt)
        }
        endpoint.connect(on: eventLoop).whenComplete { [endpoint] result in
            switch result {
            case .success(let connection): bound.value.connected(connection.value, attempt)
            case .failure(let error): bound.value.fail(RedisFailure(connectingTo: endpoint.url, error), attempt)
            }
        }
    }

    /// Closes for good.
    func stop() {
        drop()
        state = .stopped
    }

    /// The connection is proven to work: the next failure is tried again soon.
    func succeeded() { backOff.reset() }

    /// Gives the connection up, and tries again.
    func fail(_ failure: RedisFailure) { fail(failure, attempt) }

    private func fail(_ failure: RedisFailure, _ attempt: Int) {
        guard attempt == self.attempt else { return }
        switch state {
        case .stopped, .waiting, .idle: return
        case .connecting, .greeting, .open: break
        }
        drop()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        state = .waiting(eventLoop.scheduleTask(in: backOff.take()) { bound.value.start() })
        user.failed(failure)
    }

    private func drop() {
        attempt += 1
        deadline?.cancel()
        switch state {
        case .greeting(let connection, _), .open(let connection):
            connection.forget()
            connection.close(nil)
        case .waiting(let next): next.cancel()
        case .idle, .connecting, .stopped: break
        }
    }
}

extension RedisLink: RedisReceiver {
    /// A connection is there; nobody may wait for it any more.
    private func connected(_ connection: RedisConnection, _ attempt: Int) {
        guard case .connecting = state, attempt == self.attempt else { return connection.close(nil) }
        connection.begin(self)
        let greeting = RedisGreeting(endpoint.url)
        state = .greeting(connection, greeting)
        send(greeting.first(), connection)
    }

    private func send(_ words: [String], _ connection: RedisConnection) {
        connection.write { buffer in
            buffer.writeCommand(words: words.count)
            for word in words { buffer.writeWord(word) }
        }
    }

    func received(_ message: RESPMessage) { if case .open = state { user.received(message) } }

    func received(_ value: RESPValue) {
        switch state {
        case .open: user.received(value)
        case .greeting(let connection, var greeting):
            do throws(RedisFailure) {
                let next = try greeting.next(after: value)
                state = .greeting(connection, greeting)
                if let next { return send(next, connection) }
            } catch {
                return fail(error)
            }
            guard greeting.isDone else { return }
            deadline?.cancel()
            state = .open(connection)
            user.opened()
        case .idle, .connecting, .waiting, .stopped: break
        }
    }

    func willFlush() { if case .open = state { user.willFlush() } }

    func closed(_ error: (any Error)?) {
        fail(error.map { RedisFailure(connectionTo: endpoint.url, $0) } ?? RedisFailure("\(endpoint.url.authority) closed the connection"))
    }
}

@available(*, unavailable)
extension RedisLink: Sendable {}
