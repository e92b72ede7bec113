import Simulation
import Time
import Watching

extension Commands {
    static let simulate = CommandDescription(
        name: "simulate",
        summary: "settle pending payments as a demonstration gateway would",
        discussion: """
            Settles payments that have been pending for longer than a timeout, and writes what the \
            gateway would say into a settlement dump of the pipeline's own form. The next run \
            reads it like any other; the payments themselves are never touched. The same seed \
            decides the same payments alike, whenever and in whatever order they are settled. \
            What the pipeline would read otherwise than it was meant is not written.
            """,
        operands: [pipeline],
        ownOptions: [
            .input, .to, .timeout, .successRate, .settledPayment, .seed, .settledAsOf,
            .lookInterval,
            .quiet,
        ],
        example: "trueup simulate pipelines/tours.yaml --in samples/stuck --seed 4",
        successMeaning: "the settlement dump was written",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "PIPELINE", meaning: "the definition; it is read"), dumps,
            FileDescription(
                path: "DIR/NAME.csv",
                meaning: "the settlement dump, named after the glob of inputs.settlements"),
        ],
        request: { .simulate($0.simulateOptions) })

    static let watch = CommandDescription(
        name: "watch",
        summary: "run whenever dumps change, and at least so often",
        discussion: """
            Runs when a dump or the definition has changed, or when the interval has passed, and \
            otherwise does nothing. A file that is still being written is left alone until it has \
            not changed for a while. A run that fails, as it does where a dump is absent, cannot \
            be read or ends in the middle of a record, is told of and tried again with growing \
            delays. SIGTERM ends it at a safe point. What happens is told on standard error.
            """,
        operands: [pipeline],
        ownOptions: [
            .input, .output, .interval, .settling, .threads, .noArchive, .sign, .failOn,
            .log,
        ],
        example: "trueup watch pipelines/tours.yaml --in samples/tours --out out --interval 60s",
        successMeaning: "it never ends by itself",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "PIPELINE", meaning: "the definition; it is read for each run"),
            dumps,
            FileDescription(path: "OUT/", meaning: "what each run leaves, as `trueup run` does"),
        ],
        request: { .watch($0.watchOptions) })

    static let loadSQL = CommandDescription(
        name: "load-sql",
        summary: "write SQL that loads what a run emitted",
        discussion: """
            Writes a script for PostgreSQL that puts what a run emitted into the tables that the \
            definition names under `load`, in one transaction. Running it twice changes nothing \
            the second time, and what somebody has changed since the run is left alone. \
            `--unloaded` gathers from all runs what no dump shows yet, for a night that was not \
            loaded and for runs that come more often than loading.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published")
        ],
        ownOptions: [.publishedRun, .unloaded],
        example: "trueup load-sql out",
        successMeaning: "the script was written to standard output",
        files: [
            FileDescription(path: "OUT/RUN-ID/", meaning: "the run; it is read, never changed")
        ],
        request: { arguments in
            .loadSQL(
                LoadOptions(
                    outputFolder: arguments.required("OUT"),
                    run: arguments.text(of: .publishedRun), isUnloaded: arguments.has(.unloaded)))
        })
}

extension OptionDescription {
    static let unloaded = OptionDescription(
        name: "unloaded", help: "load what any run emitted and no dump shows yet")
    static let to = OptionDescription(
        name: "to", value: ValueDescription(placeholder: "FILE", kind: .file(endings: ["csv"])),
        help: "write the settlement dump here", defaultText: "beside the dumps")
    static let timeout = OptionDescription(
        name: "timeout", value: ValueDescription(placeholder: "SPAN", kind: .span),
        help: "how old a payment must be, in seconds or as 90m; 0 settles all",
        defaultText: "30")
    static let successRate = OptionDescription(
        name: "success-rate", value: ValueDescription(placeholder: "RATE", kind: .share),
        help: "how many of the payments succeed, from 0 to 1", defaultText: "0.9")
    static let settledPayment = OptionDescription(
        name: "payment", value: ValueDescription(placeholder: "REF", kind: .text),
        help: "settle only the payment of this id or reference", isRepeatable: true,
        defaultText: "all payments")
    static let seed = OptionDescription(
        name: "seed", value: ValueDescription(placeholder: "N", kind: .count(0...1_000_000_000)),
        help: "decides which payments succeed", defaultText: "1")
    static let settledAsOf = OptionDescription(
        name: "as-of", value: ValueDescription(placeholder: "TIME", kind: .moment),
        help: "the time that it takes for the present, in RFC 3339; UTC without an offset",
        defaultText: "the current time")
    static let lookInterval = OptionDescription(
        name: "interval", value: ValueDescription(placeholder: "SPAN", kind: .positiveSpan),
        help: "look again so often until stopped, in seconds or as 5m",
        defaultText: "look once")
    static let interval = OptionDescription(
        name: "interval", value: ValueDescription(placeholder: "SPAN", kind: .positiveSpan),
        help: "the longest time between two runs, in seconds or as 5m", isRequired: true)
    static let settling = OptionDescription(
        name: "settling", value: ValueDescription(placeholder: "SPAN", kind: .span),
        help: "how long a dump must not have changed before it is read", defaultText: "2s")
    static let log = OptionDescription(
        name: "log", value: .word(["text", "json"]),
        help: "how to tell what happens, a line for each event, on standard error",
        defaultText: "text")
}

extension ParsedArguments {
    fileprivate var simulateOptions: SimulateOptions {
        var options = SimulateOptions(
            pipelinePath: required("PIPELINE"), inputFolder: required("in"))
        options.path = text(of: .to)
        options.references = texts(of: .settledPayment)
        let usual = options.behaviour
        options.behaviour.timeout = span(of: .timeout) ?? usual.timeout
        options.behaviour.successesInMillion = share(of: .successRate) ?? usual.successesInMillion
        options.behaviour.seed = count(of: .seed) ?? usual.seed
        options.asOf = moment(of: .settledAsOf)
        options.interval = span(of: .lookInterval)
        options.isQuiet = has(.quiet)
        return options
    }

    fileprivate var watchOptions: WatchOptions {
        var run = RunOptions(
            pipelinePath: required("PIPELINE"), inputFolder: required("in"),
            outputFolder: required("out"), threads: count(of: .threads) ?? Processors.online)
        run.archives = !has(.noArchive)
        run.signingKeyPath = text(of: .sign)
        run.failOn = text(of: .failOn).flatMap(FailOn.init(rawValue:)) ?? run.failOn
        // What a run prints for people would only fill the journal.
        run.isQuiet = true
        var rules = WatchRules(interval: span(of: .interval) ?? TimeSpan(seconds: 60))
        rules.settling = span(of: .settling) ?? rules.settling
        return WatchOptions(run: run, rules: rules, logsJSON: text(of: .log) == "json")
    }
}
