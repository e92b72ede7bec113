/// Why a command did not succeed; the kind decides the exit code, in one switch of `CommandLine`.
public enum TrueupError: Error, Sendable {
    /// The command line is wrong (exit code 2).
    case usage(Finding)
    /// The definition is wrong (exit code 2); every finding in it, in file order.
    case definition(Findings)
    /// The run could not be done; nothing was published (exit code 1).
    case run(Finding)
    /// The dumps do not fit the definition (exit code 1); every finding in them, in file order.
    case dumps(Findings)
    /// Another run holds the output folder (exit code 4).
    case busy(Finding)
    /// A signal stopped the run; nothing was published (exit code 128 + the signal's number).
    case stopped(signal: Int32)
}

extension TrueupError {
    /// What is said of the error, in file order; nothing where a signal stopped the run.
    public var findings: [Finding] {
        switch self {
        case .usage(let finding), .run(let finding), .busy(let finding): [finding]
        case .definition(let findings), .dumps(let findings): findings.all
        case .stopped: []
        }
    }
}
