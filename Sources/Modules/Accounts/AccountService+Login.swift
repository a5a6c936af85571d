import GatewayKit
import NIOCore

extension AccountService {
    /// Answers `POST /api/auth/login`.
    ///
    /// What is wrong is not told: an unknown e-mail and a wrong password have one answer, after the same work.
    func login(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try request.object()
        let text = try body.text("email", length: 1...EmailAddress.maxLength)
        let password = try body.text("password")
        let group = request.address.group
        return try await logins.run(group) {
            let store = try store()
            let email = EmailAddress(text)
            let found = if let email { try await store.user(email, from: group) } else { (user: User?.none, isKnown: false) }
            let attempt = LoginTry(
                group: group, email: email?.text ?? EmailAddress.lowercased(text), isKnown: found.isKnown, time: clock.now)
            let payment = try limits.begin(attempt)
            let user = found.user.flatMap { $0.isExample && !request.isForThisMachine ? nil : $0 }
            guard let (user, pair) = try await open(user, password, attempt, payment) else {
                throw HTTPRefusal(status: 401, .invalidCredentials, "Wrong e-mail or password")
            }
            limits.forgive(attempt, payment)
            // A session that was one too many has ended.
            await deliverPending()
            return .success(data: Self.answer(user, pair))
        }
    }

    /// Checks the password and opens a session; nil where the password is wrong, or was changed meanwhile.
    private func open(_ user: User?, _ password: String, _ attempt: LoginTry, _ payment: PairTries.Payment) async throws
        -> (User, TokenPair)?
    {
        do {
            let hash = user?.password ?? dummy
            guard try await threads.run({ try hash.matches(password) }), let user else { return nil }
            let session = ConnectionID.random().description
            // Signed before it is stored: a change of the user finds every token that was signed until then to be older.
            let pair = try await signer.pair(for: user, session: session)
            let isOpen = try await store().open(session: session, of: user, pair, from: attempt.group, now: clock.timestamp)
            return isOpen ? (user, pair) : nil
        } catch {
            // It was no guess that failed.
            limits.forgive(attempt, payment)
            throw error
        }
    }

    private static func answer(_ user: User, _ pair: TokenPair) -> ByteBuffer {
        var person = JSONWriter()
        person.member("id", .string(user.id))
        person.member("email", .string(user.email))
        person.member("roles", .array(user.roles.map { .string($0) }))
        person.member("createdAt", .string(user.createdAt.text))
        var data = JSONWriter()
        data.member("user", json: person.finish())
        data.member("accessToken", .string(pair.access))
        data.member("refreshToken", .string(pair.refresh))
        return data.finish()
    }
}

extension HTTPRequest {
    /// Whether the client asks for this machine by its own name: no page of elsewhere whose name was bound to this address does.
    fileprivate var isForThisMachine: Bool {
        guard let host = header("host")?.lowercased() else { return false }
        return ["localhost", "127.0.0.1", "[::1]"].contains { name in
            guard host.hasPrefix(name) else { return false }
            let port = host.dropFirst(name.count)
            return port.isEmpty || port.first == ":" && port.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
        }
    }
}

extension Reason {
    /// 401: the password is wrong, or the e-mail, or the refresh token.
    static let invalidCredentials = Reason("invalid_credentials", code: 401)
}
