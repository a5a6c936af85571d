import GatewayKit
import NIOCore
import NIOWebSocket

/// An open WebSocket in the hands of a person: follows the plan, prints what comes, sends what is typed.
struct ConnectSession {
    private let terminal: Terminal
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// Runs until either side closes.
    ///
    /// - Returns: The exit status.
    static func run(_ frames: WebSocketClient.Frames, _ plan: ConnectPlan, _ terminal: Terminal) async throws -> Int32 {
        let terminations = terminal.terminations()
        return try await frames.executeThenClose { inbound, outbound in
            let session = ConnectSession(terminal: terminal, channel: frames.channel, outbound: outbound)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await session.closeAtSignals(terminations) }
                group.addTask { for await _ in terminal.outputEnded() { try await session.close() } }
                return try await session.follow(plan, inbound, &group)
            }
        }
    }

    private func follow(
        _ plan: ConnectPlan, _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws -> Int32 {
        var plan = plan
        var status = try await perform(plan.opened(), &group)
        do {
            for try await frame in inbound {
                switch frame.opcode {
                case .text:
                    let wanted = try await perform(plan.received(String(buffer: frame.unmaskedData)), &group)
                    status = status ?? wanted
                case .binary: terminal.error("a binary message of \(frame.unmaskedData.readableBytes) bytes")
                case .ping: try await send(.pong, frame.unmaskedData)
                case .connectionClose:
                    let answer = await closed(frame.unmaskedData, isDone: plan.isListening)
                    return status ?? answer
                default: break
                }
            }
        } catch is IOError {
            // A reset is an end like another.
        }
        if status == nil { terminal.error("the connection broke off") }
        return status ?? ExitStatus.failure
    }

    /// Does what the plan wants; answers the exit status where that ends the session.
    private func perform(
        _ actions: [ConnectPlan.Action], _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws -> Int32? {
        for action in actions {
            switch action {
            case .send(let text): try await send(.text, ByteBuffer(string: text))
            case .show(let line): terminal.output(line)
            case .tell(let line): terminal.error(line)
            case .readInput(let thenClose):
                let lines = terminal.lines()
                group.addTask {
                    try await type(lines)
                    if thenClose, !Task.isCancelled { try await close() }
                }
            case .finish(let status):
                try await close()
                return status
            }
        }
        return nil
    }

    /// Sends lines as they are typed.
    private func type(_ lines: AsyncStream<String>) async throws {
        for await line in lines where !line.allSatisfy(\.isWhitespace) {
            guard JSONText.isValid(line) else {
                terminal.error(#"not sent, that is no JSON; write it like {"type":"ping"}"#)
                continue
            }
            try await send(.text, ByteBuffer(string: line))
        }
    }

    /// Closes at the first signal and breaks off at the second.
    private func closeAtSignals(_ signals: AsyncStream<Int32>) async throws {
        var isClosing = false
        for await _ in signals {
            if isClosing { return channel.close(promise: nil) }
            isClosing = true
            try await close()
        }
    }

    /// Says good-bye; a gateway that does not answer within five seconds is left.
    private func close() async throws {
        try await send(.connectionClose, ByteBuffer(integer: UInt16(1000)))
        channel.eventLoop.scheduleTask(in: .seconds(5)) { [channel] in channel.close(promise: nil) }
    }

    /// Answers the gateway's close frame and tells why it closed.
    private func closed(_ data: ByteBuffer, isDone: Bool) async -> Int32 {
        // Our own close, coming back, finds the socket closed already.
        try? await send(.connectionClose, data)
        var rest = data
        let code = rest.readInteger(as: UInt16.self)
        guard code != 1000 else { return ExitStatus.success }
        let reason = TerminalText.escaped(String(buffer: rest))
        terminal.error("closed by the gateway: \(code.map(String.init) ?? "no code") \(reason)")
        return code == 1001 && isDone ? ExitStatus.success : ExitStatus.failure
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data))
    }
}
