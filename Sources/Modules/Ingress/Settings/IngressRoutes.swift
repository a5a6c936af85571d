public import GatewayKit

/// The routes of the module, no two for the same requests.
public struct IngressRoutes: SettingValue {
    /// The routes, in order.
    let all: [IngressRoute]

    init(_ all: [IngressRoute]) { self.all = all }

    /// A list of routes.
    public static var schema: SettingSchema { [IngressRoute].schema }

    /// Reads the routes; two with the same method and path are an error.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> IngressRoutes? {
        guard let routes = [IngressRoute].decode(node, &decoder) else { return nil }
        let nodes = node.elements
        var places: [RequestShape: SourcePlace] = [:]
        for (index, route) in routes.enumerated() where index < nodes.count {
            // While a layer is looked at by itself a path may still be missing, which is told elsewhere.
            guard let path = nodes[index]["path"] else { continue }
            let shape = RequestShape(route)
            guard let first = places[shape] else {
                places[shape] = path.place
                continue
            }
            decoder.report(
                Diagnostic(
                    .error, .invalidValue,
                    "\(decoder.pathText)[\(index)].path: \(route.keys.method.rawValue) \(route.keys.path) is mapped twice", at: path.place,
                    notes: [.init("the first stands here", at: first)],
                    help: "give it another path or method; one route can have many topics"))
        }
        return IngressRoutes(routes)
    }

    /// The list.
    public var settingText: String { all.settingText }

    /// What two routes must not have in common: the name of a parameter tells no request from another.
    private struct RequestShape: Hashable {
        let method: IngressMethod
        let words: [String?]

        init(_ route: IngressRoute) {
            method = route.keys.method
            words = route.keys.path.segments.map { segment in
                switch segment {
                case .word(let word): word
                case .parameter: nil
                }
            }
        }
    }
}

extension ConfigurationNode {
    /// The elements of a list; none for anything else.
    var elements: [ConfigurationNode] {
        guard case .sequence(let nodes) = content else { return [] }
        return nodes
    }
}
