import Diagnostics
import Glibc

/// The ways in which the program ends, with the code that the shell sees.
enum ExitStatus: Sendable, Hashable {
    case success
    case failure
    case misuse
    case openBreaks
    case busy
    case stopped(signal: Int32)

    /// The signals that a user or a service manager stops a run with.
    static let stops = [ExitStatus.stopped(signal: SIGINT), .stopped(signal: SIGTERM)]

    /// Every way but success: the one place where errors become exit codes.
    init(_ error: any Error) {
        switch error as? TrueupError {
        case .usage, .definition: self = .misuse
        case .run, .dumps, nil: self = .failure
        case .busy: self = .busy
        case .stopped(let signal): self = .stopped(signal: signal)
        }
    }

    var code: Int32 {
        switch self {
        case .success: 0
        case .failure: 1
        case .misuse: 2
        case .openBreaks: 3
        case .busy: 4
        case .stopped(let signal): 128 + signal
        }
    }

    /// What the code says, where it says the same of each command.
    var meaning: String? {
        switch self {
        case .success: nil
        case .failure: "failed; nothing was published"
        case .misuse: "the command line or the definition is wrong"
        case .openBreaks: "published, with open breaks at or above --fail-on"
        case .busy: "another run holds the output folder"
        case .stopped(let signal): "stopped by \(signalName(signal)); nothing was published"
        }
    }
}

/// A signal's name, or its number where it is none that stops runs.
private func signalName(_ signal: Int32) -> String {
    switch signal {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    default: "signal \(signal)"
    }
}

/// What is said of an error, in the order in which a reader meets it.
func findings(of error: any Error) -> [Finding] {
    switch error {
    case TrueupError.stopped:
        [Finding(ExitStatus(error).meaning ?? "stopped")]
    case let error as TrueupError:
        error.findings
    case let finding as Finding:
        [finding]
    case let findings as Findings:
        findings.all
    default:
        [
            Finding(
                "an unexpected error of type \(String(reflecting: type(of: error)))",
                found: String(describing: error),
                remedy: "this is a fault of trueup: report it with the command line")
        ]
    }
}
