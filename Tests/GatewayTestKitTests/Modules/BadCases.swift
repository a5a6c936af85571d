extension ModuleConformanceTests.BadCase {
    static let all: [Self] = declarations + settings + lives + answers + operators + hooks

    private static let declarations: [Self] = [
        Self(Undeclared.self, "its declarations are complete", "the summary is no sentence"),
        Self(
            Forger.self, settings: "{later_timeout: 1s}", "its declarations are complete",
            "value: the default '\"!\"' decodes to something else"),
        Self(Impostor.self, "its name is nobody else's", "a name that no built-in module has; got 'jwt'"),
        Self(Unguessable.self, settings: "{colour: mauve}", "the example of `modules describe` is taken", "'colour' is no colour"),
        Self(Twins.self, "its routes are described", #"a name of its own for each route; got ["twin", "twin"]"#),
    ]

    private static let settings: [Self] = [
        Self(
            Anything.self, "each setting refuses another type, and says where",
            "an error at a list of 1 for value, which is an integer; got none"),
        Self(
            Confused.self, "each setting refuses what is out of its range, and says where", "'out-of-range' at 10 for time (1 to 9); got []"
        ),
        Self(Careless.self, "a key that it does not know is refused, and settings that are no mapping", "'unknown-key'"),
        Self(Fickle.self, "hostile values are taken or refused with a finding, twice the same", "the same findings twice"),
        Self(Talkative.self, "hostile values are taken or refused with a finding, twice the same", "findings that do not show a secret"),
        Self(Forger.self, "what a setting takes it writes as it reads it", "to be read as that"),
        Self(
            Overfull.self, "settings at the ends of their ranges make a module that answers",
            "a module, or a ModuleError, for size: 100; got Full()"),
        Self(
            Overfull.self, settings: "{later_timeout: 1s, on_error: proceed}",
            "settings at the ends of their ranges make a module that answers", "a module, or a ModuleError, for size: 100; got Full()"),
    ]

    private static let lives: [Self] = [
        Self(Hasty.self, "making it leaves no file and opens no port", "a folder as it was; got a change of 'bad.txt'"),
        Self(Eager.self, "making it leaves no file and opens no port", "no port that is opened before start()"),
        Self(Earnest.self, "a trial makes no file", "a folder as it was; got a change of 'bad.txt'"),
        Self(Endless.self, patience: .milliseconds(50), "it stops right after it has started, and starts anew", "an end of stop()"),
        Self(
            Spiteful.self, "the next one starts while it serves, and serves on when it has stopped",
            "of the new one after the old one has stopped"),
        Self(Provincial.self, "four event loops at once get the answers that one gets", "as on one loop; got 'refuse forbidden'"),
        Self(
            Forgetful.self, patience: .milliseconds(500),
            "reloads under traffic close no connection, lose no message and change no answer over HTTP", "wanted a text message"),
        Self(
            Rude.self, "reloads under traffic close no connection, lose no message and change no answer over HTTP", "got close(code: 1008"),
    ]

    private static let answers: [Self] = [
        Self(Wordy.self, "accept: every address gets a verdict", "a reason in snake_case; got 'Not welcome here'"),
        Self(
            Miscounting.self, settings: "{released: 0}", "accept: who has been released makes room for as many again", "got 0 let in of 20"),
        Self(
            Miscounting.self, settings: "{released: 2}", "accept: who has been released makes room for as many again", "got 20 let in of 40"
        ),
        Self(
            Miscounting.self, settings: "{forgets: true}", "accept: what a generation let in, it gets back after the next one serves",
            "got 0 let in of 20"),
        Self(Polyglot.self, "handshake: every request gets a verdict", "one of the offered subprotocols []; got 'volapük'"),
        Self(Nameless.self, "auth: every token gets a verdict", "a principal with a user id"),
        Self(Gossip.self, "auth: every token gets a verdict", "a log without tokens"),
        Self(Betrayer.self, "auth: every token gets a verdict", "an explanation without a secret"),
        Self(Stranger.self, token: "good", "auth: the token that it accepts is accepted", #"got ["rejected invalid_signature"]"#),
        Self(Silent.self, patience: .milliseconds(50), "route: every command of everybody gets a verdict", "a verdict on subscribe"),
        Self(
            Clumsy.self, "route: every command of everybody gets a verdict",
            "a verdict after .later, be it a refusal; got the error Dropped()"),
        Self(Curt.self, "route: every command of everybody gets a verdict", "one sentence of at most 512 bytes as the message; got ''"),
        Self(Parrot.self, "route: every command of everybody gets a verdict", "a message without a secret and without a payload"),
        Self(Vandal.self, "route: every command of everybody gets a verdict", "JSON as the data; got {"),
        Self(Noisy.self, "route: every message gets a verdict, text or binary", "UTF-8 in a text message that is sent"),
        Self(Unruly.self, "http: every request is answered, or refused by name", "as the only errors of a route; got Surprise"),
        Self(
            Unruly.self, settings: "{status: 200}", "http: every request is answered, or refused by name",
            "one of the described answers [204]; got 200"),
    ]

    private static let operators: [Self] = [
        Self(
            Bureaucrat.self, "admin: every request of an operator is answered, or refused by name",
            "as the only errors of a route; got Surprise"),
        Self(
            Bureaucrat.self, settings: "{status: 200}", "admin: every request of an operator is answered, or refused by name",
            "one of the described answers [204]; got 200"),
    ]

    private static let hooks: [Self] = [
        Self(
            Herald.self, "hooks: whoever comes and goes is heard of, and what is published is valid",
            "in what is published, JSON as the data; got \""),
        Self(
            Doorkeeper.self, patience: .milliseconds(50), "hooks: whoever comes and goes is heard of, and what is published is valid",
            "a return from being told of the end of the connection of nobody"),
    ]
}
