import GatewayKit
import NIOCore

/// Where one generation of the module posts events.
final class EventDestination: Sendable {
    private let backEnd: BackEnd
    private let url: BackEndURL
    private let attempts: Int

    init(_ backEnd: BackEnd, _ url: BackEndURL, attempts: Int) {
        self.backEnd = backEnd
        self.url = url
        self.attempts = attempts
    }

    /// Posts a batch, again and again where that may help.
    ///
    /// - Throws: ``BackEndFailure`` where the back end has not taken it in the end; `CancellationError`.
    func post(_ body: ByteBuffer) async throws {
        var backOff = BackOff()
        for attempt in 1... {
            do throws(BackEndFailure) {
                let status = try await backEnd.post(body, to: url)
                guard (200..<300).contains(status) else { throw .status(status) }
                return
            } catch {
                try Task.checkCancellation()
                guard attempt < attempts, error.mayPass else { throw error }
            }
            // The pause before the next try; the end of the gateway cancels it.
            try await Task.sleep(for: backOff.take())
        }
    }
}
