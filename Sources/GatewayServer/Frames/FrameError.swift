/// Why a connection can be read no further.
enum FrameError: Error, Equatable {
    /// Against RFC 6455; says what, for the log. Close 1002.
    case protocolError(String)
    /// A message over the limit, told by its headers. Close 1009.
    case tooBig
    /// Text that is no UTF-8. Close 1007.
    case invalidUTF8
    /// A message of more than ``FrameDecoder/maxFragments`` frames.
    case tooManyFragments
}
