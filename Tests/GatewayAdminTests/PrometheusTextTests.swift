import GatewayAdmin
import GatewayServer
import NIOCore
import Testing

struct PrometheusTextTests {
    @Test func `the text is what the format says`() {
        var histogram = DurationHistogram(bounds: [.milliseconds(1), .milliseconds(500)])
        for milliseconds in [0, 1, 2, 700] { histogram.record(.milliseconds(Int64(milliseconds))) }
        let families = [
            MetricFamily("gateway_connections", .gauge, "Open now.", 3),
            MetricFamily("a_total", .counter, "A \"quote\", a \\ and\na line.", [.init([("name", "a\"b\\c\nd"), ("mode", "é")], 0.5)]),
            MetricFamily("empty_total", .counter, "Nothing yet.", []),
            MetricFamily("wait_seconds", .histogram, "Waits.", histogram.samples([("module", "m")])),
            MetricFamily("odd", .gauge, "Odd numbers.", [.init([], .infinity), .init([], -.infinity), .init([], .nan), .init([], 1e20)]),
            MetricFamily("gateway_connections", .counter, "A second one of the name is left out.", 9),
        ]
        #expect(
            String(buffer: PrometheusText.render(families)) == #"""
                # HELP gateway_connections Open now.
                # TYPE gateway_connections gauge
                gateway_connections 3
                # HELP a_total A "quote", a \\ and\na line.
                # TYPE a_total counter
                a_total{name="a\"b\\c\nd",mode="é"} 0.5
                # HELP empty_total Nothing yet.
                # TYPE empty_total counter
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{module="m",le="0.001"} 2
                wait_seconds_bucket{module="m",le="0.5"} 3
                wait_seconds_bucket{module="m",le="+Inf"} 4
                wait_seconds_sum{module="m"} 0.703
                wait_seconds_count{module="m"} 4
                # HELP odd Odd numbers.
                # TYPE odd gauge
                odd +Inf
                odd -Inf
                odd NaN
                odd 1e+20

                """#)
    }
}
