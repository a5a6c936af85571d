public import GatewayKit
package import NIOCore

/// A connection without a socket, and what was done to it.
///
/// Keep it as long as the connection is used.
public final class TestConnection {
    /// What modules are given.
    public let connection: Connection
    /// The messages that were sent to the client, in order.
    public private(set) var sent: [FrameMessage] = []
    /// Why the connection was closed, each time somebody closed it.
    public private(set) var closed: [Rejection] = []

    package init(eventLoop: any EventLoop, address: ClientAddress, time: TurnTime, principal: Principal?) {
        connection = Connection(eventLoop: eventLoop, address: address, time: time)
        connection.principal = principal
        connection.attach(self)
    }

    /// Makes the connection somebody's, or nobody's.
    public func authenticate(as principal: Principal?) { connection.principal = principal }
}

extension TestConnection: ConnectionTransport {
    package func send(_ payload: ByteBuffer, opcode: MessageOpcode) {
        sent.append(FrameMessage(opcode: opcode, payload: payload))
    }

    package func close(_ rejection: Rejection) { closed.append(rejection) }
}

@available(*, unavailable)
extension TestConnection: Sendable {}
