import Pipeline
import Reporting

/// What `trueup --version` shows.
enum VersionText {
    /// The program's own version.
    static let brief = "trueup \(Program.version)\n"

    /// The same, with the versions of what the program writes and of what it rests on.
    static var verbose: String {
        let formats = [
            ("archive", RunManifest.format), ("report.json", ReportJSON.format),
            ("run.json", RunDocument.format),
        ].map { ($0, String($1)) }
        return brief + section("Formats", formats)
            + section("Rests on", Dependency.all.map { ($0.name, $0.version) })
    }

    private static func section(_ title: String, _ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return "\n\(title):\n"
            + rows.map { name, version in
                "  \(name)\(String(repeating: " ", count: width - name.count))  \(version)\n"
            }.joined()
    }
}
