import Explanation
import Glibc
import Reporting

extension Commands {
    static let diff = CommandDescription(
        name: "diff",
        summary: "tell what changed between two runs, and because of what",
        discussion: """
            Holds two published runs against each other: breaks that were opened, cleared or \
            changed, payments with another status or outcome, what each run emitted, and totals. \
            Each change is laid to what differs in its records, to dumps that differ, or to \
            definition, presets, program, overrides or time. It tells of the step from the first \
            run to the second, whichever is older.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published"),
            OperandDescription(
                value: ValueDescription(placeholder: "FROM", kind: .text),
                help: "the name of the first run"),
            OperandDescription(
                value: ValueDescription(placeholder: "TO", kind: .text),
                help: "the name of the second run"),
        ],
        ownOptions: [.json],
        example: "trueup diff out 20250831T020000Z-04a7ef 20250901T020000Z-3b9c11",
        successMeaning: "both runs were read, whatever differs",
        otherExits: [.failure, .misuse],
        files: [FileDescription(path: "OUT/RUN-ID/", meaning: "both runs; their files are read")],
        request: { arguments in
            .diff(
                DiffOptions(
                    outputFolder: arguments.required("OUT"), from: arguments.required("FROM"),
                    to: arguments.required("TO"), threads: Processors.online,
                    isJSON: arguments.has(.json)))
        })
}

/// What `trueup diff` is told on the command line.
struct DiffOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// The name of the first run, as typed.
    var from: String
    /// The name of the second run, as typed.
    var to: String
    /// How many threads work at once.
    var threads: Int
    /// Whether JSON is written, for programs.
    var isJSON = false
}

extension Program {
    /// Tells what changed between two published runs.
    static func diff(_ options: DiffOptions) throws -> CommandOutcome {
        let difference = try RunComparison(
            outputFolder: options.outputFolder, from: options.from, to: options.to,
            threads: options.threads
        ).difference
        return CommandOutcome(
            text: options.isJSON
                ? difference.json()
                : difference.text(isColoured: Console.mayColour(STDOUT_FILENO)))
    }
}
