import CoreMetrics
import GatewayAdmin
import GatewayServer
import NIOCore
import Testing

struct MetricRegistryTests {
    private let registry = MetricRegistry()

    private var text: String { String(buffer: PrometheusText.render(registry.families())) }

    @Test func `counters, gauges, recorders and timers are told`() {
        Counter(label: "orders", dimensions: [("kind", "a")], factory: registry).increment(by: 2)
        Counter(label: "orders", dimensions: [("kind", "a")], factory: registry).increment()
        Counter(label: "orders", dimensions: [("kind", "b")], factory: registry).increment()
        Gauge(label: "queue.length", factory: registry).record(7)
        Meter(label: "level", factory: registry).set(3)
        FloatingPointCounter(label: "weight", factory: registry).increment(by: 2.5)
        Recorder(label: "size", factory: registry).record(2.5)
        Timer(label: "call", factory: registry).recordMilliseconds(20)
        for line in [
            "# TYPE orders_total counter", "orders_total{kind=\"a\"} 3", "orders_total{kind=\"b\"} 1", "# TYPE queue_length gauge",
            "queue_length 7", "level 3", "weight_total 2", "# TYPE size summary", "size_sum 2.5", "size_count 1",
            "# TYPE call_seconds histogram",
            "call_seconds_bucket{le=\"0.025\"} 1", "call_seconds_sum 0.02", "call_seconds_count 1",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }

    @Test(arguments: [
        ("gateway_connections", "plugin_gateway_connections_total"), ("process.cpu", "plugin_process_cpu_total"), ("1st", "_1st_total"),
        ("", "__total"), ("söme name", "s__me_name_total"), ("done_total", "done_total"),
    ])
    func `names are spelled as Prometheus wants them, and are not the core's`(label: String, name: String) {
        Counter(label: label, factory: registry).increment()
        #expect(registry.families().map(\.name) == [name])
    }

    @Test func `the number of series is bounded`() {
        for number in 0..<3000 { Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry).increment() }
        #expect(registry.families().flatMap(\.samples).count == MetricRegistry.maxSeries)
    }

    @Test func `what is destroyed makes room`() {
        for number in 0..<3000 {
            let counter = Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry)
            counter.increment()
            counter.destroy()
        }
        #expect(registry.families().isEmpty)
        Counter(label: "c", factory: registry).increment()
        #expect(registry.families().count == 1)
    }

    @Test func `a name of one kind is no other`() {
        Gauge(label: "a_seconds", factory: registry).record(1)
        Timer(label: "a", factory: registry).recordSeconds(1)
        #expect(registry.families().map(\.kind) == [.gauge])
    }
}
