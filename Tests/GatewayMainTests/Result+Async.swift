extension Swift.Result where Failure == any Error {
    /// What becomes of something that takes its time.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
