import GatewayKit
import NIOCore

/// What was published in one turn of an event loop: answered together, so that a message costs no promise of its own.
final class PublishBatch {
    private let promise: EventLoopPromise<Verdict<Rejection>>
    private var waiting = 0
    private var refusal: Rejection?
    private var isClosed = false

    init(_ eventLoop: any EventLoop) { promise = eventLoop.makePromise() }

    /// The answer to all of it.
    var future: EventLoopFuture<Verdict<Rejection>> { promise.futureResult }

    /// One more command whose answer is waited for.
    func add() { waiting += 1 }

    /// Nothing more is added.
    func close() {
        isClosed = true
        finish()
    }

    /// Redis has taken one, or has not.
    func answered(_ refusal: Rejection?) {
        self.refusal = self.refusal ?? refusal
        waiting -= 1
        finish()
    }

    private func finish() {
        guard isClosed, waiting == 0 else { return }
        promise.succeed(refusal.map { .refuse($0) } ?? .proceed)
    }
}

@available(*, unavailable)
extension PublishBatch: Sendable {}
