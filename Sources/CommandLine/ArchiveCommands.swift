extension Commands {
    private static let publishedRuns = OperandDescription(
        value: ValueDescription(placeholder: "OUT", kind: .folder),
        help: "the folder in which runs are published")

    static let runs = CommandDescription(
        name: "runs",
        summary: "list the runs of an output folder",
        discussion: """
            Writes a line for each published run, the oldest first: what its report says of the \
            night, how many payments it had, how much it emitted, which breaks are open and what \
            is at risk in them, and whether it has an archive.
            """,
        operands: [publishedRuns], ownOptions: [.json],
        example: "trueup runs out",
        successMeaning: "the list was written",
        files: [
            FileDescription(
                path: "OUT/RUN-ID/report.json", meaning: "each run's report; it is read")
        ],
        request: { .runs(RunsOptions(outputFolder: $0.required("OUT"), isJSON: $0.has(.json))) })

    static let verify = CommandDescription(
        name: "verify",
        summary: "hold runs and archives against their checksums",
        discussion: """
            Reads every file of every run and archive, and names what was changed, removed or \
            added since it was published. Each archive holds the checksum of the one before it: \
            an archive that was changed, removed, added or put in another's place is named. What \
            the definition's `archive.keep` removed is no fault. With --key every archive must be \
            signed by that key, but for those older than the first signed one. Nothing is written. \
            `sha256sum -c SHA256SUMS` in a run's folder and `sha256sum -c *.sha256` in OUT/archive \
            check the same files without trueup.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(
                    placeholder: "OUT|ARCHIVE", kind: .file(endings: ["tar.zst"])),
                help: "the folder in which runs are published, or one archive")
        ],
        ownOptions: [.publicKey],
        example: "trueup verify out",
        successMeaning: "everything is as it was published",
        failureMeaning: "something is not as it was published, or cannot be read",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(
                path: "OUT/RUN-ID/SHA256SUMS", meaning: "the checksums of a run's files"),
            FileDescription(
                path: "OUT/archive/RUN-ID.tar.zst",
                meaning: "an archive; its checksum and its signature are beside it"),
        ],
        request: { arguments in
            .verify(
                VerifyOptions(
                    path: arguments.required("OUT|ARCHIVE"),
                    keys: arguments.texts(of: .publicKey)))
        })

    static let replay = CommandDescription(
        name: "replay",
        summary: "make a run again from its archive, and compare every byte",
        discussion: """
            Unpacks an archive, makes its run again by the archived definition over the archived \
            dumps, with its as-of and after what the run before handed on, and compares every \
            byte of every file. A difference is told by file, row and column. Nothing else is \
            read, and nothing is written but below a temporary folder, which is removed, or --to.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "ARCHIVE", kind: .file(endings: ["tar.zst"])),
                help: "the archive of a run")
        ],
        ownOptions: [.replayFolder, .threads, .quiet],
        example: "trueup replay out/archive/20250831T020000Z-04a7ef.tar.zst",
        successMeaning: "every byte is equal",
        failureMeaning: "something differs, or the run could not be made again",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "ARCHIVE", meaning: "the archive; it is read"),
            FileDescription(path: "DIR/unpacked/", meaning: "what it holds"),
            FileDescription(path: "DIR/out/RUN-ID/", meaning: "the run that was made again"),
        ],
        request: { arguments in
            .replay(
                ReplayOptions(
                    archive: arguments.required("ARCHIVE"),
                    folder: arguments.text(of: .replayFolder),
                    threads: arguments.count(of: .threads) ?? Processors.online,
                    isQuiet: arguments.has(.quiet)))
        })
}

extension OptionDescription {
    static let publicKey = OptionDescription(
        name: "key", value: ValueDescription(placeholder: "PUBLIC", kind: .file(endings: ["pem"])),
        help: "a public key of Ed25519, in PEM, of which archives must be signed",
        isRepeatable: true, defaultText: "signatures are not checked")
    static let replayFolder = OptionDescription(
        name: "to", value: ValueDescription(placeholder: "DIR", kind: .folder),
        help: "keep the unpacked archive and the run in this folder, which is new or empty",
        defaultText: "a temporary folder")
}

/// What `trueup runs` is told on the command line.
struct RunsOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// Whether JSON is written, for programs.
    var isJSON: Bool
}

/// What `trueup verify` is told on the command line.
struct VerifyOptions: Sendable, Hashable {
    /// The folder in which runs are published, or an archive.
    var path: String
    /// The paths of the public keys of which one must have signed each archive.
    var keys: [String] = []
}

/// What `trueup replay` is told on the command line.
struct ReplayOptions: Sendable, Hashable {
    /// The archive's path.
    var archive: String
    /// Where the unpacked archive and the run stay; nil removes them.
    var folder: String?
    /// How many threads work at once.
    var threads: Int
    /// Whether everything but errors is silenced.
    var isQuiet: Bool
}
