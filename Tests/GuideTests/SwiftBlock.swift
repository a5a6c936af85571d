import Testing

/// A block of Swift on a page of the documentation.
struct SwiftBlock: Sendable, CustomTestStringConvertible {
    /// The page, and the number of its first line there.
    let place: String
    let lines: [String]

    var testDescription: String { place }

    /// The blocks of a page, in order.
    static func blocks(of page: String, _ text: String) -> [SwiftBlock] {
        var blocks: [SwiftBlock] = []
        var open: (language: String, first: Int)?
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            if let (language, first) = open {
                if language == "swift" { blocks.append(SwiftBlock(place: "\(page):\(first + 1)", lines: Array(lines[first..<index]))) }
                open = nil
            } else {
                open = (line.dropFirst(3).lowercased(), index + 1)
            }
        }
        return blocks
    }

    /// How many lines of the block stand in a file, one after the other and with the same indentation to each other: the most that do.
    func commonLines(with file: [String]) -> Int {
        guard let first = lines.first else { return 0 }
        return file.indices.map { start in
            guard file[start].hasSuffix(first) else { return 0 }
            let indentation = file[start].dropLast(first.count)
            guard indentation.allSatisfy({ $0 == " " }) else { return 0 }
            return zip(lines, file[start...]).prefix { $0.isEmpty ? $1.isEmpty : $1 == indentation + $0 }.count
        }.max() ?? 0
    }

    /// What is wrong with the block, given the lines of each file by its path; nil where one of them has all of it.
    func defect(_ files: [String: [String]]) -> String? {
        let counts = files.mapValues { commonLines(with: $0) }
        guard let (path, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), count > 0 else {
            return "\(place): no compiled file has its first line: \(lines.first ?? "")"
        }
        guard count < lines.count else { return nil }
        return "\(place): no compiled file has all of it; \(path) has it up to the line: \(lines[count])"
    }
}
