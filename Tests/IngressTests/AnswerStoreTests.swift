import Crypto
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

struct AnswerStoreTests {
    private let store = AnswerStore()
    private let clock = ManualClock()

    private func limits(_ answers: Int, bytes: Int = 1 << 20) -> IdempotencySettings {
        var limits = IdempotencySettings()
        limits.maxAnswers = answers
        limits.maxBytes = ByteCount(bytes)
        return limits
    }

    private func name(_ number: Int) -> Fingerprint { SHA256.hash(data: Array("\(number)".utf8)) }

    private func begin(_ number: Int, of client: String? = nil, _ limits: IdempotencySettings) throws -> Bool {
        switch try store.begin(name(number), of: .user(client ?? "\(number)"), name(0), limits, now: clock.now) {
        case .answered: false
        case .begun: true
        }
    }

    private func finish(_ number: Int, size: Int = 10, _ limits: IdempotencySettings) {
        let response = HTTPResponse(status: 201, body: ByteBuffer(repeating: 32, count: size))
        store.finish(name(number), .answer(.success(response)), limits, now: clock.now)
    }

    @Test func `the bytes that are kept stay below their bound, and the newest are those that stay`() throws {
        let limits = limits(1000, bytes: 100_000)
        for number in 1...200 {
            #expect(try begin(number, limits))
            finish(number, size: 4096, limits)
            #expect(store.load.bytes <= 100_000)
        }
        #expect(store.load.count == 100_000 / (4096 + 512))
        #expect(try !begin(200, limits))
        #expect(try begin(1, limits))
    }

    @Test func `an answer over the bound is not kept and pushes nothing out`() throws {
        let limits = limits(10, bytes: 4096)
        _ = try begin(1, limits)
        finish(1, size: 100, limits)
        _ = try begin(2, limits)
        finish(2, size: 5000, limits)
        #expect(try !begin(1, limits))
        #expect(try begin(2, limits))
    }

    @Test func `a flood of one client leaves the answers of another alone`() throws {
        let limits = limits(1600)
        #expect(try begin(0, of: "alice", limits))
        finish(0, limits)
        for number in 1...5000 {
            #expect(try begin(number, of: "bob", limits))
            finish(number, limits)
        }
        #expect(store.load.count == 101)
        #expect(try !begin(0, of: "alice", limits))
        #expect(try !begin(5000, of: "bob", limits))
        #expect(try begin(4900, of: "bob", limits))
    }

    @Test func `so does a flood of large answers`() throws {
        let limits = limits(1000, bytes: 16 << 16)
        #expect(try begin(0, of: "alice", limits))
        finish(0, limits)
        for number in 1...200 {
            #expect(try begin(number, of: "bob", limits))
            finish(number, size: 8192, limits)
        }
        #expect(store.load.bytes <= 65_536 + 1024)
        #expect(try !begin(0, of: "alice", limits))
        #expect(try !begin(200, of: "bob", limits))
    }

    @Test func `requests under way of one client leave room for others`() throws {
        let limits = limits(160)
        for number in 1...16 { #expect(try begin(number, of: "bob", limits)) }
        let refusal = #expect(throws: HTTPRefusal.self) { try begin(17, of: "bob", limits) }
        #expect(refusal?.status == 503)
        #expect(try begin(17, of: "alice", limits))
    }

    @Test func `requests under way are never pushed out; where there are only such, one more is 503`() throws {
        let limits = limits(3)
        for number in 1...3 { #expect(try begin(number, limits)) }
        let refusal = #expect(throws: HTTPRefusal.self) { try begin(4, limits) }
        #expect(refusal?.status == 503)
        finish(1, limits)
        #expect(try begin(4, limits))
        #expect(store.load.count == 0)
    }

    @Test func `a lower bound after a reload holds at once`() throws {
        for number in 1...50 {
            _ = try begin(number, limits(50))
            finish(number, limits(50))
        }
        #expect(store.load.count == 50)
        _ = try begin(51, limits(5))
        finish(51, limits(5))
        #expect(store.load.count == 5)
    }

    @Test func `through many thousands nothing is left behind`() throws {
        let limits = limits(100_000)
        for number in 1...20_000 {
            _ = try begin(number, limits)
            finish(number, limits)
            clock.advance(by: .seconds(60))
        }
        // One a minute for 24 hours.
        #expect(store.load.count == 1440)
        #expect(store.load.bytes < 1440 * 1024)
        #expect(try !begin(19_000, limits))
        #expect(try begin(18_000, limits))
    }

    private static func begins(_ store: AnswerStore, _ name: Fingerprint, _ limits: IdempotencySettings, now: NIODeadline) -> Bool {
        if case .begun? = try? store.begin(name, of: .user("alice"), name, limits, now: now) { true } else { false }
    }

    @Test func `of many requests at once with one key one begins`() async {
        let (store, clock, name, limits) = (store, clock, name(1), limits(10))
        let begun = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { Self.begins(store, name, limits, now: clock.now) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(begun == 1)
    }
}
