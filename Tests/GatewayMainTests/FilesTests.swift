import Foundation
import Testing

@testable import GatewayMain

/// The files that settings name: `gateway check` looks into them, and `gateway run` says at which setting one is wrong.
@Suite struct FilesTests {
    private static let tls = workingConfiguration.replacing(
        "event_loops: 1}", with: "event_loops: 1, tls: {certificate: certificate.pem, key: key.pem}}")

    /// `verb`'s status and findings, for a configuration called other.yaml.
    private func run(_ verb: String, _ text: String, _ files: [String: String], _ options: [String] = []) async throws
        -> (status: Int32, text: String, left: [String])
    {
        let program = Program(environment: workingEnvironment)
        return try await withConfiguration("", files: files.merging(["other.yaml": text]) { $1 }) { file in
            let folder = URL(filePath: file).deletingLastPathComponent()
            let status = await program.run([verb, "-c", folder.appending(path: "other.yaml").path] + options)
            return (status, program.error.text, try FileManager.default.contentsOfDirectory(atPath: folder.path))
        }
    }

    @Test(
        arguments: ["run", "check"],
        [
            (["key.pem": TestCertificate.key], "other.yaml:2:71: error[unreadable-file]: server.tls.certificate: cannot read"),
            (["certificate.pem": TestCertificate.certificate], "other.yaml:2:93: error[unreadable-file]: server.tls.key: cannot read"),
            (
                ["certificate.pem": TestCertificate.certificate, "key.pem": "no key"],
                "other.yaml:2:93: error[unreadable-file]: server.tls.key: cannot read"
            ),
        ])
    func `a bad file for TLS is told at its setting`(_ verb: String, _ wrong: (files: [String: String], finding: String)) async throws {
        let (status, text, _) = try await run(verb, Self.tls, wrong.files)
        #expect(status == 78)
        #expect(text.contains(wrong.finding))
        #expect(text.contains(" 2 | server: {host"))
    }

    @Test func `good files for TLS are right`() async throws {
        #expect(try await run("check", Self.tls, TestCertificate.files).status == 0)
    }

    @Test func `every key file that cannot be read is told`() async throws {
        let text = workingConfiguration.replacing(
            "secret: \"${SECRET}\"",
            with: "algorithms: [ES256], public_keys: [key.pem, none.pem], jwks: none.json, private_key: key.pem")
        let (status, findings, _) = try await run("check", text, TestCertificate.files)
        #expect(status == 78)
        for file in ["none.pem", "none.json"] { #expect(findings.contains("\(file): No such file")) }
        #expect(findings.contains("2 errors") || findings.contains("3 errors"))
    }

    @Test func `a secret that the start would make is neither missing nor made`() async throws {
        let text = workingConfiguration.replacing("secret: \"${SECRET}\"", with: "secret_file: jwt.secret, create_secret: true")
        let (status, _, left) = try await run("check", text, [:])
        #expect(status == 0)
        #expect(left.sorted() == ["gateway.yaml", "other.yaml"])
    }

    @Test func `a secret file that is not there, or too short, is told`() async throws {
        let text = workingConfiguration.replacing("secret: \"${SECRET}\"", with: "secret_file: jwt.secret")
        #expect(try await run("check", text, [:]).text.contains("error[unreadable-file]: modules.jwt.secret_file: cannot read"))
        #expect(try await run("check", text, ["jwt.secret": "short"]).text.contains("error[weak-secret]"))
    }

    @Test func `the files of other profiles are looked into where all are asked for`() async throws {
        let text = workingConfiguration + "\n  prod: {server: {tls: {certificate: certificate.pem, key: key.pem}}}"
        #expect(try await run("check", text, [:]).status == 0)
        #expect(try await run("check", text, [:], ["--profile", "prod"]).status == 78)
        #expect(try await run("check", text, [:], ["--all-profiles"]).status == 78)
        #expect(try await run("check", text, TestCertificate.files, ["--all-profiles"]).status == 0)
    }

    @Test func `other verbs leave them alone`() async throws {
        #expect(try await run("token", Self.tls, [:], ["mint"]).status != 78)
    }
}
