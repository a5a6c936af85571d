import GatewayMain
import GatewayServer
import Logging
import Testing

@Suite struct LogThresholdTests {
    @Test func `a change of the threshold is at once in force for every logger, but for one with a level of its own`() {
        let threshold = LogThreshold(.info)
        let sink = LogSink { _ in }
        let logger = Logger(label: "a") { _ in GatewayLogHandler(threshold: threshold, style: .json, sink: sink) }
        var own = logger
        own.logLevel = .error
        #expect(logger.logLevel == .info)
        for (level, wanted) in [(LogSettings.Level.debug, Logger.Level.debug), (.warning, .warning), (.error, .error), (.info, .info)] {
            threshold.level = level
            #expect(threshold.level == level)
            #expect(logger.logLevel == wanted)
            #expect(own.logLevel == .error)
        }
    }
}
