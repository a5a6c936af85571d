import GatewayKit
import GatewayTestKit
import Testing

struct SweptTableTests {
    @Test func `it holds what a dictionary would after any sequence of changes`() {
        var generator = SeededRandom(seed: 7)
        var table = SweptTable<Int, Int>()
        var expected: [Int: Int] = [:]
        for _ in 0..<20_000 {
            let key = Int.random(in: 0..<60, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: (table[key], expected[key]) = (nil, nil)
            case 1:
                table.sweep(10) { value in
                    let isIdle = value.isMultiple(of: 7)
                    if isIdle { expected[value / 1000] = nil }
                    return isIdle
                }
            default:
                let value = key * 1000 + Int.random(in: 0..<1000, using: &generator)
                (table[key], expected[key]) = (value, value)
            }
            #expect(table.count == expected.count)
        }
        for key in 0..<60 { #expect(table[key] == expected[key]) }
    }

    @Test func `a sweep from the start to the end forgets everything that is idle`() {
        var table = SweptTable<Int, Int>()
        for key in 0..<1000 { table[key] = key }
        table.sweep(.max) { !$0.isMultiple(of: 3) }
        #expect((0..<1000).allSatisfy { (table[$0] != nil) == $0.isMultiple(of: 3) })
    }

    @Test func `sweeps go on where the last one ended`() {
        var table = SweptTable<Int, Int>()
        for key in 0..<10 { table[key] = key }
        var seen: [Int] = []
        for _ in 0..<5 {
            table.sweep(2) { value in
                seen.append(value)
                return false
            }
        }
        #expect(seen == Array(0..<10))
    }

    @Test func `a sweep looks at no more entries than it may`() {
        var table = SweptTable<Int, Int>()
        for key in 0..<10 { table[key] = key }
        table.sweep(3) { _ in true }
        #expect(table.count == 7)
        table.sweep(-1) { _ in true }
        #expect(table.count == 7)
    }
}
