import Diagnostics
import Loading
import RunStore

extension Program {
    /// Writes the SQL that loads what a run emitted.
    static func loadSQL(_ options: LoadOptions) throws -> CommandOutcome {
        let script = try LoadScript(output: options.outputFolder, run: runID(options.run))
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
