import GatewayKit
import Testing

@testable import GatewayServer

struct RevocationTalliesTests {
    @Test func `a connection counts for each revocation that covers it`() throws {
        let tallies = RevocationTallies()
        let token = try #require(tallies.begin(Revocation(.token("t1"))))
        let user = try #require(tallies.begin(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 0)))))
        tallies.note(Principal(userID: "ann", tokenID: "t1"))
        tallies.note(Principal(userID: "ann", tokenID: "t2"))
        tallies.note(Principal(userID: "bob", tokenID: "t3"))
        #expect(tallies.end(token) == 1)
        #expect(tallies.end(user) == 2)
        #expect(tallies.end(user) == 0)
    }

    @Test func `no more than a thousand are open`() throws {
        let tallies = RevocationTallies()
        let ids = (0..<1000).map { tallies.begin(Revocation(.token("t\($0)"))) }
        #expect(tallies.begin(Revocation(.token("one more"))) == nil)
        _ = tallies.end(try #require(ids.first ?? nil))
        #expect(tallies.begin(Revocation(.token("one more"))) != nil)
    }
}
