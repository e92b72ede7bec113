extension Commands {
    static let explain = CommandDescription(
        name: "explain",
        summary: "tell the story of a payment, line, booking or break",
        discussion: """
            Tells what a run knows of an id or a reference: the rows of the dumps with file and \
            line, which rules were tried and what came of each, what was emitted and why, and \
            the breaks with what to do about them. A reference that several payments carry tells \
            all of them. Only the run's own folder is read, so the dumps may be gone.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published"),
            OperandDescription(
                value: ValueDescription(placeholder: "REF", kind: .text),
                help: "a reference, or the id of a payment, settlement line, booking, ticket, "
                    + "order, session, transaction, payout or break"),
        ],
        ownOptions: [.publishedRun, .json],
        example: "trueup explain out PAY-1137",
        successMeaning: "it was told",
        otherExits: [.failure, .misuse],
        files: [
            FileDescription(path: "OUT/latest", meaning: "leads to the run, unless --run is given"),
            FileDescription(path: "OUT/RUN-ID/", meaning: "the run; its files are read"),
        ],
        request: { .explain($0.explainOptions) })
}

extension OptionDescription {
    static let publishedRun = OptionDescription(
        name: "run", value: ValueDescription(placeholder: "ID", kind: .text),
        help: "the run to look into", defaultText: "the latest")
    static let json = OptionDescription(name: "json", help: "write JSON, for programs")
}

extension ParsedArguments {
    fileprivate var explainOptions: ExplainOptions {
        var options = ExplainOptions(
            outputFolder: required("OUT"), reference: required("REF"), threads: Processors.online)
        options.run = text(of: .publishedRun)
        options.isJSON = has(.json)
        return options
    }
}

/// What `trueup explain` is told on the command line.
struct ExplainOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// The id or reference to explain, as typed.
    var reference: String
    /// The run to look into; nil means the latest.
    var run: String?
    /// Whether JSON is written, for programs.
    var isJSON = false
    /// How many threads work at once.
    var threads: Int

    /// Creates the options of an explanation.
    init(outputFolder: String, reference: String, threads: Int) {
        self.outputFolder = outputFolder
        self.reference = reference
        self.threads = threads
    }
}
