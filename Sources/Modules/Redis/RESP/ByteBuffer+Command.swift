import NIOCore

extension ByteBuffer {
    /// Writes the head of a command: how many words it has, its name included.
    mutating func writeCommand(words: Int) {
        writeInteger(UInt8(ascii: "*"))
        writeDigits(words)
        writeStaticString("\r\n")
    }

    /// Writes a command of words.
    mutating func writeCommand(_ words: String...) {
        writeCommand(words: words.count)
        for word in words { writeWord(word) }
    }

    /// Writes one word of a command.
    mutating func writeWord(_ word: String) {
        writeWordHead(word.utf8.count)
        writeString(word)
        writeStaticString("\r\n")
    }

    /// Writes one word of a command in parts; `body` writes exactly `length` bytes.
    mutating func writeWord(_ length: Int, _ body: (inout ByteBuffer) -> Void) {
        writeWordHead(length)
        body(&self)
        writeStaticString("\r\n")
    }

    private mutating func writeWordHead(_ length: Int) {
        writeInteger(UInt8(ascii: "$"))
        writeDigits(length)
        writeStaticString("\r\n")
    }

    /// Decimal digits, without making a string of them.
    private mutating func writeDigits(_ number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
