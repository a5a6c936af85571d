package import GatewayKit

/// Finds what answers a request: paths with parameters, a method at a time.
///
/// A word of a path wins over a parameter at the same place, from left to right.
package struct HTTPRouter: Sendable {
    /// What stands at a path.
    package struct Match: Sendable {
        /// A route for each method.
        package let routes: [HTTPRoute]
        /// The parameters, percent-decoded.
        package let parameters: [String: String]

        /// The route for a method as a request names it; `HEAD` asks the one for `GET`.
        package func route(_ method: String) -> HTTPRoute? {
            routes.first { $0.method.rawValue == (method == "HEAD" ? "GET" : method) }
        }

        /// The methods that are answered here, for the header `Allow`.
        package var allow: String {
            let methods = routes.map(\.method.rawValue)
            return (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
        }
    }

    /// Two routes for the same requests.
    package struct Conflict: Error, CustomStringConvertible {
        package let description: String
    }

    private struct Place: Sendable {
        let segments: [HTTPPath.Segment]
        var routes: [HTTPRoute]
    }

    private var places: [Place] = []

    /// Nothing at all.
    package static let none = HTTPRouter()

    private init() { routes = [] }

    /// Every route, in the order of the paths' texts.
    package let routes: [HTTPRoute]

    /// Sorts routes by path.
    ///
    /// - Throws: ``Conflict`` where two have the same method and the same path but for the names of parameters.
    package init(_ routes: [HTTPRoute]) throws(Conflict) {
        self.routes = routes.sorted { ($0.path.description, $0.method.rawValue) < ($1.path.description, $1.method.rawValue) }
        for route in routes {
            let segments = route.path.segments
            if let index = places.firstIndex(where: { Self.order($0.segments, segments) == 0 }) {
                if let other = places[index].routes.first(where: { $0.method == route.method }) {
                    throw Conflict(
                        description: "\(route.method.rawValue) \(route.path) and \(other.method.rawValue) \(other.path) answer the same")
                }
                // The same place under other names of parameters would need names of its own.
                guard places[index].routes.allSatisfy({ $0.path == route.path }) else {
                    throw Conflict(description: "\(route.path) and \(places[index].routes[0].path) name the same parameters differently")
                }
                places[index].routes.append(route)
            } else {
                places.append(Place(segments: segments, routes: [route]))
            }
        }
        places.sort { Self.order($0.segments, $1.segments) < 0 }
    }

    /// What stands at the path of a request, as it came; nil where nothing does.
    package func match(_ path: String) -> Match? {
        guard path.hasPrefix("/") else { return nil }
        var pieces: [String] = []
        for piece in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let text = PercentEncoding.decode(piece) else { return nil }
            pieces.append(text)
        }
        if path.utf8.count == 1 { pieces = [] }
        for place in places where place.segments.count == pieces.count {
            if let parameters = Self.parameters(place.segments, pieces) { return Match(routes: place.routes, parameters: parameters) }
        }
        return nil
    }

    private static func parameters(_ segments: [HTTPPath.Segment], _ pieces: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (segment, piece) in zip(segments, pieces) {
            switch segment {
            case .word(let word): guard word.utf8.elementsEqual(piece.utf8) else { return nil }
            case .parameter(let name):
                guard !piece.isEmpty else { return nil }
                parameters[name] = piece
            }
        }
        return parameters
    }

    /// Words before parameters, so that the first that matches is the right one; 0 where two are for the same requests.
    private static func order(_ left: [HTTPPath.Segment], _ right: [HTTPPath.Segment]) -> Int {
        for pair in zip(left, right) {
            switch pair {
            case (.word(let left), .word(let right)): if left != right { return left < right ? -1 : 1 }
            case (.word, .parameter): return -1
            case (.parameter, .word): return 1
            case (.parameter, .parameter): break
            }
        }
        return left.count - right.count
    }
}
