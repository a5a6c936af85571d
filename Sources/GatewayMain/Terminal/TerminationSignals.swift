@preconcurrency private import Dispatch
private import Foundation

/// SIGTERM, SIGINT and SIGHUP as streams in place of sudden death.
enum TerminationSignals {
    /// Each signal as it comes.
    ///
    /// From this call on, the signals end the process no more.
    static func stream() -> AsyncStream<Int32> { stream(of: [SIGTERM, SIGINT]) }

    /// Each SIGHUP, which asks for a reload; those that come while one waits are one.
    ///
    /// From this call on, the signal ends the process no more.
    static func hangups() -> AsyncStream<Int32> { stream(of: [SIGHUP], .bufferingNewest(1)) }

    private static func stream(
        of numbers: [Int32], _ policy: AsyncStream<Int32>.Continuation.BufferingPolicy = .unbounded
    ) -> AsyncStream<Int32> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: policy)
        let queue = DispatchQueue(label: "gateway.signals")
        let sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
        return stream
    }

    /// The name of a signal, for people.
    static func name(_ number: Int32) -> String {
        switch number {
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        default: "signal \(number)"
        }
    }

    /// Makes writing to a closed pipe or socket an error of that write alone.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
