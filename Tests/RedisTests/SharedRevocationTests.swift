import GatewayKit
import Testing

@testable import RedisModule

struct SharedRevocationTests {
    private static let ids = ["1", "", " ", "a b  c", "Grüße 👋", "token x", "1 2", "a\nb"]
    private static let times: [Timestamp?] = [
        nil, Timestamp(milliseconds: 0), Timestamp(milliseconds: -1), Timestamp(milliseconds: 1_764_100_000_123),
        Timestamp(milliseconds: 8_999_999_999_999_999),
    ]

    private static var all: [Revocation] {
        ids.flatMap { id in
            times.flatMap { time in
                [
                    Revocation(.token(id), expiresAt: time), Revocation(.session(id), expiresAt: time),
                    Revocation(.user(id, issuedUntil: Timestamp(milliseconds: 1_764_100_000_123)), expiresAt: time),
                    Revocation(.user(id, issuedUntil: Timestamp(milliseconds: .min)), expiresAt: time),
                ]
            }
        }
    }

    @Test func `what is published reads the same`() {
        for revocation in Self.all { #expect(SharedRevocation(text: SharedRevocation(revocation).text)?.revocation == revocation) }
    }

    @Test func `a member of the set with its score reads the same`() {
        for revocation in Self.all {
            let shared = SharedRevocation(revocation)
            #expect(SharedRevocation(member: shared.member, score: shared.score)?.revocation == revocation)
        }
    }

    @Test(arguments: [
        ("1764100000123", 1_764_100_000_123), ("1764100000123.0", 1_764_100_000_123), ("1.764100000123e+12", 1_764_100_000_123),
        ("1.7641e+12", 1_764_100_000_000), ("1.7641000001230000e+12", 1_764_100_000_123), ("0", 0), ("-0", 0), ("-1", -1),
    ])
    func `a score reads as Redis prints it`(score: String, milliseconds: Int64) {
        let expected = Revocation(.token("1"), expiresAt: Timestamp(milliseconds: milliseconds))
        #expect(SharedRevocation(member: "token 1", score: score)?.revocation == expected)
    }

    @Test(arguments: ["inf", "+inf", "9.2233720368547758e+18", "1e300"])
    func `a score beyond all dates has no end`(score: String) {
        #expect(SharedRevocation(member: "token 1", score: score)?.revocation == Revocation(.token("1")))
    }

    @Test func `a token that expires at the end of time stays revoked`() {
        let shared = SharedRevocation(Revocation(.token("1"), expiresAt: Timestamp(milliseconds: .max)))
        #expect(SharedRevocation(text: shared.text)?.revocation == Revocation(.token("1")))
    }

    @Test(arguments: ["", " ", "x", "nan", "-inf", "xinf", "-1e300", "1,5", "1 ", " 1"])
    func `a score that is none is nothing`(score: String) {
        #expect(SharedRevocation(member: "token 1", score: score) == nil)
    }

    @Test(arguments: ["", "token", "jti 1", "user 1", "user x 1", "user  1", "TOKEN 1", "user 99999999999999999999 1"])
    func `a member that no gateway writes is nothing`(member: String) {
        #expect(SharedRevocation(member: member, score: "1") == nil)
        #expect(SharedRevocation(text: "1 \(member)") == nil)
    }
}
