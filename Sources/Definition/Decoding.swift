import Diagnostics
import Money

/// What is known while a definition is read: where in it we stand, and what was found wrong.
struct Decoding {
    /// How many findings a message shows: more than anybody mends at once.
    static let readableFindings = 200

    /// The currency in which amounts are written, the pipeline's but where a part names its own;
    /// nil where it is missing or wrong, so that amounts are then checked for their form alone.
    var currency: Currency?
    let isKnownZone: (String) -> Bool
    /// Where inputs find the presets that they name; nil while a preset itself is read.
    let presets: PresetLibrary?
    /// The presets that inputs have named so far, each once.
    var usedPresets: [PresetText] = []
    private(set) var findings: [Finding]
    private var path: [String] = []

    init(
        currency: Currency?, isKnownZone: @escaping (String) -> Bool, presets: PresetLibrary?,
        findings: [Finding]
    ) {
        self.currency = currency
        self.isKnownZone = isKnownZone
        self.presets = presets
        self.findings = findings
    }

    /// What is being read, as messages name it: `resolve.stuck_after`.
    var place: String { path.isEmpty ? "the definition" : path.joined(separator: ".") }

    /// The place as an ending of a sentence about one of its keys; empty for the whole.
    var inPlace: String { path.isEmpty ? "" : " in \(place)" }

    /// Reads a part, whose name messages then tell.
    mutating func descend<Result>(
        to name: String, _ read: (inout Decoding) -> Result
    ) -> Result {
        path.append(name.unicodeScalars.count > 60 ? name.prefix(60) + "…" : name)
        defer { path.removeLast() }
        return read(&self)
    }

    /// Reads an element of a list, counted from 1: `inputs.settlements[1]`.
    mutating func descend<Result>(
        toElement index: Int, _ read: (inout Decoding) -> Result
    ) -> Result {
        guard let last = path.last else { return read(&self) }
        path[path.count - 1] = "\(last)[\(index)]"
        defer { path[path.count - 1] = last }
        return read(&self)
    }

    /// Takes over what is wrong in another file.
    mutating func report(_ findings: [Finding]) { self.findings += findings }

    mutating func report(
        _ summary: String, at position: SourcePosition, expected: String, found: String,
        remedy: String
    ) {
        findings.append(
            Finding(summary, at: position, expected: expected, found: found, remedy: remedy))
    }
}

/// Words as a sentence lists them: `a, b and c`.
func listed(_ words: [String], _ conjunction: String = "and") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
}
