/// The first words on a connection: protocol version, login, database.
///
/// A value: it is told what Redis answered and says what to send next.
struct RedisGreeting {
    private enum Step {
        case hello
        case login
        case select
        case done
    }

    private let url: RedisURL
    private var step = Step.hello

    init(_ url: RedisURL) { self.url = url }

    /// Whether the connection can be used.
    var isDone: Bool { step == .done }

    /// The first command: version 3 of the protocol, with the login where there is one.
    func first() -> [String] {
        let login = url.password.map { ["AUTH", url.user ?? "default", $0] } ?? []
        return ["HELLO", "3"] + login + ["SETNAME", "gateway"]
    }

    /// What follows an answer; nil where nothing has to.
    ///
    /// - Throws: ``RedisFailure`` where Redis refuses.
    mutating func next(after answer: RESPValue) throws(RedisFailure) -> [String]? {
        switch (step, answer) {
        case (.hello, .error(let text)) where text.hasPrefix("NOPROTO") || text.lowercased().contains("unknown command"):
            // A server, or what stands before it, that speaks version 2 of the protocol alone.
            guard let password = url.password else { return select() }
            step = .login
            return ["AUTH"] + (url.user.map { [$0] } ?? []) + [password]
        case (.hello, .error(let text)): throw RedisFailure(refused: "HELLO", text)
        case (.login, .error(let text)): throw RedisFailure(refused: "AUTH", text)
        case (.select, .error(let text)): throw RedisFailure(refused: "SELECT \(url.database)", text)
        case (.hello, _), (.login, _): return select()
        case (.select, _), (.done, _):
            step = .done
            return nil
        }
    }

    private mutating func select() -> [String]? {
        guard url.database != 0 else {
            step = .done
            return nil
        }
        step = .select
        return ["SELECT", String(url.database)]
    }
}
