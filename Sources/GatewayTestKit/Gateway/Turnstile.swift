/// Lets a few tests at a time have a gateway: hundreds of gateways at once, each with threads of its own, only starve each other.
///
/// Who needs several places gets them at once or not yet, and nobody overtakes who waits longer: so nobody holds some and waits for more.
actor Turnstile {
    /// The one that ``TestGateway`` uses.
    static let gateways = Turnstile(places: 8)

    private let places: Int
    private var free: Int
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(places: Int) {
        self.places = places
        free = places
    }

    /// Waits for places; who wants more than there are waits for all.
    func enter(_ count: Int = 1) async {
        let count = min(count, places)
        guard !waiting.isEmpty || free < count else {
            free -= count
            return
        }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    /// Gives the places to whoever waits longest, once there are enough.
    func leave(_ count: Int = 1) {
        free += min(count, places)
        while let next = waiting.first, next.count <= free {
            free -= next.count
            waiting.removeFirst()
            next.continuation.resume()
        }
    }
}
