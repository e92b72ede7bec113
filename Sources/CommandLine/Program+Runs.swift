import Diagnostics
import Loading
import RunStore

extension Program {
    /// Writes the SQL that loads what a run emitted.
    static func loadSQL(_ options: LoadOptions) throws -> CommandOutcome {
        let scope = try LoadScript.Scope.run(runID(options.run))
        if options.isUnloaded, options.run != nil {
            throw TrueupError.usage(
                Finding(
                    "--unloaded and --run exclude each other", expected: "one of the two",
                    remedy: "leave out --run to load what any run emitted"))
        }
        let script = try LoadScript(
            output: options.outputFolder, options.isUnloaded ? .unloaded : scope)
        var text = ""
        try script.write { text += $0 }
        return CommandOutcome(text: text)
    }

    /// Reads the name of a run as it was typed.
    ///
    /// - Throws: `TrueupError.usage` where no run has such a name.
    static func runID(_ text: String?) throws(TrueupError) -> RunID? {
        guard let text else { return nil }
        guard let run = RunID(text) else {
            throw .usage(
                Finding(
                    "no run has such a name", expected: "a name such as 20261120T020000Z-abcdef",
                    found: text, remedy: "look into the output folder for the names of its runs"))
        }
        return run
    }
}
