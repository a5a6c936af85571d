public import Logging
public import NIOCore
private import Synchronization

/// What the core lends to a module while it is made.
///
/// Sendable; a module may keep what it took from it, but not the context.
public struct ModuleContext: Sendable {
    /// The key under `modules`: `rate_limit`, or `rate_limit/publish` where a type stands twice.
    public let instance: String
    /// Logs with the field `module` set.
    public let logger: Logger
    /// The event loops that serve connections.
    public let eventLoopGroup: any EventLoopGroup
    /// The gateway's clocks.
    public let clock: GatewayClock
    /// Whether every listener of the gateway is on loopback, so that only this machine reaches it.
    public let isLoopback: Bool
    /// The path of the WebSocket endpoint: `server.path`.
    public let endpoint: String
    /// Whether the module is made to be asked and not to serve, as by `gateway simulate`: it then changes nothing outside of this process,
    /// and makes no file.
    public let isTrial: Bool
    /// Publishes events; usable once the module is serving.
    public let publisher: any EventPublisher
    private let shared: SharedState
    private let capabilities: Capabilities

    package init(
        instance: String, logger: Logger, eventLoopGroup: any EventLoopGroup, clock: GatewayClock, shared: SharedState,
        capabilities: Capabilities, isLoopback: Bool = false, endpoint: String = "/ws", isTrial: Bool = false,
        publisher: any EventPublisher = NoPublisher()
    ) {
        self.instance = instance
        self.logger = logger
        self.eventLoopGroup = eventLoopGroup
        self.clock = clock
        self.shared = shared
        self.capabilities = capabilities
        self.isLoopback = isLoopback
        self.endpoint = endpoint
        self.isTrial = isTrial
        self.publisher = publisher
    }

    /// A place for one value a connection, O(1) to reach.
    ///
    /// The same name gives the same place after a reload, so counts carry over.
    ///
    /// - Parameters:
    ///   - name: Distinguishes several slots of one module.
    ///   - initial: The value of a connection that has none yet.
    /// - Returns: The slot, to be kept by the module.
    public func slot<Value>(_ name: String = "", initial: Value) -> ConnectionSlot<Value> where Value: Sendable {
        ConnectionSlot(index: shared.slotIndex("\(instance).\(name).\(Value.self)"), initial: initial)
    }

    /// A path at which an ``AdminModule`` answers: `/admin/v1/`, the instance, and what is given.
    ///
    /// - Parameter rest: Nothing, or further segments with a slash in front, as in an ``HTTPPath``.
    /// - Returns: The path.
    public func adminPath(_ rest: String = "") -> HTTPPath { HTTPPath(stringLiteral: "/admin/v1/\(instance)\(rest)") }

    /// State that outlives a reload: made by the first generation that asks for the name, found by the later ones.
    ///
    /// A module that a reload takes out of the pipeline is forgotten with its states, and begins anew where it comes back.
    ///
    /// - Parameters:
    ///   - name: Distinguishes several states of one module.
    ///   - make: Makes the state where there is none yet.
    /// - Returns: The state, old or new.
    public func state<State: AnyObject & Sendable>(_ name: String, make: () -> State) -> State {
        shared.state(instance, name, make: make)
    }

    /// What another module provides.
    ///
    /// - Parameter key: The capability; its name must stand in ``Module/requires``.
    /// - Returns: What the provider offers.
    /// - Throws: ``ModuleError`` where no module of the pipeline provides it.
    public func capability<Value>(_ key: Capability<Value>) throws -> Value {
        guard let value = capabilities.value(key.name) as? Value else {
            throw ModuleError("no module of the pipeline provides \(key.name.rawValue)", code: .missingProvider)
        }
        return value
    }

    /// Offers a capability to the modules that are made after this one; its name must stand in ``Module/provides``.
    public func provide<Value: Sendable>(_ key: Capability<Value>, _ value: Value) {
        capabilities.set(key.name, value)
    }
}

/// State that outlives generations: slot indices and named states.
///
/// One a gateway, guarded by a lock that no message path takes.
package final class SharedState: Sendable {
    private struct Contents {
        var slots: [String: Int] = [:]
        /// By instance and name.
        var states: [String: [String: any AnyObject & Sendable]] = [:]
    }
    private let contents = Mutex(Contents())

    package init() {}

    func slotIndex(_ name: String) -> Int {
        contents.withLock { contents in
            if let index = contents.slots[name] { return index }
            let index = contents.slots.count
            contents.slots[name] = index
            return index
        }
    }

    func state<State: AnyObject & Sendable>(_ instance: String, _ name: String, make: () -> State) -> State {
        contents.withLock { contents in
            if let state = contents.states[instance]?[name] as? State { return state }
            let state = make()
            contents.states[instance, default: [:]][name] = state
            return state
        }
    }

    /// Forgets the states of modules that are not there any more: what they count went on without them.
    package func forgetStates(but instances: Set<String>) {
        // What is released may take its time.
        let forgotten = contents.withLock { contents in
            let forgotten = contents.states.filter { !instances.contains($0.key) }
            contents.states = contents.states.filter { instances.contains($0.key) }
            return forgotten
        }
        withExtendedLifetime(forgotten) {}
    }
}

/// Publishes nothing: for modules that are made without a gateway around them.
package struct NoPublisher: EventPublisher {
    package init() {}

    package func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        .refuse(Rejection(.brokerUnavailable, "There is no gateway to publish with"))
    }

    package func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        throw Rejection(.brokerUnavailable, "There is no gateway to publish with")
    }
}
