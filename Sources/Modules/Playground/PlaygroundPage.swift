import Crypto
import Foundation
import GatewayKit

/// The page: one HTML document with its style and script inside, and the policy that lets a browser run these and nothing else.
struct PlaygroundPage {
    let html: String
    /// The value of `Content-Security-Policy` (w3.org/TR/CSP3).
    let policy: String

    init(endpoint: String) {
        let script = [Self.framesScript, Self.topicsScript, Self.clientScript].joined(separator: "\n\n")
        html = """
            <!doctype html>
            <html lang="en" data-endpoint="\(Self.escaped(endpoint))">
            <head>
            \(Self.head)
            <style>\(Self.style)</style>
            </head>
            <body>
            \(Self.body)
            \(Self.client)
            <script>\(script)</script>
            </body>
            </html>

            """
        // ws: and wss: for browsers to which 'self' is http alone.
        policy = [
            "default-src 'none'", "script-src \(Self.source(script))", "style-src \(Self.source(Self.style))", "img-src data:",
            "connect-src 'self' ws: wss:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// A text in the quotes of an attribute.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
    }

    private static func source(_ text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
    }
}
