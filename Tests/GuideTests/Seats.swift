import GatewayKit
import Synchronization

struct SeatsSettings: Settings {
    var networks: [AddressRange] = []
    var seats = 100

    static let fields: [SettingField<Self>] = [
        SettingField("networks", \.networks, "Whose connections are counted, all together."),
        SettingField("seats", \.seats, range: 1...1_000_000, "How many of them there may be at once."),
    ]
}

/// Lets some networks have so many connections at once.
struct Seats: AcceptStage {
    static let name = "seats"
    static let summary = "Limits how many connections some networks have at once."
    static let canObserve = true

    /// Plain data behind a lock, for all event loops.
    private final class Taken: Sendable { let count = Mutex(0) }
    private let settings: SeatsSettings
    private let taken: Taken
    private let hasSeat: ConnectionSlot<Bool>

    init(settings: SeatsSettings, context: ModuleContext) {
        self.settings = settings
        taken = context.state("taken") { Taken() }
        hasSeat = context.slot(initial: false)
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        guard settings.networks.contains(where: { $0.contains(connection.address) }) else { return .proceed }
        connection[hasSeat] = taken.count.withLock { count in
            guard count < settings.seats else { return false }
            count += 1
            return true
        }
        return connection[hasSeat] ? .proceed : .refuse(HTTPRefusal(status: 503, .overloaded, "No seat is free", retryAfter: .seconds(5)))
    }

    /// Comes for whoever was let in, counted or not, and perhaps to a later generation with other networks: the slot knows.
    func released(_ connection: Connection) {
        guard connection[hasSeat] else { return }
        connection[hasSeat] = false
        taken.count.withLock { $0 -= 1 }
    }
}
