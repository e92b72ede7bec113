import Parallel
import Time

extension Commands {
    private static let planFile = FileDescription(
        path: "--plan FILE", meaning: "the run's plan; it is as secret as the dumps are")

    static let plan = CommandDescription(
        name: "plan",
        summary: "plan a run whose parts other processes find",
        discussion: """
            Writes everything that processes need which share a run out, on one machine or many, \
            beside the rows of the dumps: the definition, the time, what the run before handed on, \
            and the run's secret key. The files, and what is to be shared out with their rows, are \
            told in JSON. The run itself is published by `trueup merge`.
            """,
        operands: [pipeline],
        ownOptions: [.input, .output, .writtenPlan, .asOf, .user, .payment],
        example: "trueup plan pipelines/tours.yaml --in samples/tours --out out --plan run.plan",
        successMeaning: "the plan was written",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "PIPELINE", meaning: "the definition; it is read"), dumps,
            FileDescription(path: "OUT", meaning: "what the run before handed on; it is read"),
            planFile,
        ],
        request: { .plan($0.planOptions) })

    static let keys = CommandDescription(
        name: "keys",
        summary: "list the rows of a dump with what they name",
        discussion: """
            Reads one dump of a plan from standard input, and writes a line for each row that can \
            be a record: its offset, length and line, what it gives back of which payment, and \
            what it names, in numbers. Rows that name one thing, directly or through others, \
            belong into one part. The last line holds the survey of the dump for `trueup merge`.
            """,
        ownOptions: [.plan, .file, .rows, .threads],
        example: "trueup keys --plan run.plan --file 0 < samples/tours/payments.csv",
        successMeaning: "every row was listed, and the survey",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [planFile],
        request: { .keys($0.keysOptions) })

    static let shard = CommandDescription(
        name: "shard",
        summary: "find one part of a run, from its rows",
        discussion: """
            Reads the rows of one part from standard input, each behind its place, line and \
            length, finds out everything that does not depend on rows of other parts, and writes \
            that to standard output. The same rows give the same bytes. Rows are laid aside in \
            files without a name, in the folder that TMPDIR names.
            """,
        ownOptions: [.plan, .part, .partCount, .orphans, .threads],
        example: "trueup shard --plan run.plan --part 0 --of 4 --orphans orphans < rows > part",
        successMeaning: "the part was written",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            planFile,
            FileDescription(
                path: "--orphans FILE",
                meaning: "what is given back of payments that no dump has, as keys listed it"),
        ],
        request: { .shard($0.shardOptions) })

    static let merge = CommandDescription(
        name: "merge",
        summary: "publish a run from its parts",
        discussion: """
            Joins the parts that `trueup shard` found, proves that every row is in one of them and \
            in one only, and publishes what `trueup run` would have published, to the byte. The \
            dumps must be those of the plan, and the output folder must have the same latest run.
            """,
        ownOptions: [
            .plan, .parts, .input, .output, .threads, .noArchive, .sign, .failOn, .quiet, .log,
        ],
        example: "trueup merge --plan run.plan --parts parts --in samples/tours --out out",
        successMeaning: "published, with no open break at or above --fail-on",
        otherExits: [.failure, .misuse, .openBreaks, .busy] + ExitStatus.stops,
        files: [
            planFile,
            FileDescription(
                path: "PARTS/file-00000.survey",
                meaning: "the survey of each dump that is not few, by its index"),
            FileDescription(
                path: "PARTS/part-00000.part", meaning: "each part, by its number from 0"),
            dumps,
            FileDescription(path: "OUT/RUN-ID/", meaning: "what the run found and made"),
            FileDescription(
                path: "OUT/archive/RUN-ID.tar.zst",
                meaning: "dumps, definition and results, unless --no-archive is given"),
        ],
        request: { .merge($0.mergeOptions) })
}

extension OptionDescription {
    fileprivate static let writtenPlan = OptionDescription(
        name: "plan", value: ValueDescription(placeholder: "FILE", kind: .file(endings: ["plan"])),
        help: "where the plan goes", isRequired: true)
    fileprivate static let plan = OptionDescription(
        name: "plan", value: ValueDescription(placeholder: "FILE", kind: .file(endings: ["plan"])),
        help: "the plan that trueup plan wrote", isRequired: true)
    fileprivate static let file = OptionDescription(
        name: "file", value: ValueDescription(placeholder: "INDEX", kind: .count(0...65_534)),
        help: "which of the plan's files it is", isRequired: true)
    fileprivate static let rows = OptionDescription(
        name: "rows", help: "write each row in Base64, too, as packed dumps need it")
    fileprivate static let part = OptionDescription(
        name: "part", value: ValueDescription(placeholder: "I", kind: .count(0...65_535)),
        help: "which part it is, from 0", isRequired: true)
    fileprivate static let partCount = OptionDescription(
        name: "of", value: ValueDescription(placeholder: "N", kind: .count(1...65_536)),
        help: "how many parts there are", isRequired: true)
    fileprivate static let orphans = OptionDescription(
        name: "orphans", value: ValueDescription(placeholder: "FILE", kind: .file(endings: [])),
        help: "what is given back of payments that no dump has, a token a line", isRequired: true)
    fileprivate static let parts = OptionDescription(
        name: "parts", value: ValueDescription(placeholder: "PARTS", kind: .folder),
        help: "the folder of the parts and surveys", isRequired: true)
}

extension ParsedArguments {
    fileprivate var planOptions: PlanOptions {
        var run = RunOptions(
            pipelinePath: required("PIPELINE"), inputFolder: required("in"),
            outputFolder: required("out"), threads: Processors.online)
        run.asOf = moment(of: .asOf)
        run.users = texts(of: .user)
        run.payments = texts(of: .payment)
        return PlanOptions(run: run, planPath: required("plan"))
    }

    fileprivate var keysOptions: KeysOptions {
        KeysOptions(
            planPath: required("plan"), file: count(of: .file) ?? 0, hasRows: has(.rows),
            threads: count(of: .threads) ?? Processors.online)
    }

    fileprivate var shardOptions: ShardOptions {
        ShardOptions(
            planPath: required("plan"), part: count(of: .part) ?? 0,
            count: count(of: .partCount) ?? 1, orphansPath: required("orphans"),
            threads: count(of: .threads) ?? Processors.online)
    }

    fileprivate var mergeOptions: MergeOptions {
        var run = RunOptions(
            pipelinePath: "", inputFolder: required("in"), outputFolder: required("out"),
            threads: count(of: .threads) ?? Processors.online)
        run.archives = !has(.noArchive)
        run.signingKeyPath = text(of: .sign)
        run.failOn = text(of: .failOn).flatMap(FailOn.init(rawValue:)) ?? run.failOn
        run.isQuiet = has(.quiet)
        run.logsJSON = text(of: .log) == "json"
        return MergeOptions(run: run, planPath: required("plan"), partsFolder: required("parts"))
    }
}
