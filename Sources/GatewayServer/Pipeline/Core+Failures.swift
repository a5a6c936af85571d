import GatewayKit
import Logging
import NIOCore

extension CommonModuleSettings {
    /// Whether a verdict that failed or came too late is no objection.
    var forgivesFailure: Bool { onError == .proceed || mode == .observe }
}

extension Core {
    /// Writes down that a module failed or did not decide in time.
    ///
    /// - Parameters:
    ///   - instance: The module.
    ///   - result: What came in place of a verdict that counts.
    ///   - isForgiven: Whether that is no objection.
    ///   - connection: The connection that was decided on; nil for none.
    /// - Returns: The id that the log has of the error; nil where the verdict was only late.
    func noteFailure<Value>(_ instance: String, _ result: Result<Value, any Error>, isForgiven: Bool, _ connection: Connection?) -> String?
    {
        if case .failure(let error) = result, error is LateVerdict {
            if isForgiven { refusals.note(instance, .timeout, observed: true, connection) }
            return nil
        }
        let errorID = ConnectionID.random().description
        let what = if case .failure(let error) = result { String(describing: error) } else { "a verdict that waits for another one" }
        var metadata: Logger.Metadata = ["module": "\(instance)", "errorId": "\(errorID)", "error": "\(what)"]
        if let connection { metadata["connection"] = "\(connection.id)" }
        logger.error("module failed", metadata: metadata)
        return errorID
    }

    /// The same, as it is told over HTTP: 500 with the id that the log has, or 503 where the verdict was only late.
    func refusal<Value>(
        _ instance: String, _ result: Result<Value, any Error>, isForgiven: Bool = false, _ connection: Connection?
    ) -> HTTPRefusal {
        guard let errorID = noteFailure(instance, result, isForgiven: isForgiven, connection) else { return .undecided }
        var refusal = HTTPRefusal(status: 500, .internalError, "Internal error")
        refusal.errorID = errorID
        return refusal
    }
}
