import Foundation
import GatewayTestKit
import Testing

/// Requests that two readers could cut in two ways: docs/http.md says what each gets, and that the connection ends.
struct SmugglingSpec {
    private static let smuggled = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

    /// What is sent for each row of the page.
    private static let probes: [String: String] = [
        "both length headers": head("Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n",
        "two different lengths": head("Content-Length: 0", "Content-Length: 30") + smuggled,
        "the same length twice": head("Content-Length: 2", "Content-Length: 2") + "[]",
        "a list of lengths": head("Content-Length: 2, 2") + "[]",
        "a length with a sign": head("Content-Length: +2") + "[]",
        "a length in hexadecimal": head("Content-Length: 0x2") + "[]",
        "a length with a space inside": head("Content-Length: 2 0") + "[]",
        "a length beyond all bounds": head("Content-Length: 99999999999999999999"),
        "an unknown transfer coding": head("Transfer-Encoding: gzip"),
        "chunked, and another coding": head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n",
        "chunked twice": head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n",
        "chunked in disguise": head("Transfer-Encoding: xchunked") + "0\r\n\r\n",
        "chunked behind a tab": head("Transfer-Encoding:\u{B}chunked") + "0\r\n\r\n",
        "chunked in HTTP/1.0":
            "POST /echo HTTP/1.0\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "a space before a colon": head("Content-Length : 2") + "[]",
        "a folded line": head("X-Long: a\r\n b"),
        "a header without a name": head(": b"),
        "a line without a colon": head("nonsense"),
        "a bare line feed in the head": "POST /echo HTTP/1.1\nHost: h\n\n",
        "a bare carriage return in the head": "POST /echo HTTP/1.1\r\nHost: h\rX: y\r\n\r\n",
        "a NUL in a value": head("X-Nul: a\0b"),
        "no host": "GET /hello HTTP/1.1\r\n\r\n",
        "two hosts": "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "a chunk size that is no number": chunks("zz\r\n[]\r\n0\r\n\r\n"),
        "a chunk size with a sign": chunks("+2\r\n[]\r\n0\r\n\r\n"),
        "a chunk size in 0x form": chunks("0x2\r\n[]\r\n0\r\n\r\n"),
        "a chunk size with a space": chunks("2 \r\n[]\r\n0\r\n\r\n"),
        "a chunk size beyond all bounds": chunks("fffffffffffffffff\r\n[]\r\n0\r\n\r\n"),
        "an empty chunk size": chunks("\r\n[]\r\n0\r\n\r\n"),
        "a chunk longer than its size": chunks("1\r\n[]\r\n0\r\n\r\n"),
        "a bare line feed behind a chunk size": chunks("2\n[]\r\n0\r\n\r\n"),
        "a bare line feed behind a chunk": chunks("2\r\n[]\n0\r\n\r\n"),
        "a bare line feed in a chunk extension": chunks("2;a\nb\r\n[]\r\n0\r\n\r\n"),
        "a folded trailer": chunks("2\r\n[]\r\n0\r\nX: a\r\n b\r\n\r\n"),
        "a trailer without a colon": chunks("2\r\n[]\r\n0\r\nnonsense\r\n\r\n"),
        "trailers without end": chunks("2\r\n[]\r\n0\r\n" + String(repeating: "X-T: aaaaaaaaaaaaaaaa\r\n", count: 500)),
        "a version of two digits": "GET /hello HTTP/1.10\r\nHost: h\r\n\r\n",
        "two spaces in the request line": "GET  /hello HTTP/1.1\r\nHost: h\r\n\r\n",
        "HTTP/2 by surprise": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]

    private static func head(_ lines: String...) -> String {
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\(lines.map { "\($0)\r\n" }.joined())\r\n"
    }

    private static func chunks(_ text: String) -> String { head("Transfer-Encoding: chunked") + text }

    /// The rows of the page: probe and status.
    private static func rows() throws -> [(probe: String, status: Int)] {
        let page = try String(contentsOfFile: "docs/http.md", encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 2, let status = Int(cells[1]), (400..<600).contains(status) else { return nil }
            return (cells[0], status)
        }
    }

    // Promise: http.smuggling
    @Test func `each probe gets the status of the page, and its connection ends`() async throws {
        let rows = try Self.rows()
        #expect(Set(rows.map(\.probe)) == Set(Self.probes.keys))
        try await withGateway(web()) { gateway in
            for row in rows {
                let client = try await gateway.open()
                client.sendRaw((Self.probes[row.probe] ?? "") + Self.smuggled)
                let response = try await client.response()
                #expect(response.status == row.status, "\(row.probe)")
                #expect(response["connection"]?.hasPrefix("close") == true, "\(row.probe)")
                // What stands behind it is never answered.
                #expect(try await client.next() == .end, "\(row.probe)")
            }
        }
    }
}
