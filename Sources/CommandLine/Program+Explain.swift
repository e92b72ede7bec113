import Explanation

extension Program {
    /// Tells what a published run knows of a reference.
    static func explain(_ options: ExplainOptions) throws -> CommandOutcome {
        let explanation = try Explanation(
            outputFolder: options.outputFolder, reference: options.reference, run: options.run,
            threads: options.threads)
        return CommandOutcome(text: options.isJSON ? try explanation.json() : explanation.text)
    }
}
