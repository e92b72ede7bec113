import Audit
import Diagnostics
import RunStore

extension Commands {
    static let redact = CommandDescription(
        name: "redact",
        summary: "copy a run's reports for passing on, with other names for people",
        discussion: """
            Copies the tables and reports of a published run into a folder. Users and sellers get \
            names that are the same in every copy made with the same key, and that tell nothing \
            without it. What people wrote, or what quotes it, is left out: descriptions, details, \
            requests, reasons, the raw text of rejected rows. Ids and references stay. The run \
            itself is left alone.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published")
        ],
        ownOptions: [.publishedRun, .pseudonymKey, .redactedFolder],
        example: "trueup redact out --key names.key --to for-the-auditor",
        successMeaning: "the copy was written",
        failureMeaning: "failed; nothing was written",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "OUT/RUN-ID/", meaning: "the run; its files are read"),
            FileDescription(path: "KEY", meaning: "a secret of 16 bytes or more; it is read"),
            FileDescription(path: "DIR/", meaning: "the copy"),
        ],
        request: { arguments in
            .redact(
                RedactOptions(
                    outputFolder: arguments.required("OUT"),
                    run: arguments.text(of: .publishedRun),
                    keyPath: arguments.required("key"), folder: arguments.required("to")))
        })
}

extension OptionDescription {
    static let pseudonymKey = OptionDescription(
        name: "key", value: ValueDescription(placeholder: "KEY", kind: .file(endings: ["key"])),
        help: "a file with the secret by which people get other names", isRequired: true)
    static let redactedFolder = OptionDescription(
        name: "to", value: ValueDescription(placeholder: "DIR", kind: .folder),
        help: "the folder for the copy, which is new or empty", isRequired: true)
}

/// What `trueup redact` is told on the command line.
struct RedactOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// The run, as it was typed; nil means the latest.
    var run: String?
    /// The path of the secret.
    var keyPath: String
    /// Where the copy goes.
    var folder: String
}

extension Program {
    /// Copies a run's reports for passing on.
    static func redact(_ options: RedactOptions) throws -> CommandOutcome {
        let run = try runID(options.run)
        let key = try PseudonymKey(path: options.keyPath)
        let signals = SignalWatch.begin()
        let redaction = try Redaction(
            outputFolder: options.outputFolder, run: run, key: key, folder: options.folder
        ) { () throws(TrueupError) in try signals.checkStopped() }
        return CommandOutcome(text: redaction.text)
    }
}
