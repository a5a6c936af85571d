/// A finding about the configuration: what is wrong, where, and what to write instead.
public struct Diagnostic: Error, Sendable, Hashable {
    /// Whether the finding stops the start.
    public enum Severity: String, Sendable {
        /// Stops the start.
        case error
        /// Is told, and that is all.
        case warning
    }

    /// A second place that the finding is about.
    public struct Note: Sendable, Hashable {
        /// What is there to see, in lower case.
        public let text: String
        /// Where; nil for a fact without a place.
        public let place: SourcePlace?

        /// Makes a note.
        public init(_ text: String, at place: SourcePlace? = nil) {
            self.text = text
            self.place = place
        }
    }

    /// Error or warning.
    public let severity: Severity
    /// The stable name of the kind of finding.
    public let code: DiagnosticCode
    /// What is wrong: in lower case, no full stop, never a secret.
    public let message: String
    /// Where.
    public let place: SourcePlace
    /// A few words beside the caret.
    public let label: String?
    /// Second places.
    public let notes: [Note]
    /// The exact text to write, or the command to run.
    public let help: String?

    /// Makes a finding.
    public init(
        _ severity: Severity, _ code: DiagnosticCode, _ message: String, at place: SourcePlace, label: String? = nil,
        notes: [Note] = [], help: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.place = place
        self.label = label
        self.notes = notes
        self.help = help
    }
}

/// The stable names of the kinds of findings, as they stand in `error[…]`.
public enum DiagnosticCode: String, Sendable, CaseIterable {
    /// The file is no YAML, or YAML that libyaml and people read differently.
    case syntax
    /// Not UTF-8.
    case encoding
    /// More than 64 levels.
    case tooDeep = "too-deep"
    /// A file over 1 MiB or a value over 64 KiB.
    case tooLong = "too-long"
    /// More than one document in the file.
    case secondDocument = "second-document"
    /// An anchor, an alias or a merge key.
    case anchor
    /// A tag.
    case tag
    /// A key that stands twice.
    case duplicateKey = "duplicate-key"
    /// A key that means nothing.
    case unknownKey = "unknown-key"
    /// A key that has to be there.
    case missingKey = "missing-key"
    /// A value of another type.
    case wrongType = "wrong-type"
    /// A duration, size or rate without its unit.
    case missingUnit = "missing-unit"
    /// A number that is too small or too large.
    case outOfRange = "out-of-range"
    /// A word that is none of the choices.
    case unknownChoice = "unknown-choice"
    /// A value that cannot be used.
    case invalidValue = "invalid-value"
    /// A module that is not compiled in.
    case unknownModule = "unknown-module"
    /// A module in a stage that it cannot serve.
    case wrongStage = "wrong-stage"
    /// A module needs what no other provides, or two provide the same.
    case missingProvider = "missing-provider"
    /// A variable without a value.
    case unsetVariable = "unset-variable"
    /// A file that cannot be read.
    case unreadableFile = "unreadable-file"
    /// A profile that does not exist.
    case unknownProfile = "unknown-profile"
    /// Profiles that extend each other.
    case profileLoop = "profile-loop"
    /// A secret or key that is too short.
    case weakSecret = "weak-secret"
    /// An environment variable with a value that does not parse.
    case environment
    /// A pipeline that checks nothing where something should.
    case openPipeline = "open-pipeline"
    /// A value that only a start reads has changed at a reload.
    case needsRestart = "needs-restart"
    /// Warning: a module that is configured and stands in no stage.
    case unusedModule = "unused-module"
    /// Warning: a variable in the file that is read anyway.
    case redundantVariable = "redundant-variable"
    /// Warning: modules in an unusual order.
    case orderHint = "order-hint"
    /// Warning: a secret in the file.
    case literalSecret = "literal-secret"
    /// Of this machine: an address that cannot be listened on.
    case listen
    /// Of this machine: a service that does not answer as it has to.
    case unreachable
    /// Of this machine: too few open files, or too short a queue of the kernel.
    case openFiles = "open-files"
    /// Of this machine: bounds that are above the memory, or leave no room for a message.
    case memory
    /// Something that more people reach than should.
    case exposed
    /// Of this machine: a file that others may read or change.
    case fileMode = "file-mode"
    /// A certificate that is not valid now, or not for long.
    case certificate
    /// Of this machine: a clock that cannot be right.
    case clock
}
