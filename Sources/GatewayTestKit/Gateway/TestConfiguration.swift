/// The configuration of a ``TestGateway``: a file like the repository's, and a test's own layers over it as profiles.
public struct TestConfiguration: Sendable {
    /// The whole file.
    public let text: String
    /// The profile to run.
    public let profile: String?

    /// The secret that signs the tests' tokens.
    public static let secret = "a secret for tests alone, long enough for every kind of HMAC: 64 bytes or more"

    /// Lays layers over the base, each over the one before: mappings merge, lists and scalars replace, `null` goes back to the default.
    ///
    /// - Parameters:
    ///   - layers: YAML as it would stand in gateway.yaml, from `server:` or any other key at the top.
    ///   - eventLoops: How many event loops serve connections.
    public init(_ layers: [String] = [], eventLoops: Int = 1) {
        var text = Self.base(eventLoops: eventLoops) + "profiles:\n  layer0: {}\n"
        for (index, layer) in layers.enumerated() {
            let lines = layer.split(separator: "\n").map { "    \($0)\n" }
            text += "  layer\(index + 1):\n    extends: layer\(index)\n\(lines.joined())"
        }
        self.init(file: text, profile: "layer\(layers.count)")
    }

    /// Takes a whole file.
    ///
    /// - Parameters:
    ///   - text: The file.
    ///   - profile: The profile to run.
    public init(file text: String, profile: String? = nil) {
        self.text = text
        self.profile = profile
    }

    /// The defaults of every module, every user may do everything, any free port.
    private static func base(eventLoops: Int) -> String {
        """
        version: 1
        server: {host: 127.0.0.1, port: 0, event_loops: \(eventLoops)}
        pipeline:
          accept: [ip_cap]
          handshake: [origin]
          auth: [jwt]
          route: [size_limit, rate_limit, authorization]
          deliver: [slow_consumer]
          pubsub: memory
        modules:
          jwt: {secret: "\(secret)"}
          authorization:
            rules:
              - {allow: [subscribe, publish, ingress], topics: ["**"]}

        """
    }
}
