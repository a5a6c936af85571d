import Foundation

// Benchmarks [MESSAGES]: what a message costs in each pipeline. Ends with 1 where a message that is let through allocates memory.

let messages = min(max(CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000, 200), 1_000_000)
var allocating: [String] = []
print("a message of 103 bytes to one subscriber; the best of 10 rounds of \(messages)")
print("pipeline          ns in the program   ns with the kernel   allocations")
do {
    for scenario in Scenario.all {
        let cost = try await Measurement.of(scenario, messages: messages, rounds: 10)
        let name = scenario.name.padding(toLength: 16, withPad: " ", startingAt: 0)
        print(String(format: "%@ %18.0f %20.0f %13.3f", name, cost.user, cost.total, cost.allocations))
        if cost.allocates { allocating.append(scenario.name) }
    }
} catch {
    print("error: \(error)")
    exit(1)
}
if !allocating.isEmpty { print("error: a message that is let through allocates memory: \(allocating.joined(separator: ", "))") }
exit(allocating.isEmpty ? 0 : 1)
