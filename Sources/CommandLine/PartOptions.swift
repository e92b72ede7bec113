/// What `trueup plan` is told on the command line.
struct PlanOptions: Sendable, Hashable {
    /// What the run is told that is planned.
    var run: RunOptions
    /// Where the plan goes.
    var planPath: String
}

/// What `trueup keys` is told on the command line.
struct KeysOptions: Sendable, Hashable {
    /// Where the plan is.
    var planPath: String
    /// Which of the plan's files standard input is.
    var file: Int
    /// Whether each line has the row, too.
    var hasRows: Bool
    /// How many threads work at once.
    var threads: Int
}

/// What `trueup shard` is told on the command line.
struct ShardOptions: Sendable, Hashable {
    /// Where the plan is.
    var planPath: String
    /// Which part it is, from 0.
    var part: Int
    /// How many parts there are.
    var count: Int
    /// Where the tokens are of what is given back of payments that no dump has.
    var orphansPath: String
    /// How many threads work at once.
    var threads: Int
}

/// What `trueup merge` is told on the command line.
struct MergeOptions: Sendable, Hashable {
    /// What the run is told that is published, but for what the plan says.
    var run: RunOptions
    /// Where the plan is.
    var planPath: String
    /// Where the parts and surveys are.
    var partsFolder: String
}
