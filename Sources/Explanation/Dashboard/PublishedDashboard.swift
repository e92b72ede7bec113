import Definition
import DelimitedText
import Diagnostics
import Reporting
import Rules
import RunStore
import Time

/// One user's summary, read from the folder of a published run alone.
public struct PublishedDashboard: Sendable {
    /// The user's line of `dashboards.jsonl`, as it stands there.
    public let line: String
    /// What it says.
    public let dashboard: UserDashboard

    /// Looks a user up in the latest run of an output folder, or in the one of this name.
    ///
    /// Users are compared as a run does: ignoring case and surrounding space.
    ///
    /// - Throws: `TrueupError.usage` where the run has no summary of this user, and never with
    ///   another user's name, or where there is no run of this name; `TrueupError.run` where the
    ///   summaries cannot be read.
    public init(outputFolder: String, user: String, run: String?) throws {
        let history = try RunHistory(path: outputFolder)
        let id = try RunReader.run(named: run, in: history)
        let folder = history.folder(of: id)
        let path = folder + "/dashboards.jsonl"
        let bytes = try PublishedDashboard.line(of: user, path: path)
        guard let bytes else {
            throw TrueupError.usage(
                Finding(
                    "the run has no summary of this user", at: SourcePosition(file: path),
                    found: user,
                    remedy: "check the spelling; case and surrounding space do not matter"))
        }
        line = String(decoding: bytes, as: UTF8.self)
        let definition = try PipelineDefinition.load(
            path: folder + "/definition.yaml", isKnownZone: Zone.isKnown)
        guard
            let dashboard = UserDashboard(
                reading: bytes, pipeline: definition.name, levels: definition.dashboard.levels,
                run: id.text, asOf: TimeText.text(id.asOf))
        else { throw PublishedDashboard.damaged(path, "a line without the figures of a summary") }
        self.dashboard = dashboard
    }

    /// The line as JSON for a terminal: the same to every reader, and to the byte where it has no
    /// characters that control or deceive.
    public var json: String { JSONWriter.harmless(line) + "\n" }

    private static func line(of user: String, path: String) throws -> [UInt8]? {
        // As users are read from dumps: blanks of ASCII are taken off, and letters lowered.
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let trimmed = user.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let name = String(decoding: trimmed, as: UTF8.self).lowercased()
        do throws(TextSourceError) {
            return try DashboardSearch(source: TextSource(path: path)).line(of: name)
        } catch {
            throw TrueupError.run(
                Finding(
                    "the users' summaries of the run cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    private static func damaged(_ path: String, _ found: String) -> TrueupError {
        .run(
            Finding(
                "the user's summary is damaged", at: SourcePosition(file: path), found: found,
                remedy: "check the run with sha256sum -c SHA256SUMS, and restore its folder from "
                    + "its archive"))
    }
}
