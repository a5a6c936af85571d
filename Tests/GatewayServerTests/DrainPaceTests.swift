import NIOCore
import Testing

@testable import GatewayServer

@Suite struct DrainPaceTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// How many are left of `count` after each step of a drain over ten seconds.
    private func left(of count: Int, stepping by: TimeAmount) -> [Int] {
        let pace = DrainPace(start: start, duration: .seconds(10))
        var (left, now, course) = (count, start, [Int]())
        while left > 0 {
            left -= pace.share(of: left, now)
            now = now + by
            course.append(left)
        }
        return course
    }

    @Test func `clients go evenly over the whole duration`() {
        let course = left(of: 2_000, stepping: .milliseconds(50))
        #expect(course.count == 200)
        #expect(course[99] == 1_000)
    }

    @Test func `a loop that is late catches up and is no later at the end`() {
        #expect(left(of: 2_000, stepping: .milliseconds(333)).count <= 32)
    }

    @Test func `few clients go one a step`() {
        #expect(left(of: 3, stepping: .milliseconds(50)) == [2, 1, 0])
    }

    @Test func `without a duration all go at once`() {
        #expect(DrainPace(start: start, duration: .zero).share(of: 500, start) == 500)
    }
}
