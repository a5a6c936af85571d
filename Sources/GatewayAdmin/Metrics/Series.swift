import CoreMetrics
import GatewayServer
import NIOCore
import Synchronization

/// What a module or a library counts under one name and one set of labels; callable on any thread.
protocol Series: AnyObject, Sendable {
    var key: SeriesKey { get }
    func samples(_ labels: [(name: String, value: String)]) -> [MetricFamily.Sample]
}

final class CounterSeries: Series, CounterHandler {
    let key: SeriesKey
    private let count = Atomic<Int64>(0)

    init(_ key: SeriesKey) { self.key = key }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func samples(_ labels: [(name: String, value: String)]) -> [MetricFamily.Sample] {
        [.init(labels, Double(count.load(ordering: .relaxed)))]
    }
}

/// The last value that was set.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    let key: SeriesKey
    private let value = Mutex(0.0)

    init(_ key: SeriesKey) { self.key = key }

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func samples(_ labels: [(name: String, value: String)]) -> [MetricFamily.Sample] { [.init(labels, value.withLock { $0 })] }
}

/// How many values there were, and their sum.
final class RecorderSeries: Series, RecorderHandler {
    let key: SeriesKey
    private let values = Mutex((count: 0, sum: 0.0))

    init(_ key: SeriesKey) { self.key = key }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        values.withLock { values in
            values.count &+= 1
            values.sum += value
        }
    }

    func samples(_ labels: [(name: String, value: String)]) -> [MetricFamily.Sample] {
        let values = values.withLock { $0 }
        return [.init(suffix: "_sum", labels, values.sum), .init(suffix: "_count", labels, Double(values.count))]
    }
}

final class TimerSeries: Series, TimerHandler {
    let key: SeriesKey
    private let histogram = Mutex(DurationHistogram(bounds: DurationHistogram.coarse))

    init(_ key: SeriesKey) { self.key = key }

    func recordNanoseconds(_ duration: Int64) { histogram.withLock { $0.record(.nanoseconds(duration)) } }

    func samples(_ labels: [(name: String, value: String)]) -> [MetricFamily.Sample] { histogram.withLock { $0 }.samples(labels) }
}
