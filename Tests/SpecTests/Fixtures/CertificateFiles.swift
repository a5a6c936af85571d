import Foundation
import GatewayTestKit

/// A certificate for localhost and its key, made for one test.
final class CertificateFiles: Sendable {
    private let folder: URL
    var certificate: String { folder.appending(path: "certificate.pem").path }
    var key: String { folder.appending(path: "key.pem").path }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "spec-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let command = try Program(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key, "-out",
                certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ], from: "the Debian package openssl")
        guard try await command.exitCode() == 0 else { throw Unmet(what: "a certificate: \(command.text)") }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
