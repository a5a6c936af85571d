package import GatewayKit
package import NIOCore

/// The HTTP API of a gateway as OpenAPI 3.1 (spec.openapis.org), made of its routes.
package struct OpenAPIDocument: Sendable {
    /// The document; the same routes in the same order give the same bytes.
    package let json: ByteBuffer

    /// Describes routes.
    ///
    /// - Parameters:
    ///   - title: What the API is called.
    ///   - version: Its version.
    ///   - server: Where it is: `http://localhost:3000`.
    ///   - routes: What it answers, as ``HTTPRouter`` takes it. `HEAD` goes without saying where there is a `GET`.
    package init(title: String, version: String, server: String, routes: [HTTPRoute]) {
        let operations = Self.operations(routes)
        var writer = JSONWriter()
        writer.member("openapi", .string("3.1.0"))
        writer.member("info", .object(["title": .string(title), "version": .string(version)]))
        writer.member("servers", .array([.object(["url": .string(server)])]))
        writer.member("paths", Self.paths(operations))
        writer.member("components", Self.components(operations))
        json = writer.finish()
    }

    /// One operation a route; the second of an id gets a number.
    private static func operations(_ routes: [HTTPRoute]) -> [OpenAPIOperation] {
        var ids: Set<String> = []
        return routes.map { route in
            var (id, number) = (route.operation.id, 1)
            while !ids.insert(id).inserted {
                number += 1
                id = "\(route.operation.id)\(number)"
            }
            return OpenAPIOperation(id: id, route: route)
        }
    }

    private static func paths(_ operations: [OpenAPIOperation]) -> JSONValue {
        let paths = Dictionary(grouping: operations, by: \.template).mapValues { operations in
            JSONValue.object(Dictionary(operations.map { ($0.method, $0.json) }, uniquingKeysWith: { first, _ in first }))
        }
        return .object(paths)
    }

    private static func components(_ operations: [OpenAPIOperation]) -> JSONValue {
        let statuses = operations.reduce(into: Set<Int>()) { $0.formUnion($1.refusals) }
        var components: [String: JSONValue] = [
            "schemas": .object([OpenAPIRefusal.schemaName: OpenAPIRefusal.schema]),
            "responses": .object(
                Dictionary(uniqueKeysWithValues: statuses.map { (OpenAPIRefusal.name($0), OpenAPIRefusal.response($0)) })),
        ]
        let schemes = operations.compactMap(\.securityScheme)
        if !schemes.isEmpty { components["securitySchemes"] = .object(Dictionary(schemes, uniquingKeysWith: { first, _ in first })) }
        return .object(components)
    }
}
