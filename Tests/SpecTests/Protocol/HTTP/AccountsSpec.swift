import Foundation
import GatewayKit
import GatewayTestKit
import Testing

/// Login, refresh and logout over a real socket, and what they do to live connections.
struct AccountsSpec {
    private static let credentials = #"{"email":"user@example.com","password":"password123"}"#

    // Promise: accounts.login, authentication.login
    @Test(arguments: eventLoops) func `the token of a login opens the socket`(loops: Int) async throws {
        try await withGateway(withAccounts, loops: loops) { gateway in
            let response = try await gateway.open().request("POST", "/api/auth/login", body: Self.credentials)
            #expect(response.status == 200)
            #expect(response.json["success"] == true)
            let user = try #require(response.json["data"]?["user"])
            #expect(user["email"] == "user@example.com")
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": try #require(response.json["data"]?["accessToken"])])
            #expect(try await client.expect("auth_success")["userId"] == user["id"])
        }
    }

    // Promise: accounts.refresh_token_on_socket
    @Test func `a refresh token opens no socket`() async throws {
        try await withGateway(withAccounts) { gateway in
            let data = try await login(gateway)
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": try #require(data["refreshToken"])])
            #expect(try await client.expect("auth_error")["details"]?["reason"] == "wrong_token_use")
        }
    }

    // Promise: accounts.refresh
    @Test func `a refresh token gives a new pair, once, and its reuse ends the family`() async throws {
        try await withGateway(withAccounts) { gateway in
            let http = try await gateway.open()
            let first = try await login(gateway)
            let second = try await http.request("POST", "/api/auth/refresh", body: token(first))
            #expect(second.status == 200)
            let data = try #require(second.json["data"])
            let client = try await gateway.connect()
            try await client.authenticate(try #require(data["accessToken"]?.string))
            #expect(try await http.request("POST", "/api/auth/refresh", body: token(first)).status == 401)
            try await client.expectError(401, "revoked")
            try await client.expectClose(1008, "revoked")
            #expect(try await http.request("POST", "/api/auth/refresh", body: token(data)).status == 401)
        }
    }

    // Promise: accounts.refresh_revoked
    @Test func `a refresh token that was revoked by its jti gives nothing, and its login is over`() async throws {
        try await withGateway(withAccounts) { gateway in
            let http = try await gateway.open()
            let (revoked, other) = (try await login(gateway), try await login(gateway))
            let client = try await gateway.connect()
            try await client.authenticate(try #require(revoked["accessToken"]?.string))
            try await gateway.revoke(Revocation(.token(try id(of: revoked["refreshToken"]))))
            try await client.expectNothingElse()
            let response = try await http.request("POST", "/api/auth/refresh", body: token(revoked))
            #expect(response.status == 401)
            #expect(response.json["error"]?["details"]?["reason"] == "revoked")
            try await client.expectError(401, "revoked")
            #expect(try await http.request("POST", "/api/auth/refresh", body: token(other)).status == 200)
        }
    }

    // Promise: accounts.logout
    @Test(arguments: eventLoops) func `a logout ends the login's sockets, and no other's`(loops: Int) async throws {
        try await withGateway(withAccounts, loops: loops) { gateway in
            let http = try await gateway.open()
            let (left, staying) = (try await login(gateway), try await login(gateway))
            let (client, other) = (try await gateway.connect(), try await gateway.connect())
            try await client.authenticate(try #require(left["accessToken"]?.string))
            try await other.authenticate(try #require(staying["accessToken"]?.string))
            #expect(try await http.request("POST", "/api/auth/logout", body: token(left)).status == 200)
            try await client.expectError(401, "revoked")
            try await client.expectClose(1008, "revoked")
            other.send(["type": "ping"])
            _ = try await other.expect("pong")
            let late = try await http.request("POST", "/api/messages", [bearer(left)], body: #"{"content":"x"}"#)
            #expect(late.status == 401)
            #expect(late.json["error"]?["details"]?["reason"] == "revoked")
        }
    }

    // Promise: accounts.wrong_password
    @Test func `an unknown e-mail and a wrong password get one answer`() async throws {
        try await withGateway(withAccounts) { gateway in
            let http = try await gateway.open()
            let wrong = try await http.request("POST", "/api/auth/login", body: #"{"email":"user@example.com","password":"password124"}"#)
            let unknown = try await http.request(
                "POST", "/api/auth/login", body: #"{"email":"nobody@example.com","password":"password123"}"#)
            #expect(wrong.status == 401)
            #expect(wrong.body == unknown.body)
        }
    }

    // Promise: accounts.tries
    @Test func `the eleventh wrong password within a minute is a 429 with a time`() async throws {
        try await withGateway(withAccounts) { gateway in
            let http = try await gateway.open()
            let body = #"{"email":"user@example.com","password":"password124"}"#
            for _ in 0..<10 { #expect(try await http.request("POST", "/api/auth/login", body: body).status == 401) }
            let response = try await http.request("POST", "/api/auth/login", body: body)
            #expect(response.status == 429)
            #expect(response["retry-after"].flatMap { Int($0) } ?? 0 > 0)
        }
    }
}

/// The modules of HTTP, with the document's user.
let withAccounts = """
    pipeline: {http: [accounts, ingress]}
    modules: {accounts: {example_user: true}}
    """

/// What a login of the document's user answers.
func login(_ gateway: TestGateway) async throws -> JSON {
    let body = #"{"email":"user@example.com","password":"password123"}"#
    let response = try await gateway.open().request("POST", "/api/auth/login", body: body)
    guard let data = response.json["data"] else { throw TestClientError.unexpected(.response(response), wanted: "a login") }
    return data
}

private func token(_ data: JSON) throws -> String { JSON.object(["refreshToken": try #require(data["refreshToken"])]).text }

/// The `jti` of a token, as anybody reads it who has the token.
private func id(of token: JSON?) throws -> String {
    let payload = try #require(token?.string?.split(separator: ".").dropFirst().first)
    let text = String(payload).replacing("-", with: "+").replacing("_", with: "/")
    let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    let json = try JSON(parsing: String(decoding: try #require(Data(base64Encoded: padded)), as: UTF8.self))
    return try #require(json["jti"]?.string)
}

func bearer(_ data: JSON) -> (String, String) { ("Authorization", "Bearer \(data["accessToken"]?.string ?? "")") }
