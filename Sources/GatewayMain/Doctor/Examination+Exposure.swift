import GatewayConfiguration
import GatewayKit
import GatewayServer
import OriginModule
import RedisModule

extension Examination {
    /// Who reaches what, and who is believed.
    var exposure: [Diagnostic] { proxies + [plainText, origins, admin, strictness].compactMap(\.self) + brokers }

    /// A range that holds clients lets them choose the address that they are counted by.
    private var proxies: [Diagnostic] {
        core.server.trustedProxies.compactMap { range in
            let parts = range.description.split(separator: "/")
            guard let length = parts.last.flatMap({ Int($0) }) else { return nil }
            let isIPv6 = parts.first?.contains(":") == true
            guard length < (isIPv6 ? 16 : 8) else { return nil }
            return finding(
                length == 0 ? .error : .warning, .exposed, ["server", "trusted_proxies"],
                "\(range) holds clients, and each of them could say that it comes from anywhere",
                help: "name the addresses of the proxies alone: [10.0.0.7]")
        }
    }

    private var plainText: Diagnostic? {
        guard !isServerLoopback, core.server.tls == nil, core.server.trustedProxies.isEmpty else { return nil }
        return finding(
            .warning, .exposed, ["server", "trusted_proxies"],
            "other machines reach \(core.server.host) without TLS: tokens travel readable, and behind a proxy all clients share its address",
            help: "set server.tls, or name the proxy that ends TLS in trusted_proxies")
    }

    private var origins: Diagnostic? {
        guard !isServerLoopback else { return nil }
        let found = settings(.handshake, as: OriginSettings.self)
        guard found.allSatisfy({ $0.settings.allow.contains(.everything) }) else { return nil }
        let help = "list the sites whose pages may connect: allow: [\"https://app.example.com\"]"
        guard let instance = found.first?.instance else {
            return finding(.warning, .exposed, ["pipeline", "handshake"], "every page of the web may connect", help: "add origin; \(help)")
        }
        return finding(.warning, .exposed, ["modules", instance, "allow"], "every page of the web may connect", help: help)
    }

    private var admin: Diagnostic? {
        guard core.admin.enabled, !core.admin.isLoopback else { return nil }
        return finding(
            .warning, .exposed, ["admin", "host"], "other machines reach the admin API, and its token travels readable",
            help: "write admin.host: 127.0.0.1, or let a firewall and a proxy with TLS stand before it")
    }

    private var strictness: Diagnostic? {
        guard !core.isLoopback, !configuration.isStrict else { return nil }
        return finding(
            .warning, .exposed, ["strict"], "it is not set, so that a pipeline which lets everybody do everything would still start",
            help: "write strict: true for what other machines reach")
    }

    private var brokers: [Diagnostic] {
        settings(.pubsub, as: RedisSettings.self).flatMap { instance, settings in
            let url = settings.url
            guard !(ClientAddress(url.host)?.isLoopback ?? (url.host == "localhost")) else { return [Diagnostic]() }
            let path = ["modules", instance, "url"]
            let noPassword = finding(
                .warning, .exposed, path, "Redis on another machine has no password: whoever reaches it sends anything to every subscriber",
                help: "let Redis want one, and give it: redis://USER:PASSWORD@HOST")
            let noTLS = finding(
                .warning, .exposed, path, "messages and the password travel readable to another machine", help: "write rediss:// for TLS")
            return (url.password == nil ? [noPassword] : []) + (url.isSecure ? [] : [noTLS])
        }
    }

    private var isServerLoopback: Bool { ClientAddress(core.server.host)?.isLoopback ?? (core.server.host == "localhost") }
}
