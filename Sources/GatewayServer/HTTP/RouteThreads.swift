import NIOPosix

/// The threads that routes of plain HTTP run on, for all gateways of the process.
///
/// Neither an event loop nor Swift's own few threads: a route that blocks its thread holds up other routes, where it is one of many, and
/// neither connections nor modules that wait for somebody.
final class RouteThreads: TaskExecutor {
    static let shared = RouteThreads()
    private let pool = NIOThreadPool(numberOfThreads: 16)

    private init() { pool.start() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { [self] _ in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
