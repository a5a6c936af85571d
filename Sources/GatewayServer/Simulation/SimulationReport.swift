package import GatewayKit

/// What became of a made-up client.
package struct SimulationReport: Sendable {
    /// Something that the client gets.
    package enum Answer: Sendable, Equatable {
        /// A response that is no 101.
        case response(status: Int, body: String)
        /// The text of a WebSocket message.
        case frame(String)
        /// A close frame.
        case close(code: Int, reason: String)
        /// The connection ended without another word.
        case ended
    }

    /// The modules that were asked, in order.
    package var steps: [SimulatedStep]
    /// What the client gets for what it asked for; empty for a publish that went through.
    package var answers: [Answer]
    /// Whether it got what it wanted.
    package var isAllowed: Bool
    /// Topics under the wildcard, and whether the client would get them.
    package var topics: [(example: TopicExample, isGranted: Bool)] = []
    /// The stage in which the client's way ended.
    package var end = Stage.route
    /// Who the client is; nil for nobody.
    package var principal: Principal?
}
