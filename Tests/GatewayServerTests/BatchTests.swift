import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct BatchTests {
    private func items(_ text: String) throws -> [Result<ClientFrame, FrameDefect>] {
        guard case .batch(let items) = ClientMessageParser.parse(ByteBuffer(string: text), maxBatch: 3) else {
            throw Unexpected(text: "no batch")
        }
        return items
    }

    @Test(arguments: 1...3) func `a batch has its frames in order`(count: Int) throws {
        let text = "[" + (0..<count).map { #" {"type":"ping","id":"\#($0)"} "# }.joined(separator: ",") + "]"
        #expect(try items(text).map { try $0.get().id } == (0..<count).map { ByteBuffer(string: #""\#($0)""#) })
    }

    @Test(arguments: [
        "[]", "[ ]", "[", "[1]", "[[]]", "[null]", #"["ping"]"#, #"[{"type":"ping"},1]"#, #"[{"type":"ping"}"#, #"[{"type":"ping"},]"#,
        #"[{"type":"ping"}]x"#, #"[{"type":"ping"},{"type":}]"#, "[{},{},{},{}]", "[{\"a\":" + String(repeating: "[", count: 40),
        "[{\"a\":" + String(repeating: "[", count: 31) + String(repeating: "]", count: 31) + "}]",
    ])
    func `a batch that is wrong anywhere is refused as a whole`(text: String) throws {
        #expect(try defect(text).rejection.reason == .batch)
    }

    @Test func `the bracket of a batch counts as a level`() throws {
        let data = String(repeating: "[", count: 30) + String(repeating: "]", count: 30)
        #expect(try items(#"[{"type":"message","data":\#(data)}]"#).count == 1)
    }

    @Test func `a defect of one item is that item's alone`() throws {
        let items = try items(#"[{"type":"ping","type":"ping","id":"x"},{"type":"ping"},{}]"#)
        #expect(
            items.map { if case .failure(let defect) = $0 { defect.rejection.reason.slug } else { "" } } == [
                "duplicate_key", "", "missing_field",
            ])
        guard case .failure(let first) = items[0] else { return }
        #expect(first.id == ByteBuffer(string: #""x""#))
    }

    @Test func `the size of an item is that of its own text`() throws {
        #expect(try items(#"[ {"type":"ping"} , {"type":"auth" } ]"#).map { try $0.get().byteCount } == [15, 16])
    }
}
