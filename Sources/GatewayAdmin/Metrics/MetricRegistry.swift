package import CoreMetrics
package import GatewayServer
import Synchronization

/// Keeps what modules and libraries count through swift-metrics, to be told beside the core's own metrics.
///
/// Bounded: beyond ``maxSeries`` a new metric counts for nothing. Names that are the core's get `plugin_` in front.
package final class MetricRegistry: MetricsFactory {
    /// The one of the process, in which everything is counted that is made after this was first asked for.
    package static let process: MetricRegistry = {
        let registry = MetricRegistry()
        MetricsSystem.bootstrap(registry)
        return registry
    }()

    private struct Contents {
        var families: [String: MetricFamily.Kind] = [:]
        var series: [SeriesKey: any Series] = [:]
    }

    package static let maxSeries = 1000
    private let contents = Mutex(Contents())

    package init() {}

    /// Everything that has been counted, in alphabetical order.
    package func families() -> [MetricFamily] {
        let (kinds, series) = contents.withLock { ($0.families, $0.series) }
        var families: [String: MetricFamily] = [:]
        for (key, series) in series.sorted(by: { $0.key < $1.key }) {
            guard let kind = kinds[key.name] else { continue }
            families[key.name, default: MetricFamily(key.name, kind, "Counted by a module or a library.", [])].samples +=
                series.samples(key.labels.map { ($0.name, $0.value) })
        }
        return families.values.sorted { $0.name < $1.name }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", dimensions, .counter) { CounterSeries($0) } ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            return series(label, suffix: "", dimensions, .summary) { RecorderSeries($0) } ?? NOOPMetricsHandler.instance
        }
        return gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", dimensions, .histogram) { TimerSeries($0) } ?? NOOPMetricsHandler.instance
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler as? any Series) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler as? any Series) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler as? any Series) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler as? any Series) }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries? {
        series(label, suffix: "", dimensions, .gauge) { GaugeSeries($0) }
    }

    /// The series of a name and its labels, made where there is none; nil where there are enough, or the name is of another kind.
    private func series<Made: Series>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind, _ make: (SeriesKey) -> Made
    ) -> Made? {
        let key = SeriesKey(label, suffix: suffix, dimensions)
        return contents.withLock { contents in
            guard contents.families[key.name] ?? kind == kind else { return nil }
            if let known = contents.series[key] { return known as? Made }
            guard contents.series.count < Self.maxSeries else { return nil }
            let made = make(key)
            contents.families[key.name] = kind
            contents.series[key] = made
            return made
        }
    }

    private func remove(_ series: (any Series)?) {
        guard let series else { return }
        contents.withLock { contents in
            guard contents.series[series.key] === series else { return }
            contents.series[series.key] = nil
            if !contents.series.keys.contains(where: { $0.name == series.key.name }) { contents.families[series.key.name] = nil }
        }
    }
}
