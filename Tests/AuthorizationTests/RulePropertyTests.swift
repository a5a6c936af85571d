import GatewayKit
import NIOCore
import GatewayTestKit
import Testing

@testable import AuthorizationModule

/// Random rules over a small world, held against every topic of it.
struct RulePropertyTests {
    /// Every topic of up to four segments over the two words that rules use and two that they never do.
    ///
    /// Rules have at most three segments before a `**`, so longer topics look like those of four.
    private static let topics: [[String]] = {
        var all: [[String]] = []
        var longest: [[String]] = [[]]
        for _ in 1...4 {
            longest = longest.flatMap { topic in ["a", "b", "x", "y"].map { topic + [$0] } }
            all += longest
        }
        return all
    }()

    fileprivate struct World {
        var random: SeededRandom
        let rules: [AuthorizationRule]
        let principal: Principal?

        init(seed: UInt64) throws {
            var random = SeededRandom(seed: seed)
            let users: [String?] = ["a", "b", "a.b", "", nil]
            let user = users.randomElement(using: &random) ?? nil
            principal = user.map { Principal(userID: $0, claims: Self.claims(&random)) }
            rules = try (0..<Int.random(in: 1...9, using: &random)).map { index in
                AuthorizationRule(
                    isAllow: Int.random(in: 0..<5, using: &random) < 3,
                    actions: [.subscribe, .publish].filter { $0 == .subscribe || index % 2 == 0 },
                    topics: try (0..<Int.random(in: 1...2, using: &random)).map { _ in
                        try TopicTemplate(Self.pattern(["a", "a", "b", "*", "*", "<userId>", "<claims.t>"], &random))
                    }, when: Self.conditions(&random), unless: Self.conditions(&random),
                    place: SourcePlace(.file("gateway.yaml"), line: index))
            }
            self.random = random
        }

        /// Claims that are missing, null, a word, a list of words, no segment, and none of these.
        private static func claims(_ random: inout SeededRandom) -> [String: JSONValue] {
            let values: [JSONValue?] = [
                nil, .null, .string("a"), .string("b"), .array([.string("a"), .string("b")]), .array([]), .string("a.b"), .string(""),
                .object([:]),
            ]
            var claims: [String: JSONValue] = [:]
            // What stands for a segment has to be a word of the topics above.
            claims["t"] = values.randomElement(using: &random) ?? nil
            for name in ["x", "y"] { claims[name] = (values + [.integer(7), .bool(true)]).randomElement(using: &random) ?? nil }
            return claims
        }

        private static func conditions(_ random: inout SeededRandom) -> [String: ClaimWord] {
            var conditions: [String: ClaimWord] = [:]
            for name in ["x", "y"] where Int.random(in: 0..<5, using: &random) == 0 {
                conditions[name] = ClaimWord(["a", "b", "7", "true"].randomElement(using: &random) ?? "a")
            }
            return conditions
        }

        static func pattern(_ words: [String], _ random: inout SeededRandom) -> String {
            var segments = (0..<Int.random(in: 0...3, using: &random)).map { _ in words.randomElement(using: &random) ?? "a" }
            if segments.isEmpty || Int.random(in: 0..<3, using: &random) == 0 { segments.append("**") }
            return segments.joined(separator: ".")
        }
    }

    @Test(arguments: 0..<16)
    func `a wildcard is granted, filtered or refused as the topics under it are`(_ block: Int) throws {
        var outcomes: [RuleDecision.Outcome: Int] = [:]
        for seed in 0..<150 {
            var world = try World(seed: UInt64(block * 150 + seed))
            let naive = NaiveRules(rules: world.rules, principal: world.principal)
            let pattern = World.pattern(["a", "b", "x", "*", "*"], &world.random)
            let words = pattern.split(separator: ".").map(String.init)
            let under = Self.topics.filter { naive.matches(words[...], $0[...]) }
            let allowed = under.count { naive.allows(.subscribe, $0) }
            let expected: RuleDecision.Outcome = allowed == 0 ? .refused : allowed == under.count ? .granted : .filtered
            let rules = ResolvedRules(RuleSet(world.rules), world.principal)
            let decision = rules.decide(pattern: try TopicPattern(pattern))
            #expect(decision.outcome == expected, "seed \(block * 150 + seed): \(pattern) of \(world.principal?.userID ?? "nobody")")
            outcomes[expected, default: 0] += 1
        }
        // A world that always says the same would show nothing.
        #expect(outcomes.count == 3 && outcomes.values.allSatisfy { $0 >= 10 }, "\(outcomes)")
    }

    @Test(arguments: 0..<8)
    func `a topic is allowed as the plainest reading of the rules says`(_ block: Int) throws {
        for seed in 0..<40 {
            let world = try World(seed: UInt64(100_000 + block * 40 + seed))
            let naive = NaiveRules(rules: world.rules, principal: world.principal)
            let rules = ResolvedRules(RuleSet(world.rules), world.principal)
            for topic in Self.topics {
                for action in [RuleAction.subscribe, .publish, .ingress] {
                    let decision = rules.decide(action, try Topic(topic.joined(separator: ".")).bytes)
                    #expect(decision.isAllowed == naive.allows(action, topic), "seed \(seed): \(action) \(topic)")
                }
            }
        }
    }

    @Test func `a topic of sixteen segments is decided and a longer buffer is refused`() throws {
        let rules = ResolvedRules(RuleSet([try World.allowAll()]), nil)
        let longest = Array(repeating: "a", count: 16).joined(separator: ".")
        #expect(rules.decide(.publish, try Topic(longest).bytes).isAllowed)
        #expect(!rules.decide(.publish, ByteBuffer(string: longest + ".a")).isAllowed)
    }

    @Test func `sixteen segments under a pattern of sixteen are decided`() throws {
        let prefix = Array(repeating: "a", count: 15).joined(separator: ".")
        let rules = ResolvedRules(RuleSet([try World.allowAll()]), nil)
        #expect(rules.decide(pattern: try TopicPattern(prefix + ".**")).outcome == .granted)
        #expect(rules.decide(pattern: try TopicPattern(prefix + ".*")).outcome == .granted)
    }
}

extension RulePropertyTests.World {
    fileprivate static func allowAll() throws -> AuthorizationRule {
        AuthorizationRule(
            isAllow: true, actions: [.subscribe, .publish], topics: [try TopicTemplate("**")], when: [:], unless: [:],
            place: SourcePlace(.file("gateway.yaml")))
    }
}
