import GatewayKit
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The certificate and key of `server.tls`, read once.
struct TLSContext {
    let context: NIOSSLContext

    /// - Throws: ``ModuleError`` that names the file which cannot be used.
    init(_ settings: TLSSettings) throws(ModuleError) {
        let chain = try Self.chain(settings)
        let key = try Self.key(settings)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ModuleError(
                "the certificate and the key do not go together: \(error)", help: "name the key that the certificate was made with",
                setting: "key", code: .invalidValue)
        }
    }

    /// Everything wrong with the files; one that cannot be read hides nothing of the other.
    static func faults(_ settings: TLSSettings) -> [ModuleError] {
        var faults: [ModuleError] = []
        do { _ = try chain(settings) } catch { faults.append(error) }
        do { _ = try key(settings) } catch { faults.append(error) }
        guard faults.isEmpty else { return faults }
        do { _ = try TLSContext(settings) } catch { faults.append(error) }
        return faults
    }

    private static func chain(_ settings: TLSSettings) throws(ModuleError) -> [NIOSSLCertificate] {
        let what = "the certificate \(settings.certificate)"
        try checkAccess(settings.certificate, what, "certificate")
        do {
            return try NIOSSLCertificate.fromPEMFile(settings.certificate.path)
        } catch {
            throw ModuleError(
                "cannot read \(what): it holds no certificate as PEM", help: "give a PEM file with the certificate and its chain",
                setting: "certificate", code: .unreadableFile)
        }
    }

    private static func key(_ settings: TLSSettings) throws(ModuleError) -> NIOSSLPrivateKey {
        let what = "the private key \(settings.key)"
        try checkAccess(settings.key, what, "key")
        do {
            return try NIOSSLPrivateKey(file: settings.key.path, format: .pem)
        } catch {
            throw ModuleError(
                "cannot read \(what): it holds no private key as PEM", help: "give a PEM file with the key, without a passphrase",
                setting: "key", code: .unreadableFile)
        }
    }

    /// What the system says of a file, which the TLS library does not tell.
    private static func checkAccess(_ file: FilePath, _ what: String, _ setting: String) throws(ModuleError) {
        guard access(file.path, R_OK) != 0 else { return }
        throw ModuleError(
            "cannot read \(what): \(String(cString: strerror(errno)))", help: "name a PEM file that this user may read", setting: setting,
            code: .unreadableFile)
    }
}
