import Diagnostics
import Glibc
import Testing

@testable import Definition

/// The repository's folder, found from this file's own place.
let repository: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
}()

/// A definition with nothing but what every definition needs; its last line is the fifth.
let minimal = """
    name: tours
    currency: GHS
    timezone: Africa/Accra
    inputs:
      {payments: {files: payments.csv}, settlements: {files: momo.csv}}

    """

/// What every definition begins with, three lines long.
let head = """
    name: tours
    currency: GHS
    timezone: Africa/Accra

    """

/// A definition up to its payments, which must follow, indented by four spaces, from line 7.
let payments =
    head + """
        inputs:
          settlements: {files: momo.csv}
          payments:

        """

func isKnownZone(_ name: String) -> Bool {
    ["Africa/Accra", "Asia/Kolkata", "Asia/Tokyo", "Europe/Stockholm", "UTC"].contains(name)
}

/// The definition that a text gives, from a file called `t.yaml`.
func parse(_ text: String) throws(TrueupError) -> PipelineDefinition {
    try PipelineDefinition.parse(text: text, file: "t.yaml", isKnownZone: isKnownZone)
}

/// What is found wrong in a text, as a user reads it; empty where nothing is.
func complaints(_ text: String) -> String { complaints(bytes: Array(text.utf8)) }

/// What is found wrong in bytes, as a user reads it; empty where nothing is.
func complaints(bytes: [UInt8]) -> String {
    complaints { () throws(TrueupError) in
        try PipelineDefinition.parse(bytes: bytes, file: "t.yaml", isKnownZone: isKnownZone)
    }
}

func complaints(_ read: () throws(TrueupError) -> PipelineDefinition) -> String {
    do {
        _ = try read()
        return ""
    } catch {
        guard case .definition(let findings) = error else { return "another error: \(error)" }
        return findings.description
    }
}

/// Writes a file under a name of its own in the system's temporary folder, and removes it after.
func withTemporaryFile<Result>(
    _ bytes: [UInt8], _ body: (_ path: String) throws -> Result
) throws -> Result {
    var template = Array("/tmp/definition-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try #require(
        bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
    return try body(path)
}

/// A text with a fault, and all that is said of it.
struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var message: String

    init(_ name: String, _ text: String, _ message: String) {
        testDescription = name
        self.text = text
        self.message = message
    }
}
