import Foundation
import Testing

/// Which room may see which: a leaf knows nothing of the others, each C library is seen by one
/// room, and what decides about money sees neither files nor definitions nor the clock.
@Suite struct ImportTests {
    /// What each folder of `Sources` may import, in the order of `Package.swift`.
    static let allowed: [String: Set<String>] = [
        "Diagnostics": [],
        "Gateways": [],
        "JSONText": [],
        "Money": [],
        "Packing": ["CLibArchive", "CLibZ", "Glibc"],
        "Parallel": ["Glibc", "Synchronization"],
        "Spreadsheets": ["CLibXlsxWriter", "Glibc", "Packing"],
        "Time": ["Glibc"],
        "Records": ["Money", "Time"],
        "Rules": ["Money", "Time"],
        "DelimitedText": ["CLibCSV", "Glibc", "Packing", "Parallel", "Synchronization"],
        "Definition": [
            "CLibYAML", "Diagnostics", "Gateways", "Glibc", "Money", "Records", "Rules", "Time",
        ],
        "Ingestion": [
            "Definition", "DelimitedText", "Diagnostics", "Glibc", "JSONText", "Money", "Parallel",
            "Records", "Rules", "Time",
        ],
        "Reconciliation": ["Money", "Parallel", "Records", "Rules", "Time"],
        "Emission": [
            "JSONText", "Money", "Parallel", "Reconciliation", "Records", "Rules", "Time",
        ],
        "RunStore": [
            "CLibCrypto", "Diagnostics", "Dispatch", "Glibc", "Packing", "Parallel",
            "Synchronization", "Time",
        ],
        "Reporting": [
            "DelimitedText", "Diagnostics", "Emission", "Glibc", "Ingestion", "JSONText", "Money",
            "Parallel", "Reconciliation", "Records", "Rules", "RunStore", "Spreadsheets", "Time",
        ],
        "Explanation": [
            "Definition", "DelimitedText", "Diagnostics", "Emission", "Glibc", "JSONText", "Money",
            "Parallel", "Reconciliation", "Records", "Reporting", "Rules", "RunStore", "Time",
        ],
        "Pipeline": [
            "CLibMalloc", "Definition", "DelimitedText", "Diagnostics", "Emission", "Glibc",
            "Ingestion", "Money", "Packing", "Parallel", "Reconciliation", "Records", "Reporting",
            "Rules", "RunStore", "Spreadsheets", "Synchronization", "Time",
        ],
        "Simulation": [
            "Definition", "DelimitedText", "Diagnostics", "Ingestion", "Money", "Parallel",
            "Reconciliation", "Records", "Rules", "RunStore", "Time",
        ],
        "Loading": [
            "Definition", "DelimitedText", "Diagnostics", "Emission", "Records", "Reporting",
            "Rules",
            "RunStore", "Time",
        ],
        "Guessing": [
            "Definition", "DelimitedText", "Diagnostics", "Glibc", "Ingestion", "Money", "Records",
            "Time",
        ],
        "Watching": ["Diagnostics", "Glibc", "Reporting", "Time"],
        "Audit": [
            "Definition", "DelimitedText", "Diagnostics", "Explanation", "JSONText", "Money",
            "Pipeline",
            "Reporting", "RunStore", "Time",
        ],
        "CommandLine": [
            "Audit", "Definition", "Diagnostics", "Explanation", "Glibc", "Guessing", "Ingestion",
            "Loading", "Parallel", "Pipeline", "Reconciliation", "Records", "Reporting",
            "RunStore", "Simulation", "Synchronization", "Time", "Watching",
        ],
        "trueup": ["CommandLine", "Glibc"],
    ]

    /// Modules of the system, which `Package.swift` does not list.
    static let ofTheSystem: Set<String> = ["Dispatch", "Glibc", "Synchronization"]

    @Test func everyImportIsAllowed() throws {
        let files = try SourceTree.swiftFiles()
        #expect(files.count > 10)
        for file in files {
            let allowed = try #require(
                Self.allowed[file.room], "\(file.path): '\(file.room)' is no room of this list")
            for module in SourceTree.imports(in: file.text) where !allowed.contains(module) {
                Issue.record(
                    """
                    \(file.path) imports \(module); \(file.room) may import \
                    \(allowed.isEmpty ? "nothing" : allowed.sorted().joined(separator: ", "))
                    """)
            }
        }
    }

    @Test func thePackageListsTheSameDependencies() throws {
        let package = try String(
            contentsOf: SourceTree.root.appending(path: "Package.swift"), encoding: .utf8)
        let room =
            /(?:room\(|executableTarget\(name: )\s*"(\w+)"(?:,\s*(?:dependencies: )?\[([^\]]*)\])?/
        var listed: [String: Set<String>] = [:]
        for match in package.matches(of: room) {
            let names = (match.2 ?? "").matches(of: /"(\w+)"/).map { String($0.1) }
            listed[String(match.1)] = Set(names)
        }
        #expect(Set(listed.keys) == Set(Self.allowed.keys))
        for (name, dependencies) in listed {
            let allowed = try #require(Self.allowed[name]).subtracting(Self.ofTheSystem)
            #expect(dependencies == allowed, "\(name) in Package.swift and in this list")
        }
    }

    @Test func everyLibraryInCIsSeenByOneRoom() throws {
        let libraries = try SourceTree.folders().filter { $0.hasPrefix("CLib") }
        #expect(!libraries.isEmpty)
        for library in libraries {
            let rooms = Self.allowed.filter { $0.value.contains(library) }.keys.sorted()
            #expect(rooms.count == 1, "\(library) is seen by \(rooms)")
        }
    }

    @Test(arguments: ["Reconciliation", "Emission"])
    func decisionsSeeNoFilesNoDefinitionAndNoClock(room: String) throws {
        let outside: Set<String> = [
            "Definition", "RunStore", "DelimitedText", "Ingestion", "Reporting", "Glibc",
            "Foundation", "Dispatch",
        ]
        let allowed = try #require(Self.allowed[room])
        #expect(allowed.isDisjoint(with: outside), "\(allowed.intersection(outside))")
    }

    @Test func roomsImportUpwardsOnly() {
        var reached: Set<String> = []
        var rest = Self.allowed.mapValues {
            $0.subtracting(Self.ofTheSystem).filter { !$0.hasPrefix("CLib") }
        }
        while let next = rest.first(where: { $0.value.isSubset(of: reached) })?.key {
            reached.insert(next)
            rest[next] = nil
        }
        #expect(rest.isEmpty, "these rooms import each other in a circle: \(rest.keys.sorted())")
    }

    @Test(arguments: [
        ("import Time", ["Time"]), ("public import Money\nimport Time\n", ["Money", "Time"]),
        ("@preconcurrency import Glibc", ["Glibc"]), ("@_exported import Time", ["Time"]),
        ("import struct Foundation.Data", ["Foundation"]), ("  import Time // why", ["Time"]),
        ("@_spi(Testing) internal import Records", ["Records"]),
        ("#if canImport(Glibc)\nimport Glibc\n#endif", ["Glibc"]),
        ("// import Foundation", []), ("let important = 1\n/// import nothing", []),
    ])
    func importLinesAreFound(source: String, modules: [String]) {
        #expect(SourceTree.imports(in: source) == modules)
    }
}
