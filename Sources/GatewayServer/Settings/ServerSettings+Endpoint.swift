extension ServerSettings {
    /// The host by which this machine reaches the listener, in brackets where it is an IPv6 address.
    package var ownHost: String {
        // A listener on every address is reached over loopback; `localhost` is what a certificate for it has.
        if ["0.0.0.0", "::", "127.0.0.1", "::1"].contains(host) { return "localhost" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// The URL by which this machine reaches the WebSocket endpoint.
    ///
    /// - Parameter port: The port that is listened on.
    /// - Returns: The URL.
    package func endpoint(port: Int) -> String { "\(tls == nil ? "ws" : "wss")://\(ownHost):\(port)\(path)" }
}
