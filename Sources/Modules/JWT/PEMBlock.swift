/// A block of a PEM file (RFC 7468).
struct PEMBlock {
    private static let maxBlocks = 16

    /// What stands between `BEGIN` and the dashes.
    let label: String
    let bytes: [UInt8]

    /// The blocks of a file, in order; what lies between them does not count, nor does a block that is damaged.
    static func read(_ text: [UInt8]) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var label: String?
        var body: [UInt8] = []
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where blocks.count < maxBlocks {
            let words = String(decoding: line, as: UTF8.self).split(separator: "-----")
            guard line.starts(with: "-----".utf8), let marker = words.first else {
                body += line.filter { $0 != 0x20 && $0 != 0x09 }
                continue
            }
            if marker.hasPrefix("BEGIN ") {
                label = String(marker.dropFirst(6))
                body = []
            } else if let found = label, marker == "END \(found)" {
                if let bytes = Base64.decode(body[...], .standard) { blocks.append(PEMBlock(label: found, bytes: bytes)) }
                label = nil
            }
        }
        return blocks
    }

    /// The block as text, in lines of 64 characters.
    var text: String {
        var lines = ["-----BEGIN \(label)-----"]
        var rest = Base64.encode(bytes, .standard)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }
}
