import Foundation

/// What Foundation says of a file that it could not write or read.
enum FileFailure {
    /// The system's words where it has some: `Permission denied`.
    static func words(_ error: any Error) -> String {
        if case CocoaError.fileNoSuchFile = error { return "No such file or directory" }
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let cause, cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
        return String(cString: strerror(Int32(truncatingIfNeeded: cause.code)))
    }
}
