import GatewayAdmin
import GatewayKit
import Testing

struct AdminGuardTests {
    private static let secret = "0123456789abcdef0123456789abcdef"
    private let guarded = AdminGuard(token: Secret(secret), hosts: ["Admin.Example"])

    private func status(_ path: String = "/metrics", _ authorization: String? = "Bearer \(secret)", host: String? = "localhost") -> Int? {
        guarded.refusal(path: path, authorization: authorization, host: host, isUnixSocket: false)?.status
    }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "Bearer x", "Bearer \(secret)x", "Bearer \(secret.dropLast())", "Basic \(secret)", secret,
        "Bearer\t\(secret)", "Bearer \(secret) \(secret)",
    ])
    func `without the token it is 401`(authorization: String?) {
        #expect(status("/metrics", authorization) == 401)
        #expect(status("/admin/v1/connections", authorization) == 401)
        #expect(status("/livez/", authorization) == 401)
    }

    @Test(arguments: ["Bearer \(secret)", "bearer \(secret)", "BEARER  \(secret)"])
    func `with the token everything is open`(authorization: String) {
        #expect(status("/admin/v1/publish", authorization) == nil)
    }

    @Test(arguments: ["/livez", "/readyz"]) func `health needs no token`(path: String) { #expect(status(path, nil) == nil) }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:3001", "[::1]", "[::1]:3001", "192.0.2.7:80", "localhost", "LocalHost:3001", "admin.example",
        "ADMIN.example:1",
    ])
    func `an address, localhost and the configured name are hosts`(host: String) { #expect(status(host: host) == nil) }

    @Test(arguments: [
        nil, "", "evil.example", "evil.example:3001", "localhost.evil.example", "127.0.0.1.evil.example", "::1", "[localhost]",
        "[127.0.0.1]", "localhost:", "localhost:80x", "localhost:3001:3001", "[::1", "[::1]x", "127.0.0.1:123456", "user@localhost",
    ])
    func `any other host is 421, health included, before the token is looked at`(host: String?) {
        // A port may be empty (RFC 3986, 3.2.3).
        let wanted = host == "localhost:" ? nil : 421
        #expect(status(host: host) == wanted)
        #expect(status("/livez", nil, host: host) == wanted)
        #expect(status("/metrics", nil, host: host) == (wanted ?? 401))
    }

    @Test func `the Unix socket needs neither token nor host`() {
        #expect(guarded.refusal(path: "/metrics", authorization: nil, host: nil, isUnixSocket: true) == nil)
    }

    @Test(arguments: [nil, Secret("")]) func `where there is no token nobody gets in by port`(token: Secret?) {
        let closed = AdminGuard(token: token, hosts: [])
        for authorization in [nil, "Bearer ", "Bearer x"] {
            #expect(closed.refusal(path: "/metrics", authorization: authorization, host: "localhost", isUnixSocket: false)?.status == 403)
        }
        #expect(closed.refusal(path: "/readyz", authorization: nil, host: "localhost", isUnixSocket: false) == nil)
    }
}
