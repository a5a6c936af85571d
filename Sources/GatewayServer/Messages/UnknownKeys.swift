/// The keys of one object that mean nothing to us, kept to find one that stands twice.
///
/// The first four cost no memory; beyond them ``KeyHashes`` keep a frame with a hundred thousand keys from costing the square of that.
struct UnknownKeys {
    private var first: JSONString?
    private var second: JSONString?
    private var third: JSONString?
    private var fourth: JSONString?
    private var others = KeyHashes()

    /// Adds a key; false where it was there.
    mutating func insert(_ key: JSONString) -> Bool {
        if first == nil {
            first = key
            return true
        }
        if key == first || key == second || key == third || key == fourth { return false }
        if second == nil {
            second = key
        } else if third == nil {
            third = key
        } else if fourth == nil {
            fourth = key
        } else {
            return others.insert(key)
        }
        return true
    }
}
