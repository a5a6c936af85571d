import DequeModule
import GatewayKit
import Glibc
import NIOCore

// Previous: Delivery/SubscriptionIndex.swift, which lists the receivers of a topic. This is where a message leaves.

/// The sending end of one connection: every byte after the 101 goes through it.
///
/// What is sent in one turn of the loop goes out in one system call at its end, straight to the socket; what the socket does not take
/// goes to NIO, and everything after it waits until NIO has written it. On the connection's loop only.
final class Outbox {
    /// A stretch of this turn's bytes: in the loop's arena, or in one of its large frames.
    struct Piece {
        var start: Int
        var end: Int
        /// The index among the large frames; -1 is the arena.
        var large: Int
    }

    /// The connection, as long as it takes messages.
    ///
    /// The session, which others hold weakly, is not touched for a delivery: that would cost a slow count of references each.
    private(set) var connection: Connection?
    private(set) unowned var session: Session?
    /// Past this date (milliseconds) nothing is delivered: the token has expired.
    var deliverableUntil = Int64.max
    /// Set while receivers are listed, so that each is listed once.
    var mark = 0
    let shard: Shard
    private var context: ChannelHandlerContext?
    /// The socket for direct writes; -1 where there is none or it must not be used any more.
    private var socket: CInt = -1
    private var last = Piece(start: 0, end: 0, large: -1)
    private var earlier: ContiguousArray<Piece> = []
    /// What waits for NIO, in order.
    private var held = Deque<ByteBuffer>()
    private var heldBytes = 0
    /// What NIO has and has not written yet.
    private var writing = 0
    /// Bytes of this turn.
    private var fresh = 0
    /// Bytes that the system has taken.
    private(set) var sentBytes = 0
    /// Whether the outbox stands in the shard's list of those to flush.
    private var isDirty = false
    private var whenEmpty: (() -> Void)?
    private static let maxBatch = 1 << 18

    init(shard: Shard, context: ChannelHandlerContext?) {
        self.shard = shard
        self.context = context
    }

    /// Bytes that the peer has not taken yet.
    var queuedBytes: Int { heldBytes + writing + fresh }
    /// Bytes that wait longer than a turn.
    var backlogBytes: Int { heldBytes + writing }

    /// Allows direct writes, once the 101's own write has completed.
    func useSocket(_ socket: CInt) { self.socket = socket }

    /// Never writes directly again: the number may soon be another connection's.
    func forgetSocket() { socket = -1 }

    /// Connects the session; nil when it takes no more messages.
    func attach(_ session: Session?) {
        self.session = session
        connection = session?.connection
    }

    /// Lets go of the channel; nothing is written any more.
    func detach() {
        forgetSocket()
        shard.queueChanged(by: -backlogBytes)
        context = nil
        held = []
        (heldBytes, writing, fresh) = (0, 0, 0)
        earlier = []
        last = Piece(start: 0, end: 0, large: -1)
        whenEmpty = nil
        attach(nil)
    }

    /// Throws away what waits, but for what NIO is writing: that ends with a whole frame, so the next one may follow it.
    func drop() {
        shard.queueChanged(by: -heldBytes)
        held = []
        heldBytes = 0
        clearFresh()
    }

    /// Whether so many bytes more are within the limit of what may wait; where nothing waits, they are.
    ///
    /// What this turn brought is sent first where it makes the difference: only what the client does not take counts.
    func hasRoom(for size: Int, limit: Int) -> Bool {
        if queuedBytes + size <= limit { return true }
        flush()
        return backlogBytes == 0 || backlogBytes + size <= limit
    }

    /// Queues a stretch of this turn's bytes.
    ///
    /// The hot path: no allocation, no copy.
    func append(start: Int, end: Int, large: Int = -1) {
        fresh += end - start
        if last.end == start, last.large == large, last.end > last.start {
            last.end = end
        } else {
            if last.end > last.start { earlier.append(last) }
            last = Piece(start: start, end: end, large: large)
        }
        if !isDirty {
            isDirty = true
            shard.markDirty(self)
        }
    }

