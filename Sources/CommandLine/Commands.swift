import Diagnostics

/// The commands of this version, in the order of the help text.
enum Commands {
    static let all: [CommandDescription] = [
        run, check, initialize, explain, dashboard, runs, diff, verify, replay, backtest, redact,
        loadSQL, simulate, watch, plan, keys, shard, merge, help, completions, manual,
    ]

    /// The options that stand in place of a command.
    static let globalOptions = [OptionDescription.help, .version]

    /// The command of this name.
    ///
    /// - Throws: `TrueupError.usage`, with the nearest name.
    static func named(_ name: String) throws(TrueupError) -> CommandDescription {
        if let command = all.first(where: { $0.name == name }) { return command }
        throw .usage(
            Finding(
                "unknown command", expected: ValueKind.command.expectation, found: name,
                remedy: hint(nearestName(to: name, among: all.map(\.name)), help: "trueup --help")))
    }

    static let pipeline = OperandDescription(
        value: ValueDescription(placeholder: "PIPELINE", kind: .file(endings: ["yaml", "yml"])),
        help: "the pipeline definition, a YAML file")

    static let dumps = FileDescription(
        path: "--in DIR", meaning: "the dumps that PIPELINE names; they are read, never changed")

    private static let run = CommandDescription(
        name: "run",
        summary: "reconcile the dumps and publish the result",
        discussion: """
            Reads the dumps in a folder, reconciles payments with settlements and bookings as the \
            definition says, and publishes the result as a new run in the output folder. All of a \
            run becomes visible at once, or nothing does. The same dumps, definition and time \
            give the same files, and running again repeats nothing that was emitted before.
            """,
        operands: [pipeline],
        ownOptions: [
            .input, .output, .asOf, .dryRun, .user, .payment, .threads, .memory, .shards,
            .noArchive, .sign, .failOn, .quiet, .log,
        ],
        example: "trueup run pipelines/tours.yaml --in samples/tours --out out",
        successMeaning: "published, with no open break at or above --fail-on",
        otherExits: [.failure, .misuse, .openBreaks, .busy] + ExitStatus.stops,
        files: [
            FileDescription(path: "PIPELINE", meaning: "the definition; it is read"),
            dumps,
            FileDescription(path: "OUT/RUN-ID/", meaning: "what the run found and made"),
            FileDescription(path: "OUT/latest", meaning: "a link to the newest run"),
            FileDescription(
                path: "OUT/archive/RUN-ID.tar.zst",
                meaning: "dumps, definition and results, unless --no-archive is given"),
            FileDescription(
                path: "OUT/archive/RUN-ID.tar.zst.sha256.sig",
                meaning: "the signature of its checksum, with --sign"),
        ],
        request: { .run($0.runOptions) })

    private static let check = CommandDescription(
        name: "check",
        summary: "check a definition, and tell what a run would read of the dumps",
        discussion: """
            Reads the definition and reports everything that is wrong in it, with lines, columns \
            and remedies. With --in the dumps are read wholly, as a first run would read them, and \
            what each file holds is told: rows, those left out, repeated or rejected, days, and \
            amounts by status and currency. Where a run would refuse the dumps, everything that \
            it would refuse is told, and the exit code is 1. Nothing is written.
            """,
        operands: [pipeline],
        ownOptions: [.checkedInput, .json],
        example: "trueup check pipelines/tours.yaml --in samples/tours",
        successMeaning: "nothing is wrong, and a run would accept the dumps",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [FileDescription(path: "PIPELINE", meaning: "the definition; it is read"), dumps],
        request: { .check($0.checkOptions) })

