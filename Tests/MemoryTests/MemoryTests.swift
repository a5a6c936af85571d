import GatewayKit
import GatewayTestKit
import MemoryModule
import NIOCore
import Synchronization
import Testing

struct MemoryTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Memory.self) == [])
    }

    @Test func `an event that is published is delivered at once, with all its topics`() throws {
        let memory = try tester.make(Memory.self)
        let sink = RecordingSink()
        memory.attach(sink)
        let event = try event("messages", "messages.user.1")
        #expect(memory.publish(event, on: tester.eventLoop).proceeds)
        #expect(sink.delivered == [["messages", "messages.user.1"]])
    }

    @Test func `the sink's refusal is the answer`() throws {
        let memory = try tester.make(Memory.self)
        memory.attach(RecordingSink(refusal: Rejection(.overloaded, "Too much to do")))
        #expect(memory.publish(try event("a"), on: tester.eventLoop).refusal?.reason == .overloaded)
    }

    @Test func `nothing is taken before there is somewhere to deliver`() throws {
        let memory = try tester.make(Memory.self)
        #expect(memory.publish(try event("a"), on: tester.eventLoop).refusal?.reason == .brokerUnavailable)
        #expect(!memory.isUp)
    }

    @Test func `it is up once attached`() throws {
        let memory = try tester.make(Memory.self)
        memory.attach(RecordingSink())
        #expect(memory.isUp)
    }

    @Test func `subscriptions are good at once`() throws {
        let memory = try tester.make(Memory.self)
        #expect(memory.subscribe(.all, on: tester.eventLoop).proceeds)
        memory.unsubscribe(.all, on: tester.eventLoop)
    }

    private func event(_ topic: String, _ others: String...) throws -> Event {
        let message = Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
        return Event(
            topic: try Topic(topic), otherTopics: try others.map { try Topic($0) }, message: message,
            sender: Sender(userID: "alice", connection: nil))
    }
}

extension Memory {
    fileprivate var isUp: Bool {
        if case .up = health { true } else { false }
    }
}

private final class RecordingSink: EventSink {
    private let topics = Mutex<[[String]]>([])
    private let refusal: Rejection?

    init(refusal: Rejection? = nil) { self.refusal = refusal }

    var delivered: [[String]] { topics.withLock { $0 } }

    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        if let refusal { return .refuse(refusal) }
        topics.withLock { $0.append(([event.topic] + event.otherTopics).map(\.description)) }
        return .proceed
    }

    func lostEvents(since: Timestamp) {}
    func revoke(_ revocations: [Revocation]) async {}
    func revocations() async -> [Revocation] { [] }
}
