import Definition
import Diagnostics
import Time

/// What must hold of a definition, whatever its bytes.
struct DefinitionLaws {
    let text: [UInt8]

    func check() throws {
        let definition: PipelineDefinition
        do throws(TrueupError) {
            definition = try parse(text)
        } catch {
            guard case .definition(let findings) = error else {
                throw BrokenLaw(description: "a definition fails as one: \(error)")
            }
            for finding in findings.all { try check(finding) }
            return
        }
        try hold(definition.source == text, "a definition keeps its bytes")
        try hold(try parse(text) == definition, "the same bytes are the same definition")
    }

    private func parse(_ text: [UInt8]) throws(TrueupError) -> PipelineDefinition {
        try PipelineDefinition.parse(bytes: text, file: "p.yaml", isKnownZone: Zone.isKnown)
    }

    /// A person can go to where a finding says that it is.
    private func check(_ finding: Finding) throws {
        try hold(!finding.summary.isEmpty, "a finding says something")
        try hold(finding.description.hasSuffix("\n") == false, "a finding is whole lines")
        guard let place = finding.position, place.line > 0 else { return }
        let breaks = text.count { $0 == 0x0A || $0 == 0x0D }
        // YAML ends lines with NEL, LS and PS as well: C2 85, E2 80 A8, E2 80 A9.
        let others = text.count { [0x85, 0xA8, 0xA9].contains($0) }
        try hold(place.line <= breaks + others + 1, "\(finding): no such line")
        try hold(place.column <= text.count + 1, "\(finding): no such column")
    }
}
