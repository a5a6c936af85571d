import GatewayServer
import Glibc

/// What the system says of this process.
enum ProcessMetrics {
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let bytes = residentMemory() {
            families.append(MetricFamily("process_resident_memory_bytes", .gauge, "Memory that is in use.", bytes))
        }
        families.append(
            MetricFamily("process_cpu_seconds_total", .counter, "Time on processors.", [.init([], processorSeconds())]))
        if let count = openFiles() {
            families.append(MetricFamily("process_open_fds", .gauge, "Open files and sockets.", count))
        }
        return families
    }

    /// The second number of /proc/self/statm, in pages (proc(5)).
    private static func residentMemory() -> Int? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let words = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return nil }
        return pages &* Int(sysconf(CInt(_SC_PAGESIZE)))
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Linux 6.2 and later has the number as the folder's size; before, the entries are counted.
    private static func openFiles() -> Int? {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Neither `.` nor `..`, nor the folder itself.
        return max(0, count - 3)
    }
}
