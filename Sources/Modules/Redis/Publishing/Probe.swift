import GatewayKit
import NIOCore

/// A message of the gateway's own on its way through Redis: one at a time.
struct Probe {
    private struct Flight {
        let number: UInt64
        let sent: NIODeadline
        let date: Timestamp
    }

    private var flight: Flight?
    private var last: UInt64 = 0

    /// Whether one is on its way.
    var isUnderWay: Bool { flight != nil }

    /// Sends one: gives its number.
    mutating func send(_ clock: GatewayClock) -> UInt64 {
        last &+= 1
        flight = Flight(number: last, sent: .now(), date: clock.timestamp)
        return last
    }

    /// One came back: gives the time that it was sent at, if it is the one that is waited for.
    mutating func returned(_ number: UInt64) -> Timestamp? {
        guard let flight, flight.number == number else { return nil }
        self.flight = nil
        return flight.date
    }

    /// How long the one on its way has been so.
    var age: TimeAmount { flight.map { NIODeadline.now() - $0.sent } ?? .zero }

    /// Nothing is waited for any more.
    mutating func forget() { flight = nil }
}
