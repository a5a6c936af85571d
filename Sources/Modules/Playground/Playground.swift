public import GatewayKit

/// Serves one page to try the gateway with: two clients that log in, subscribe, publish and show their frames.
///
/// For development: it is open to everybody, and its form has the example user's password in it. The page is one document that loads
/// nothing, and its `Content-Security-Policy` lets nothing run but its own script.
public struct Playground: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "playground"
    /// What the module does.
    public static let summary = "Serves a page at / to try the gateway with: log in, subscribe, publish, see the frames."
    /// What the module answers.
    public let routes: [HTTPRoute]

    /// Makes the page.
    public init(settings: NoSettings, context: ModuleContext) {
        let page = PlaygroundPage(endpoint: context.endpoint)
        var response = HTTPResponse.text(200, type: "text/html; charset=utf-8", page.html)
        response.headers += [
            ("Cache-Control", "no-cache"), ("Content-Security-Policy", page.policy), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ]
        let operation = HTTPOperation(
            "readPlayground", "A page to try the gateway with.", answers: [.init(200, "The page.", type: "text/html; charset=utf-8")])
        routes = [HTTPRoute(.get, "/", operation) { [response] _ in response }]
    }
}
