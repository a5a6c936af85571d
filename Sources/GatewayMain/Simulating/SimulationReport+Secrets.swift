import GatewayKit
import GatewayServer

extension SimulationReport {
    /// Puts stars in place of texts in what modules say: they do not know which of their settings are secrets elsewhere.
    mutating func hide(_ secrets: Set<String>) {
        for index in steps.indices {
            for secret in secrets {
                guard let text = steps[index].explanation?.text else { break }
                steps[index].explanation?.text = text.replacing(secret, with: "***")
            }
        }
    }
}
