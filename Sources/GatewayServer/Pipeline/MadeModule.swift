import GatewayKit
import Logging

/// A module that has been made, with what gateway.yaml says of it and the logger that it was lent.
struct MadeModule: Sendable {
    let configured: ConfiguredModule
    let module: any Module
    let logger: Logger
}
