package import GatewayKit

/// Who reloads the configuration of this process, and plans it: for the admin API alone.
package struct Reloading: Sendable {
    let reload: @Sendable () async -> HTTPResponse
    let plan: @Sendable (_ text: String, _ file: String) async throws -> HTTPResponse

    /// - Parameters:
    ///   - reload: Reads the configuration anew and puts it in force.
    ///   - plan: Says what a reload would do if a text stood in the file; the second one is the text's own name.
    package init(
        reload: @escaping @Sendable () async -> HTTPResponse,
        plan: @escaping @Sendable (_ text: String, _ file: String) async throws -> HTTPResponse
    ) {
        self.reload = reload
        self.plan = plan
    }
}

extension AdminRoutes {
    var reloadRoutes: [HTTPRoute] {
        guard let reloading else { return [] }
        let diagnostics = HTTPSchema.Property(
            "diagnostics",
            .array(
                .object(
                    [
                        .init("file", .string()), .init("line", .integer), .init("column", .integer), .init("severity", .string()),
                        .init("code", .string()), .init("message", .string()), .init("help", .nullable(.string())),
                    ], isOpen: false)))
        let changes = HTTPSchema.Property(
            "changes",
            .array(
                .object(
                    [.init("path", .string()), .init("old", .nullable(.string())), .init("new", .nullable(.string()))], isOpen: false)))
        let common = [.init("result", .string()), .init("text", .string()), changes, diagnostics] as [HTTPSchema.Property]
        let reload = HTTPOperation(
            "reload",
            "Reads the configuration anew and puts it in force; connections stay open. One at a time: another one that comes meanwhile waits.",
            answers: [
                .success(
                    200, "`reloaded`, or `unchanged` where the configuration is the same; `text` says it to people.",
                    data: .object(common + [.init("endedSubscriptions", .integer)], isOpen: false)),
                .init(
                    422, "It has errors, or changes what only a start reads: the old one serves on.",
                    schema: .object(
                        [
                            .init("success", .boolean),
                            .init(
                                "error",
                                .object(
                                    [
                                        .init("code", .integer), .init("message", .string()),
                                        .init(
                                            "details",
                                            .object([.init("reason", .string()), .init("text", .string()), diagnostics], isOpen: true)),
                                    ], isOpen: false)),
                        ], isOpen: false)),
            ])
        return [HTTPRoute(.post, "/admin/v1/reload", reload) { _ in await reloading.reload() }, plan(reloading, common)]
    }

    private func plan(_ reloading: Reloading, _ common: [HTTPSchema.Property]) -> HTTPRoute {
        let names = HTTPSchema.array(.string())
        let lost = HTTPSchema.object([.init("pattern", .string()), .init("connections", .integer)], isOpen: false)
        let operation = HTTPOperation(
            "plan", "Says what a reload would do if this text stood in the configuration file; changes nothing.",
            body: .object([.init("text", .string(minLength: 1)), .init("file", .string(minLength: 1), isRequired: false)], isOpen: false),
            answers: [
                .success(
                    200,
                    "`ready`, `unchanged`, `restart` where it needs one, or `refused`; what would become of the modules, and which subscriptions the rules would end.",
                    data: .object(
                        common + [
                            .init("profile", .nullable(.string())), .init("restart", names),
                            .init(
                                "modules",
                                .object([.init("added", names), .init("removed", names), .init("changed", names)], isOpen: false)),
                            .init("connections", .integer), .init("affected", .integer), .init("lost", .array(lost)),
                            .init("moreLost", .integer), .init("undecided", .integer),
                        ], isOpen: false))
            ])
        return HTTPRoute(.post, "/admin/v1/plan", operation) { request in
            let body = try AdminBody(request, fields: ["text", "file"])
            return try await reloading.plan(try body.text("text"), body.contains("file") ? try body.text("file") : "gateway.yaml")
        }
    }
}
