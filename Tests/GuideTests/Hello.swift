import GatewayKit

/// Greets who has a token.
struct Hello: HTTPModule {
    static let name = "hello"
    static let summary = "Greets who has a token."

    init(settings: NoSettings, context: ModuleContext) {}

    var routes: [HTTPRoute] {
        [
            HTTPRoute(
                .get, "/hello/<name>", authentication: .bearer,
                HTTPOperation("hello", "A greeting.", answers: [.init(200, "It.", type: "text/plain")])
            ) { request in
                .text(200, "Hello \(request.parameters["name"] ?? ""), says \(request.principal?.userID ?? "nobody")")
            }
        ]
    }
}
