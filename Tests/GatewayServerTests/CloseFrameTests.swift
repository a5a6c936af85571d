import NIOCore
import Testing

@testable import GatewayServer

@Suite struct CloseFrameTests {
    private func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        ClientFrames.frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
    func `a valid close code comes out`(code: UInt16) {
        #expect(ClientFrames.decode(close(code, Array("bye".utf8))).frames == [.close(code: code)])
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16])
    func `any other close code is a protocol error`(code: UInt16) {
        #expect(ClientFrames.decode(close(code)).error == .protocolError("close code \(code)"))
    }

    @Test func `a close reason must be UTF-8`() {
        #expect(ClientFrames.decode(close(1000, [0xC3, 0x28])).error == .invalidUTF8)
        #expect(ClientFrames.decode(close(1000, Array(repeating: 0x61, count: 123))).frames == [.close(code: 1000)])
    }
}
