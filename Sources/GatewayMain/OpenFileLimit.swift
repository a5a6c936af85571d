import Foundation

/// How many files, and so connections, this process may have open.
enum OpenFileLimit {
    /// The limit that a start raises its own to; nil where the system does not say.
    static var hard: UInt64? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? UInt64(limit.rlim_max) : nil
    }

    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: The limit before and after; nil where the system does not say.
    static func raise() -> (before: UInt64, after: UInt64)? {
        // glibc imports the constant as an enumeration for `getrlimit`.
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return nil }
        let before = limit.rlim_cur
        guard before < limit.rlim_max else { return (UInt64(before), UInt64(before)) }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        let after = setrlimit(files, &raised) == 0 ? raised.rlim_cur : before
        return (UInt64(before), UInt64(after))
    }
}
