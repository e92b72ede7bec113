/// What the command line asks for.
struct Options {
    var payments = 1_000_000
    var seed: UInt64 = 1
    var folder = ""
    var pipeline: String?

    /// What `--help` prints.
    static let help = """
        usage: trueup-generate [--payments N] [--seed N] --out DIR [--pipeline FILE]

        Writes payments.csv, settlements.csv, bookings.csv, catalogue.csv and users.csv into DIR,
        and what a reconciliation of them must find into truth.csv and truth.json, which is
        written last. The same number of payments and the same seed give the same bytes.

          --payments N     how many payments, at least 1 (default 1000000, about 380 MB)
          --seed N         what the randomness comes from (default 1)
          --out DIR        where to write; created where it is missing, but not its parent
          --pipeline FILE  writes a pipeline definition that fits the dumps

        exit codes: 0 written, 1 a file could not be written, 2 the command line is wrong

        """

    /// Reads the arguments that follow the command's name.
    init(_ arguments: some Sequence<String>) throws(GeneratorError) {
        var rest = arguments.makeIterator()
        while let name = rest.next() {
            guard ["--payments", "--seed", "--out", "--pipeline"].contains(name) else {
                throw GeneratorError("unknown option \(name); --help lists them")
            }
            guard let value = rest.next() else { throw GeneratorError("\(name) needs a value") }
            switch name {
            case "--payments":
                guard let count = Int(value), (1...1_000_000_000).contains(count) else {
                    throw GeneratorError("--payments takes 1 to 1000000000, not \(value)")
                }
                payments = count
            case "--seed":
                guard let number = UInt64(value) else {
                    throw GeneratorError("--seed takes a whole number, not \(value)")
                }
                seed = number
            case "--out": folder = value
            default: pipeline = value
            }
        }
        guard !folder.isEmpty else { throw GeneratorError("--out is missing; --help explains") }
    }
}
