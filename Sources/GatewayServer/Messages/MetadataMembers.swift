internal import NIOCore

/// The members of a client's `metadata`, as they go into the broadcast in front of the gateway's own.
enum MetadataMembers {
    /// Whether a member is for the gateway alone to set.
    static func isReserved(_ key: JSONString) -> Bool { key.equals("senderId") || key.equals("senderConnectionId") }

    /// Where the members stand: without the braces and the white space next to them.
    ///
    /// - Parameter object: A valid object with its braces.
    /// - Returns: Offsets in `object`.
    static func range(of object: UnsafeRawBufferPointer) -> Range<Int> {
        var range = min(1, object.count)..<max(1, object.count - 1)
        while let first = range.first, isSpace(object[first]) { range = (first + 1)..<range.upperBound }
        while let last = range.last, isSpace(object[last]) { range = range.lowerBound..<last }
        return range
    }

    /// The members without those that are reserved, joined by commas.
    ///
    /// - Parameter object: A valid object with its braces.
    /// - Returns: The members, each as it came.
    /// - Throws: ``JSONScanner/Failure`` where it is no object.
    static func unreserved(_ object: UnsafeRawBufferPointer) throws(JSONScanner.Failure) -> ByteBuffer {
        var members = ByteBufferAllocator().buffer(capacity: object.count)
        var scanner = JSONScanner(object)
        try scanner.readMembers(depth: 0) { (scanner, key) throws(JSONScanner.Failure) in
            let value = try scanner.readValue(depth: 0)
            guard !isReserved(key) else { return }
            if members.readableBytes > 0 { members.writeInteger(UInt8(ascii: ",")) }
            members.writeInteger(UInt8(ascii: "\""))
            members.writeBytes(key.bytes)
            members.writeStaticString("\":")
            members.writeBytes(value.slice(of: object))
        }
        return members
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): true
        default: false
        }
    }
}
