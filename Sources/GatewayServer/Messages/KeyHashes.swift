/// A set of keys that keeps only their hashes: 63 bits under a key that each process draws anew.
///
/// Two keys of one frame that happen to share theirs would be taken for one; with a hundred thousand keys that is one frame in 10⁹.
/// In return a key costs eight bytes and is read once, which is what a frame made of nothing but keys comes down to.
struct KeyHashes {
    /// A power of two, at most half full; 0 is an empty slot.
    private var slots: [UInt64] = []
    private var count = 0

    /// Adds a key; false where it was there.
    mutating func insert(_ key: JSONString) -> Bool {
        if 2 * count >= slots.count { grow() }
        var hasher = Hasher()
        key.hash(into: &hasher)
        return insert(UInt64(bitPattern: Int64(hasher.finalize())) | 1)
    }

    private mutating func insert(_ hash: UInt64) -> Bool {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash >> 1) & mask
        while slots[index] != 0 {
            if slots[index] == hash { return false }
            index = (index + 1) & mask
        }
        slots[index] = hash
        count += 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: max(64, old.count * 4))
        count = 0
        for hash in old where hash != 0 { _ = insert(hash) }
    }
}
