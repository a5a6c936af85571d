public import GatewayKit
import Glibc
import NIOCore

extension GatewayClock {
    /// The machine's clocks.
    public static var system: GatewayClock {
        GatewayClock(monotonic: { .now() }) {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        }
    }
}
