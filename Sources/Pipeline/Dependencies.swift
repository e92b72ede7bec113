import Definition
import DelimitedText
import Glibc
import Packing
import RunStore
import Spreadsheets
import Time

/// Something not ours that a run rests on.
public struct Dependency: Sendable, Hashable {
    /// What it is called.
    public var name: String
    /// Its version, by its own word.
    public var version: String

    /// Names it.
    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    /// All of them, as they are loaded, in order of the names.
    ///
    /// Tables of zones are among them: they say which day a payment was made on.
    public static let all: [Dependency] = {
        var all = [
            ("glibc", systemLibrary), ("libcrypto", CryptographyLibrary.version),
            ("libcsv", CSVLibrary.version), ("libxlsxwriter", SpreadsheetLibrary.version),
            ("libyaml", YAMLLibrary.version), ("swift", language),
            ("tzdata", Zone.tablesVersion ?? "unknown"),
        ]
        all += PackingLibraries.versions
        return all.map { Dependency(name: $0, version: $1) }.sorted { $0.name < $1.name }
    }()

    private static var systemLibrary: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            guard let base = text.baseAddress,
                confstr(CInt(_CS_GNU_LIBC_VERSION), base, text.count) > 0
            else { return "unknown" }
            let words = String(cString: base)
            return words.split(separator: " ").last.map(String.init) ?? words
        }
    }

    /// The language's version, which its library does not tell; that of the compiler, to the minor.
    private static var language: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
