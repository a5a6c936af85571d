import Fuzzing
import NIOCore

@testable import RedisModule

/// What Redis sends, whole and in pieces: the same values come out, nothing is taken too early, and commands read as their words.
@main enum RESPReaderTarget {
    static func main() {
        runFuzzer { data, size in
            RESPReaderTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let wire = Array(bytes.dropFirst())
        let whole = read(wire, chunk: max(1, wire.count))
        let pieces = read(wire, chunk: 1 + Int(first) % 17)
        require(whole.elements == pieces.elements, "values depend on how bytes are split")
        require(whole.hasFailed == pieces.hasFailed, "an error depends on how bytes are split")
        require(whole.hasFailed || whole.rest == pieces.rest, "the rest depends on how bytes are split")
        writeAgain(wire)
    }

    private static func read(_ bytes: [UInt8], chunk: Int) -> (elements: [RESPReader.Element], hasFailed: Bool, rest: Int) {
        var elements: [RESPReader.Element] = []
        var buffer = ByteBuffer()
        var rest = bytes[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            do throws(RESPError) {
                while true {
                    let before = buffer.readableBytes
                    guard let element = try RESPReader.read(&buffer) else {
                        require(buffer.readableBytes == before, "bytes are taken without a value")
                        break
                    }
                    require(buffer.readableBytes <= before - 3, "a value of less than a sign and the end of a line")
                    elements.append(element)
                }
            } catch {
                return (elements, true, buffer.readableBytes)
            }
        }
        return (elements, false, buffer.readableBytes)
    }

    /// A command is an array of strings, with any bytes.
    private static func writeAgain(_ bytes: [UInt8]) {
        let word = ByteBuffer(bytes: bytes)
        var buffer = ByteBuffer()
        buffer.writeCommand(words: 2)
        buffer.writeWord("PUBLISH")
        buffer.writeWord(word.readableBytes) { $0.writeImmutableBuffer(word) }
        let expected = RESPReader.Element.value(.array([.bytes(ByteBuffer(string: "PUBLISH")), .bytes(word)]))
        require((try? RESPReader.read(&buffer)) == expected && buffer.readableBytes == 0, "a command reads as something else")
    }
}