    /// Calls back once everything queued so far, and flushed, has been written or has failed.
    func notifyWhenEmpty(_ body: @escaping () -> Void) {
        if queuedBytes == 0 || context == nil { body() } else { whenEmpty = body }
    }

    /// Sends what this turn brought.
    ///
    /// Called by the shard at the end of the turn.
    func flush() {
        isDirty = false
        guard fresh > 0 else { return }
        guard let context else {
            clearFresh()
            return
        }
        if socket >= 0, writing == 0, held.isEmpty {
            let sent = sendDirectly()
            if sent == fresh {
                clearFresh()
                finishIfEmpty()
                return
            }
            hold(from: sent)
        } else {
            hold(from: 0)
        }
        clearFresh()
        writeHeld(context)
    }

    /// One system call; answers how many bytes the socket took.
    ///
    /// Errors count as none: NIO will meet them too.
    private func sendDirectly() -> Int {
        shard.counters.writes &+= 1
        let sent: Int
        if earlier.isEmpty {
            sent = shard.withBytes(of: last) { send(socket, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT | MSG_NOSIGNAL)) }
        } else {
            earlier.append(last)
            sent = shard.sendPieces(earlier, to: socket)
            earlier.removeLast()
        }
        noteSent(sent)
        return max(0, sent)
    }

    private func noteSent(_ count: Int) {
        guard count > 0 else { return }
        sentBytes &+= count
        shard.counters.bytesSent &+= count
    }

    /// Keeps what is left of this turn beyond its own bytes: small pieces are copied into one buffer, large frames are shared.
    private func hold(from offset: Int) {
        var skip = offset
        var small = ByteBuffer()
        func closeSmall() {
            guard small.readableBytes > 0 else { return }
            held.append(small)
            small = ByteBuffer()
        }
        for index in 0...earlier.count {
            var piece = index < earlier.count ? earlier[index] : last
            let skipped = min(skip, piece.end - piece.start)
            skip -= skipped
            piece.start += skipped
            guard piece.end > piece.start else { continue }
            if piece.large >= 0 {
                closeSmall()
                held.append(shard.largeSlice(piece))
            } else {
                shard.withBytes(of: piece) { _ = small.writeBytes($0) }
            }
        }
        closeSmall()
        heldBytes += fresh - offset
        shard.queueChanged(by: fresh - offset)
    }

    private func clearFresh() {
        fresh = 0
        earlier.removeAll(keepingCapacity: earlier.count <= 16)
        last = Piece(start: 0, end: 0, large: -1)
    }

    /// Hands what waits to NIO, one batch under way at a time, so that the count of waiting bytes stays near the truth.
    private func writeHeld(_ context: ChannelHandlerContext) {
        guard writing == 0, let first = held.popFirst() else { return }
        var batch = first
        while let next = held.first, batch.readableBytes + next.readableBytes <= Self.maxBatch {
            batch.writeImmutableBuffer(next)
            held.removeFirst()
        }
        writing = batch.readableBytes
        heldBytes -= writing
        shard.counters.writes &+= 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] result in writeCompleted(result) }
        context.writeAndFlush(NIOAny(batch), promise: promise)
    }

    private func writeCompleted(_ result: Result<Void, any Error>) {
        let written = writing
        shard.queueChanged(by: -writing)
        writing = 0
        switch result {
        case .success:
            noteSent(written)
            if let context, !held.isEmpty { writeHeld(context) } else { finishIfEmpty() }
        case .failure:
            // The socket may be closed already and its number another's: nothing is sent from here.
            forgetSocket()
            shard.queueChanged(by: -heldBytes)
            held = []
            heldBytes = 0
            finishIfEmpty()
        }
    }

    private func finishIfEmpty() {
        guard queuedBytes == 0, let body = whenEmpty else { return }
        whenEmpty = nil
        body()
    }
}

@available(*, unavailable)
extension Outbox: Sendable {}
