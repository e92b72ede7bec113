import Foundation

/// The project's own source files, found from the place of this one.
enum SourceTree {
    /// A file in a room, which is a folder of `Sources`.
    struct File {
        let room: String
        /// Below the package's folder.
        let path: String
        let text: String
    }

    /// The package's folder.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below `Sources`, in order of the paths.
    static func swiftFiles() throws -> [File] { try swiftFiles(below: "Sources") }

    /// Every Swift file below a folder of the package, in order of the paths.
    static func swiftFiles(below folder: String) throws -> [File] {
        let top = root.appending(path: folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: top.path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            File(
                room: path.split(separator: "/").first.map(String.init) ?? path,
                path: "\(folder)/\(path)",
                text: try String(contentsOf: top.appending(path: path), encoding: .utf8))
        }
    }

    /// The folders of `Sources`, in order of their names.
    static func folders() throws -> [String] {
        let top = root.appending(path: "Sources").path
        return try FileManager.default.contentsOfDirectory(atPath: top).sorted()
    }

    /// The modules that a source imports, in the order of its lines.
    static func imports(in source: String) -> [String] {
        let line =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|actor|typealias|func|let|var)\s+)?(\w+)/
        return source.split(separator: "\n").compactMap { text in
            text.firstMatch(of: line).map { String($0.1) }
        }
    }
}
