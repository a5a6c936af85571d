import GRDB
import GatewayKit
import Logging

/// The database: each method is one transaction, on the disk when it returns.
final class AccountStore: Sendable {
    private let queue: DatabaseQueue
    private let file: FilePath
    private let identity: [UInt64]?

    /// Opens the file, or makes it.
    ///
    /// - Throws: ``ModuleError`` where it cannot be opened.
    init(_ file: FilePath, logger: Logger? = nil) throws(ModuleError) {
        queue = try DatabaseFile.open(file, logger)
        self.file = file
        identity = DatabaseFile.identity(file)
    }

    /// Whether the file still lies where it was opened: what goes into one that was moved away is lost for every later start.
    var isInPlace: Bool { identity != nil && DatabaseFile.identity(file) == identity }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await queue.read(body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await queue.write(body)
    }

    /// Closes the file; later calls throw.
    func close() { try? queue.close() }
}
