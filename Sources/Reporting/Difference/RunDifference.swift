import Money
import Records

/// What changed between two published runs, and because of what.
public struct RunDifference: Sendable {
    /// What one of the runs was made of.
    public struct Side: Sendable, Hashable {
        /// The run's name.
        public var run: String
        /// Its logical time, as the run writes it.
        public var asOf: String
        /// The program and its version.
        public var program: String
        /// What the program rested on, by name and version.
        public var dependencies: [String: String]
        /// The checksum of the definition.
        public var definition: String
        /// The presets that the definition names, each with its checksum.
        public var presets: [Preset]
        /// The users and payments that emissions were restricted to.
        public var restriction: [String]
        /// The files that were read.
        public var inputs: [Input]

        /// Creates a side.
        public init(
            run: String, asOf: String, program: String, dependencies: [String: String],
            definition: String, presets: [Preset], restriction: [String], inputs: [Input]
        ) {
            self.run = run
            self.asOf = asOf
            self.program = program
            self.dependencies = dependencies
            self.definition = definition
            self.presets = presets
            self.restriction = restriction
            self.inputs = inputs
        }
    }

    /// A preset, told by its content.
    public struct Preset: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its checksum.
        public var sha256: String

        /// Creates a preset.
        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// A file that a run read.
    public struct Input: Sendable, Hashable {
        /// Its name.
        public var file: String
        /// What it holds.
        public var kind: String
        /// Its checksum.
        public var sha256: String
        /// How many rows it has.
        public var rows: Int64

        /// Creates an input.
        public init(file: String, kind: String, sha256: String, rows: Int64) {
            self.file = file
            self.kind = kind
            self.sha256 = sha256
            self.rows = rows
        }
    }

    /// What a change is laid to.
    public enum Cause: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// The payment's own row in the dumps is new, gone or different.
        case payments
        /// Other settlement lines, or lines that say otherwise.
        case settlements
        /// Other bookings, or bookings that say otherwise.
        case bookings
        /// Other lines of the bank account.
        case bank
        /// What the first run emitted, and the second had no need to.
        case emissions
        /// A decision of two people.
        case overrides
        /// No record differs: the definition, the program or the time does.
        case setting
    }

    /// A break that is in one run only, or in both and different.
    public struct BreakChange: Sendable, Hashable {
        /// Its row: in the second run, or in the first where it was cleared.
        public var row: [String: String]
        /// The money at risk in the first run, where it is in both.
        public var atRiskBefore: String?
        /// The columns that differ, where it is in both.
        public var columns: [String] = []
        /// What the run that cleared it wrote down.
        public var clearedBy: String?
        /// What it is laid to.
        public var cause: Cause

        /// Creates a change.
        public init(row: [String: String], cause: Cause) {
            self.row = row
            self.cause = cause
        }
    }

    /// Breaks of one kind of change.
    public struct BreakGroup: Sendable, Hashable {
        /// How many there are.
        public var count = 0
        /// How many of each code, by its word.
        public var codes: [String: Int] = [:]
        /// The first ones, in the order of their table.
        public var first: [BreakChange] = []

        /// None.
        public init() {}
    }

    /// Payments that changed alike.
    public struct PaymentGroup: Sendable, Hashable {
        /// Status and outcome in the first run; nil where they were not in it.
        public var before: String?
        /// Status and outcome in the second run; nil where they are not in it.
        public var after: String?
        /// How many there are.
        public var count = 0
        /// What they come to by currency, in minor units.
        public var value: [Currency: Int128] = [:]
        /// How many are laid to each cause.
        public var causes: [Cause: Int] = [:]
        /// The ids of the first ones, in the order of their table.
        public var first: [String] = []

        /// Creates an empty group.
        public init(before: String?, after: String?) {
            self.before = before
            self.after = after
        }
    }

    /// A figure of the runs' reports.
    public struct Figure: Sendable, Hashable {
        /// What it is called in `report.json`, in words.
        public var name: String
        /// In the first run; empty where it has none.
        public var before: String
        /// In the second run.
        public var after: String

        /// Creates a figure.
        public init(name: String, before: String, after: String) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// The first run.
    public var before: Side
    /// The second run.
    public var after: Side
    /// The runs in between, oldest first.
    public var between: [String] = []
    /// Breaks that are in the second run only.
    public var opened = BreakGroup()
    /// Breaks that are in the first run only.
    public var cleared = BreakGroup()
    /// Breaks that are in both, and different.
    public var changed = BreakGroup()
    /// Payments whose status or outcome is another, the largest group first.
    public var payments: [PaymentGroup] = []
    /// What each run emitted, where either emitted any.
    public var emissions: [Figure] = []
    /// Totals that differ.
    public var totals: [Figure] = []

    /// Creates a difference of two runs in which nothing changed yet.
    public init(before: Side, after: Side) {
        self.before = before
        self.after = after
    }
}

extension RunDifference {
    /// A file that is new, gone or different.
    struct InputChange {
        var file: String
        var kind: String
        var before: Input?
        var after: Input?

        var word: String { before == nil ? "new" : after == nil ? "gone" : "changed" }
    }

    /// The files that are not the same in both, in the order of the second run, then of the first.
    var inputs: [InputChange] {
        func key(_ input: Input) -> String { input.kind + "\u{1F}" + input.file }
        let old = Dictionary(before.inputs.map { (key($0), $0) }, uniquingKeysWith: { $1 })
        let new = Set(after.inputs.map(key))
        let found = after.inputs.compactMap { input -> InputChange? in
            let earlier = old[key(input)]
            guard earlier?.sha256 != input.sha256 else { return nil }
            return InputChange(file: input.file, kind: input.kind, before: earlier, after: input)
        }
        return found
            + before.inputs.filter { !new.contains(key($0)) }
            .map { InputChange(file: $0.file, kind: $0.kind, before: $0, after: nil) }
    }

    /// Whether any file of a kind is not the same in both.
    public func hasOther(inputs kind: RecordKind) -> Bool {
        inputs.contains { $0.kind == kind.rawValue }
    }

    /// What else differs than the dumps, in words.
    var settings: [String] {
        var words: [String] = []
        if before.definition != after.definition { words.append("the definition") }
        if before.presets != after.presets { words.append("the presets") }
        if before.program != after.program { words.append("the program") }
        if before.dependencies != after.dependencies { words.append("the libraries") }
        if before.restriction != after.restriction { words.append("--user and --payment") }
        if hasOther(inputs: .overrides) { words.append("the overrides") }
        if before.asOf != after.asOf { words.append("the as-of") }
        return words
    }

    /// The cause in words of the two runs.
    func words(_ cause: Cause) -> String {
        switch cause {
        case .payments: "the payments' own rows in the dumps"
        case .settlements: "settlement lines"
        case .bookings: "bookings"
        case .bank: "the bank account"
        case .emissions: "what the first run emitted"
        case .overrides: "overrides"
        case .setting:
            settings.isEmpty
                ? "what earlier runs handed on" : settings.joined(separator: " or ")
        }
    }

    /// How many changes of each kind are laid to a cause; breaks as far as they are listed.
    func counts(of cause: Cause) -> (opened: Int, cleared: Int, changed: Int, payments: Int) {
        func count(_ group: BreakGroup) -> Int { group.first.count { $0.cause == cause } }
        return (
            count(opened), count(cleared), count(changed),
            payments.reduce(0) { $0 + ($1.causes[cause] ?? 0) }
        )
    }
}