    private static let help = CommandDescription(
        name: "help",
        summary: "show how a command is used",
        discussion: "Shows what `trueup COMMAND --help` shows; without COMMAND, all commands.",
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "COMMAND", kind: .command),
                help: "the name of a command", isRequired: false)
        ],
        example: "trueup help run",
        successMeaning: "the text was written",
        request: { arguments in
            let name = arguments.text(ofOperand: "COMMAND")
            let command = all.first { $0.name == name }
            return .show(command.map(HelpText.command) ?? HelpText.overview)
        })

    private static let completions = CommandDescription(
        name: "completions",
        summary: "write a script that completes command lines",
        discussion: """
            Writes a script to standard output that lets the shell complete commands, options and \
            their values. Keep it where the shell looks for such scripts, or read it whenever \
            one starts, as the example does for bash.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(
                    placeholder: "SHELL", kind: .word(Shell.allCases.map(\.rawValue))),
                help: "the shell: \(Shell.allCases.map(\.rawValue).joined(separator: ", "))")
        ],
        example: "source <(trueup completions bash)",
        successMeaning: "the script was written",
        request: { arguments in
            guard let shell = Shell(rawValue: arguments.required("SHELL")) else {
                preconditionFailure("only the names of shells are read as one")
            }
            return .show(shell.completions)
        })

    private static let manual = CommandDescription(
        name: "man",
        summary: "write the manual page",
        discussion: """
            Writes the manual page of all commands to standard output, as `man` reads it. Keep it \
            as trueup.1 below share/man/man1, or read it at once by `trueup man | man -l -`.
            """,
        example: "trueup man",
        successMeaning: "the page was written",
        request: { _ in .show(ManualPage.text) })
}

extension OptionDescription {
    static let input = OptionDescription(
        name: "in", value: ValueDescription(placeholder: "DIR", kind: .folder),
        help: "the folder of the dumps", isRequired: true)
    static let checkedInput = OptionDescription(
        name: "in", value: ValueDescription(placeholder: "DIR", kind: .folder),
        help: "read this folder's dumps, too, and tell what they hold")
    static let output = OptionDescription(
        name: "out", value: ValueDescription(placeholder: "DIR", kind: .folder),
        help: "the folder in which runs are published, OUT for short", isRequired: true)
    static let asOf = OptionDescription(
        name: "as-of", value: ValueDescription(placeholder: "TIME", kind: .moment),
        help: "the time that the run takes for the present, in RFC 3339; UTC without an offset",
        defaultText: "the current time")
    static let dryRun = OptionDescription(
        name: "dry-run",
        help: "do everything but publish: nothing is written, and exit codes are the same")
    static let user = OptionDescription(
        name: "user", value: ValueDescription(placeholder: "U", kind: .text),
        help: "emit only for the payments of this user", isRepeatable: true,
        defaultText: "all users")
    static let payment = OptionDescription(
        name: "payment", value: ValueDescription(placeholder: "REF", kind: .text),
        help: "emit only for the payment of this id or reference", isRepeatable: true,
        defaultText: "all payments")
    static let threads = OptionDescription(
        name: "threads", value: ValueDescription(placeholder: "N", kind: .count(1...64)),
        help: "how many threads work at once, 1 to 64",
        defaultText: "the number of processors")
    static let memory = OptionDescription(
        name: "memory", value: ValueDescription(placeholder: "SIZE", kind: .size),
        help: "stay within so much memory, such as 2G, at whatever cost in time",
        defaultText: "as much as it takes")
    static let shards = OptionDescription(
        name: "shards", value: ValueDescription(placeholder: "N", kind: .count(1...4096)),
        help: "divide the work into so many parts, one of which at a time is in memory",
        defaultText: "1, or as many as --memory asks for")
    static let noArchive = OptionDescription(
        name: "no-archive", help: "publish without an archive")
    static let sign = OptionDescription(
        name: "sign", value: ValueDescription(placeholder: "KEY", kind: .file(endings: ["pem"])),
        help: "sign the archive with the private key of Ed25519 in this PEM file",
        defaultText: "no signature")
    static let failOn = OptionDescription(
        name: "fail-on", value: .word(FailOn.allCases.map(\.rawValue)),
        help: "the least severity of an open break that makes the exit code 3",
        defaultText: FailOn.critical.rawValue)
    static let quiet = OptionDescription(
        name: "quiet", help: "write nothing but errors")
}

extension ParsedArguments {
    fileprivate var runOptions: RunOptions {
        var options = RunOptions(
            pipelinePath: required("PIPELINE"), inputFolder: required("in"),
            outputFolder: required("out"), threads: count(of: .threads) ?? Processors.online)
        options.memory = size(of: .memory)
        options.shards = count(of: .shards)
        options.asOf = moment(of: .asOf)
        options.isDryRun = has(.dryRun)
        options.users = texts(of: .user)
        options.payments = texts(of: .payment)
        options.archives = !has(.noArchive)
        options.signingKeyPath = text(of: .sign)
        options.failOn = text(of: .failOn).flatMap(FailOn.init(rawValue:)) ?? options.failOn
        options.isQuiet = has(.quiet)
        options.logsJSON = text(of: .log) == "json"
        return options
    }

    fileprivate var checkOptions: CheckOptions {
        var options = CheckOptions(
            pipelinePath: required("PIPELINE"), inputFolder: text(of: .checkedInput))
        options.isJSON = has(.json)
        return options
    }
}
