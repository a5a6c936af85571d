/// The name and labels of one series, spelled as Prometheus wants them.
struct SeriesKey: Hashable, Comparable, Sendable {
    struct Label: Hashable, Sendable {
        let name: String
        let value: String
    }

    let name: String
    /// By name; no name stands twice.
    let labels: [Label]

    init(_ label: String, suffix: String, _ dimensions: [(String, String)]) {
        let name = Self.spelled(label)
        let isTheCores = name.hasPrefix("gateway_") || name.hasPrefix("process_")
        self.name = (isTheCores ? "plugin_" : "") + (name.hasSuffix(suffix) ? name : name + suffix)
        let values = Dictionary(dimensions.map { (Self.spelled($0.0), $0.1) }) { _, last in last }
        labels = values.map { Label(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    static func < (left: SeriesKey, right: SeriesKey) -> Bool {
        guard left.name == right.name else { return left.name < right.name }
        return left.labels.map(\.value).lexicographicallyPrecedes(right.labels.map(\.value))
    }

    /// Letters, digits and `_`, not beginning with a digit; anything else becomes `_`.
    private static func spelled(_ name: String) -> String {
        let bytes = name.utf8.prefix(200).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.first.map(\.isNumber) ?? true ? "_" + text : text
    }
}
