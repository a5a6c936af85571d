public import GatewayKit
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension JWTSettings {
    /// The keys.
    public var sourceFiles: [FilePath] { publicKeys + [secretFile, jwks?.file, privateKey].compactMap { $0 } }

    /// Reads each of the files as the start will, but makes no secret.
    public func verifyFiles(_ report: inout SettingsReport) {
        // A secret that the first start makes is not there yet.
        if createSecret, let secretFile, access(secretFile.path, F_OK) != 0, errno == ENOENT { return }
        for settings in oneByOne {
            do {
                _ = try KeyRing(settings, logger: Logger(label: "jwt") { _ in SwiftLogNoOpLogHandler() })
            } catch {
                report.add(error, "secret_file")
            }
        }
    }

    /// The settings for a module that makes no file, where it is only tried.
    ///
    /// - Throws: ``ModuleError`` where the secret is still to be made.
    func tried(_ isTrial: Bool) throws(ModuleError) -> JWTSettings {
        guard isTrial, createSecret, let secretFile else { return self }
        if access(secretFile.path, F_OK) != 0, errno == ENOENT {
            throw ModuleError(
                "there is no secret yet: the first start of the gateway makes \(secretFile)", help: "start the gateway once: gateway run",
                setting: "secret_file", code: .unreadableFile)
        }
        var settings = self
        settings.createSecret = false
        return settings
    }

    /// The same settings for each of the files alone, so that what is wrong with one hides no other.
    private var oneByOne: [JWTSettings] {
        var bare = self
        (bare.createSecret, bare.publicKeys, bare.jwks, bare.privateKey) = (false, [], nil, nil)
        func with(_ change: (inout JWTSettings) -> Void) -> JWTSettings {
            var settings = bare
            change(&settings)
            return settings
        }
        guard secretFile == nil else { return [bare] }
        return publicKeys.map { file in with { $0.publicKeys = [file] } } + [jwks].compactMap { $0 }.map { set in with { $0.jwks = set } }
            + [privateKey].compactMap { $0 }.map { file in with { $0.privateKey = file } }
    }
}
