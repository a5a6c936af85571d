/// The key that a client's payload is XORed with (RFC 6455, 5.3).
struct FrameMask {
    /// The four bytes, the first one lowest.
    let key: UInt32

    /// The key as it applies `count` bytes into the payload.
    func advanced(by count: Int) -> FrameMask {
        let shift = UInt32(truncatingIfNeeded: (count & 3) * 8)
        return FrameMask(key: shift == 0 ? key : key >> shift | key << (32 - shift))
    }

    /// Masks or unmasks in place, eight bytes at a time.
    func apply(to bytes: UnsafeMutableRawBufferPointer) {
        let wide = (UInt64(key) << 32 | UInt64(key)).littleEndian
        var offset = 0
        while bytes.count - offset >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: word ^ wide, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        var rest = key
        while offset < bytes.count {
            bytes[offset] ^= UInt8(truncatingIfNeeded: rest)
            rest = rest >> 8 | rest << 24
            offset += 1
        }
    }
}
