import NIOCore

/// A value of Redis' protocol, versions 2 and 3 (redis.io, "Redis serialization protocol specification").
///
/// Bytes are slices of what was read.
indirect enum RESPValue: Equatable {
    /// `+`, `$`, `=`: text or bytes; a verbatim string with its three letters of format in front.
    case bytes(ByteBuffer)
    /// `-`, `!`: what Redis refused, beginning with a code such as `NOAUTH`.
    case error(String)
    /// `:`
    case integer(Int)
    /// `_`, and the null of version 2.
    case null
    /// `*`, `~`, and `%` with keys and values in turn.
    case array([RESPValue])
    /// `>`: something that no command asked for.
    case push([RESPValue])
    /// `#`, `,`, `(`: a boolean, a double, a big number; nothing that a gateway asks for answers so.
    case other(ByteBuffer)
}

/// What was sent is not Redis' protocol, or more of it than anybody sends.
struct RESPError: Error, Equatable, CustomStringConvertible {
    let description: String
}
