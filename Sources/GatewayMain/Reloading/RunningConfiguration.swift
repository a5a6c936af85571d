import Crypto
import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// A configuration with what the files hold that count as a part of it.
struct RunningConfiguration: Sendable {
    let loaded: LoadedConfiguration<CoreSettings>
    /// By module and path; nil for a file that cannot be read.
    private var digests: [String: [String: SHA256Digest?]]

    init(_ loaded: LoadedConfiguration<CoreSettings>) {
        self.loaded = loaded
        var digests: [String: [String: SHA256Digest?]] = [:]
        for module in loaded.pipeline.inOrderOfNeed {
            for file in module.settings.sourceFiles {
                digests[module.instance, default: [:]][file.path] = .some(FileContent.digest(file.path))
            }
        }
        self.digests = digests
    }

    /// Looks again for the files that were not there: a module may have made them as it was made, such as a secret.
    mutating func findMadeFiles() {
        for (instance, files) in digests {
            for (path, digest) in files where digest == nil { digests[instance]?[path] = .some(FileContent.digest(path)) }
        }
    }

    /// In what another configuration differs from this one.
    func changes(to new: RunningConfiguration, modules: [any Module.Type]) -> [ConfigurationChange] {
        let values = ConfigurationChange.all(from: loaded, to: new.loaded, modules: modules)
        let files = new.digests.sorted { $0.key < $1.key }.flatMap { instance, files -> [ConfigurationChange] in
            let keys = ["modules", instance]
            let changed = files.keys.sorted().filter { path in
                digests[instance]?[path].map { $0 != files[path].flatMap(\.self) } ?? false
            }
            return changed.map { path in
                ConfigurationChange(
                    keys: keys, old: path, new: "\(path), with other content", place: new.loaded.root.place(of: keys))
            }
        }
        return values + files
    }

    /// The modules of the pipeline by name.
    var instances: Set<String> { Set(loaded.pipeline.inOrderOfNeed.map(\.instance)) }
}

/// What a file holds, in short.
enum FileContent {
    /// Far above every configuration and every file with keys.
    private static let maxBytes = 16 << 20

    /// The digest of a file's content; nil where it cannot be read.
    static func digest(_ path: String) -> SHA256Digest? {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: maxBytes) else { return nil }
        return SHA256.hash(data: data)
    }
}
