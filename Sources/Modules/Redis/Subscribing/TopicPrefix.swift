import NIOCore

extension ByteBuffer {
    /// The beginning of a topic or pattern: its first segments, as many as are literal and at most `count`; empty where there are none.
    func literalPrefix(_ count: Int) -> ByteBuffer {
        let view = readableBytesView
        var end = view.startIndex
        var start = view.startIndex
        for _ in 0..<count {
            let dot = view[start...].firstIndex(of: UInt8(ascii: ".")) ?? view.endIndex
            // A wildcard is a whole segment.
            guard start < dot, view[start] != UInt8(ascii: "*") else { break }
            end = dot
            guard dot < view.endIndex else { break }
            start = dot + 1
        }
        return getSlice(at: readerIndex, length: end - view.startIndex) ?? ByteBuffer()
    }

    /// What a topic lies below, from everything on: the prefixes of up to `count` segments that are shorter than the topic.
    func properPrefixes(_ count: Int) -> [ByteBuffer] {
        var found = [ByteBuffer()]
        for (index, byte) in readableBytesView.enumerated() where byte == UInt8(ascii: ".") {
            guard found.count <= count, let prefix = getSlice(at: readerIndex, length: index) else { break }
            found.append(prefix)
        }
        return found
    }
}
