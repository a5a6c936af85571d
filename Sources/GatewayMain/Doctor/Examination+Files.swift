import AccountsModule
import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer
import JWTModule
import NIOSSL

extension Examination {
    /// Files that are nobody else's business, the certificate, and the clock.
    var files: [Diagnostic] {
        privateFiles.flatMap(modes) + [openConfiguration].compactMap(\.self) + certificate + [clock].compactMap(\.self)
    }

    /// Keys, secrets and databases, each with the setting that names it.
    private var privateFiles: [(path: [String], file: FilePath)] {
        var files: [(path: [String], file: FilePath)] = []
        if let tls = core.server.tls { files.append((["server", "tls", "key"], tls.key)) }
        for (instance, jwt) in settings(.auth, as: JWTSettings.self) {
            let module = ["modules", instance]
            if let file = jwt.secretFile { files.append((module + ["secret_file"], file)) }
            if let file = jwt.privateKey { files.append((module + ["private_key"], file)) }
            files.append((module + ["revocations"], jwt.revocations))
        }
        files += settings(.http, as: AccountsSettings.self).map { (["modules", $0.instance, "database"], $0.settings.database) }
        files += configuration.secretFiles.map { ($0.setting, $0.file) }
        return files
    }

    private func modes(_ path: [String], _ file: FilePath) -> [Diagnostic] {
        var status = stat()
        guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        var found: [Diagnostic] = []
        let quoted = ShellWord.quoted(file.path)
        if let words = Self.openness(status, file.path) {
            found.append(finding(.error, .fileMode, path, words, help: "chmod 600 \(quoted)"))
        }
        if status.st_uid != facts.user, status.st_uid != 0 {
            found.append(
                finding(
                    .warning, .fileMode, path, "\(file) belongs to user \(status.st_uid), and this is user \(facts.user)",
                    help: "ask as the user that the gateway runs as, or chown it"))
        }
        let ahead = Int64(status.st_mtim.tv_sec) - facts.now.milliseconds / 1000
        if ahead > 300 {
            found.append(
                finding(
                    .warning, .clock, path, "\(file) was written \(ahead) s in the future: the clock went back, and tokens expire late",
                    help: "set the clock, and let NTP keep it"))
        }
        return found
    }

    /// A configuration file with a secret in it, which others may read.
    private var openConfiguration: Diagnostic? {
        var status = stat()
        guard let literal = warnings.first(where: { $0.code == .literalSecret }), case .file(let path) = literal.place.origin,
            stat(path, &status) == 0, let words = Self.openness(status, path)
        else { return nil }
        return Diagnostic(
            .error, .fileMode, "\(words), and a secret stands in it", at: literal.place,
            help: "chmod 600 \(ShellWord.quoted(path)), or write ${file:PATH} in place of the secret")
    }

    /// What others may do with a file; nil for nothing.
    private static func openness(_ status: stat, _ path: String) -> String? {
        guard status.st_mode & (S_IROTH | S_IWOTH) != 0 else { return nil }
        let verb = status.st_mode & S_IWOTH != 0 ? "change" : "read"
        return "every user of the machine may \(verb) \(path) (mode \(String(status.st_mode & 0o777, radix: 8)))"
    }

    private var certificate: [Diagnostic] {
        // What cannot be read is an error of the configuration already.
        guard let tls = core.server.tls, let chain = try? NIOSSLCertificate.fromPEMFile(tls.certificate.path) else { return [] }
        let path = ["server", "tls", "certificate"]
        let now = facts.now.milliseconds / 1000
        return chain.prefix(1).flatMap { certificate -> [Diagnostic] in
            let (from, to) = (Int64(certificate.notValidBefore), Int64(certificate.notValidAfter))
            let help = "put a new one in its place and start the gateway anew"
            if from > now {
                return [
                    finding(
                        .error, .certificate, path, "it is valid from \(Self.date(from)) on, and the clock says \(Self.date(now))",
                        help: "set the clock, or use a certificate that is valid now")
                ]
            }
            if to <= now { return [finding(.error, .certificate, path, "it expired on \(Self.date(to))", help: help)] }
            let days = (to - now) / 86_400
            return days < 30 ? [finding(.warning, .certificate, path, "it expires on \(Self.date(to)), in \(days) days", help: help)] : []
        }
    }

    /// This program was written in 2025; and a clock that nothing corrects drifts by seconds a day.
    private var clock: Diagnostic? {
        guard facts.now.milliseconds < 1_735_689_600_000 else {
            guard facts.isClockKept == false else { return nil }
            return Diagnostic(
                .warning, .clock, "the kernel knows of nothing that keeps the clock right: tokens expire late, or are not valid yet",
                at: configuration.root.place(of: []), help: "let NTP keep it, and see that it does: timedatectl")
        }
        return Diagnostic(
            .error, .clock, "the clock says \(facts.now.text), so that tokens are not valid yet or expire late",
            at: configuration.root.place(of: []), help: "set the clock, and let NTP keep it")
    }

    private static func date(_ seconds: Int64) -> String { String(Timestamp(milliseconds: seconds * 1000).text.prefix(10)) }
}
