import Foundation
import GatewayKit
import NIOCore
import NIOPosix
import Synchronization

/// A module with one setting that names a file.
struct FileSettings: Settings {
    var file = FilePath("bad.txt")
    static let fields: [SettingField<Self>] = [SettingField("file", \.file, "A file.")]

    func write() throws { try Data("bad".utf8).write(to: URL(filePath: file.path)) }
}

/// Writes a file before anybody has started it.
struct Hasty: PassingRoute {
    static let name = "hasty"
    static let summary = "Writes a file before it has started."
    init(settings: FileSettings, context: ModuleContext) throws { try settings.write() }
}

/// Listens before anybody has started it.
final class Eager: PassingRoute {
    static let name = "eager"
    static let summary = "Opens a port before it has started."
    private let listener: any Channel

    init(settings: NoSettings, context: ModuleContext) throws {
        listener = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit { listener.close(promise: nil) }
}

/// Writes a file in a trial too.
struct Earnest: PassingRoute {
    static let name = "earnest"
    static let summary = "Takes a trial for serious."
    private let settings: FileSettings
    init(settings: FileSettings, context: ModuleContext) { self.settings = settings }
    func start() async throws { try settings.write() }
}

/// Never stops.
struct Endless: PassingRoute {
    static let name = "endless"
    static let summary = "Never ends its stop."
    init(settings: NoSettings, context: ModuleContext) {}
    // What the check has to find; it outlasts every patience.
    func stop() async { try? await Task.sleep(for: .seconds(3600)) }
}

/// Takes with it what the next one needs.
final class Spiteful: RouteStage {
    static let name = "spiteful"
    static let summary = "Takes with it what the next one needs."

    private final class Store: Sendable {
        let isOpen = Atomic(false)
    }
    private let store: Store

    init(settings: NoSettings, context: ModuleContext) { store = context.state("store") { Store() } }

    func start() async throws { store.isOpen.store(true, ordering: .relaxed) }
    func stop() async { store.isOpen.store(false, ordering: .relaxed) }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        store.isOpen.load(ordering: .relaxed) ? .proceed : .refuse(Rejection(.forbidden, "The store is closed"))
    }
}

/// Serves the event loop that came first, and no other.
final class Provincial: RouteStage {
    static let name = "provincial"
    static let summary = "Knows only one event loop."
    private let first = Mutex<ObjectIdentifier?>(nil)

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let loop = ObjectIdentifier(connection.eventLoop)
        let isFirst = first.withLock { first in
            if first == nil { first = loop }
            return first == loop
        }
        return isFirst ? .proceed : .refuse(Rejection(.forbidden, "Another loop came first"))
    }
}

/// Keeps back messages once there has been a reload.
final class Forgetful: DeliverStage {
    static let name = "forgetful"
    static let summary = "Keeps messages back after a reload."

    private final class Generations: Sendable {
        let count = Atomic(0)
    }
    private let isFirst: Bool

    init(settings: NoSettings, context: ModuleContext) {
        isFirst = context.state("generations") { Generations() }.count.wrappingAdd(1, ordering: .relaxed).oldValue == 0
    }

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict { isFirst ? .deliver : .skip }
}

/// Sends everybody away once there has been a reload.
final class Rude: RouteStage {
    static let name = "rude"
    static let summary = "Closes connections after a reload."

    private final class Generations: Sendable {
        let count = Atomic(0)
    }
    private let isFirst: Bool

    init(settings: NoSettings, context: ModuleContext) {
        isFirst = context.state("generations") { Generations() }.count.wrappingAdd(1, ordering: .relaxed).oldValue == 0
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        if !isFirst { connection.close(Rejection(.forbidden, "There was a reload")) }
        return .proceed
    }
}
