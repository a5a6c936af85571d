import Foundation
import Testing

@testable import GatewayMain

@Suite struct StandardOutputTests {
    @Test func `a pipe whose reader is gone has ended`() async throws {
        let pipe = Pipe()
        var ended = StandardOutput.ended(pipe.fileHandleForWriting.fileDescriptor).makeAsyncIterator()
        try pipe.fileHandleForReading.close()
        #expect(await ended.next() != nil)
    }
}
