import GatewayKit
import NIOSSL

/// The certificate and key of `server.tls`, read once.
struct TLSContext {
    let context: NIOSSLContext

    /// - Throws: ``ModuleError`` that names the file which cannot be used.
    init(_ settings: TLSSettings) throws(ModuleError) {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(settings.certificate.path).map { .certificate($0) }
        } catch {
            throw ModuleError(
                "cannot read the certificate \(settings.certificate.path): \(error)",
                help: "give a PEM file with the certificate and its chain",
                setting: "certificate", code: .unreadableFile)
        }
        do {
            key = try NIOSSLPrivateKey(file: settings.key.path, format: .pem)
        } catch {
            throw ModuleError(
                "cannot read the private key \(settings.key.path): \(error)", help: "give a PEM file with the key, readable by this user",
                setting: "key", code: .unreadableFile)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ModuleError("the certificate and the key do not go together: \(error)", setting: "key", code: .invalidValue)
        }
    }
}
