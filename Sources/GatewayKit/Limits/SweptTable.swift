/// A dictionary that forgets what has become idle a few entries at a time, so that no single call pays for all of them.
///
/// For state by address or by user, which strangers can make grow. It has no bound of its own: sweep before each insertion, and ask
/// ``count`` whether there is room.
public struct SweptTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var places: [Key: Int] = [:]
    private var entries: [(key: Key, value: Value)] = []
    /// Where the next sweep goes on.
    private var hand = 0

    /// Makes an empty table.
    public init() {}

    /// How many entries there are.
    public var count: Int { entries.count }

    /// The value of a key; nil where there is none, and to remove it.
    public subscript(key: Key) -> Value? {
        get { places[key].map { entries[$0].value } }
        set {
            switch (places[key], newValue) {
            case (let place?, let value?): entries[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?):
                places[key] = entries.count
                entries.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// Looks at the next `limit` entries, in turn, and forgets those that are idle.
    ///
    /// - Parameters:
    ///   - limit: How many entries to look at.
    ///   - isIdle: Whether an entry can go; gets the value in place, so that `isKnownUniquelyReferenced` works on it.
    public mutating func sweep(_ limit: Int, _ isIdle: (inout Value) -> Bool) {
        for _ in 0..<max(0, min(limit, entries.count)) {
            if hand >= entries.count { hand = 0 }
            if isIdle(&entries[hand].value) { remove(at: hand) } else { hand += 1 }
        }
    }

    private mutating func remove(at place: Int) {
        places[entries[place].key] = nil
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        places[last.key] = place
    }
}
