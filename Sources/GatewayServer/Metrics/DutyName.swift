import GatewayKit
import Synchronization

/// A module in a stage, as metrics and the log name it.
///
/// A number stands for it, so that whom a loop has called can be written down for other threads at no cost. Names are never forgotten: there
/// are as many as gateway.yaml has ever had since the start.
struct DutyName: Hashable, Sendable {
    private static let names = Mutex<[(stage: String, instance: String)]>([])

    let number: Int

    /// A module in a list of the pipeline.
    init(_ stage: Stage, _ instance: String) { self.init(stage.rawValue, instance) }

    /// A module that is told of what happens; it stands in no list for that.
    init(hooksOf instance: String) { self.init("hooks", instance) }

    /// What was written down before; nil for 0, which stands for nobody.
    init?(number: Int) {
        guard number > 0 else { return nil }
        self.number = number
    }

    private init(_ stage: String, _ instance: String) {
        number = Self.names.withLock { names in
            if let index = names.firstIndex(where: { $0 == (stage, instance) }) { return index + 1 }
            names.append((stage, instance))
            return names.count
        }
    }

    /// The list of the pipeline, or `hooks`.
    var stage: String { names.stage }
    /// The key under `modules`.
    var instance: String { names.instance }

    private var names: (stage: String, instance: String) {
        Self.names.withLock { names in names.indices.contains(number - 1) ? names[number - 1] : ("", "") }
    }
}

extension DutyName: Comparable {
    static func < (left: Self, right: Self) -> Bool { (left.stage, left.instance) < (right.stage, right.instance) }
}
