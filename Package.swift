// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors in every target of the project's own.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module of the product, with the modules that it may import.
///
/// `Tests/ArchitectureTests` holds the `import` lines against the same list.
/// Files below `embedding` become a part of the program.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], embedding: String? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies,
        resources: embedding.map { [.embedInCode($0)] } ?? [], swiftSettings: strict)
}

/// A Debian package with a C interface, seen by exactly one module.
func library(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "trueup",
    products: [.executable(name: "trueup", targets: ["trueup"])],
    targets: [
        library("CLibCSV", apt: "libcsv-dev"),
        library("CLibArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        library("CLibYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CLibCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CLibZ", pkgConfig: "zlib", apt: "zlib1g-dev"),
        // What the C library can do about memory that the module Glibc does not show.
        .systemLibrary(name: "CLibMalloc"),
        library("CLibXlsxWriter", pkgConfig: "xlsxwriter", apt: "libxlsxwriter-dev"),

        room("Diagnostics"),
        room("JSONText"),
        // The presets of `pipelines/gateways`, as a part of the program: `presets` is a link there.
        room("Gateways", embedding: "presets"),
        room("Money"),
        room("Packing", ["CLibArchive", "CLibZ"]),
        room("Parallel"),
        room("Spreadsheets", ["CLibXlsxWriter", "Packing"]),
        room("Time"),
        room("Records", ["Money", "Time"]),
        room("Rules", ["Money", "Time"]),
        room("DelimitedText", ["CLibCSV", "Packing", "Parallel"]),
        room(
            "Definition",
            ["CLibYAML", "Diagnostics", "Gateways", "Money", "Records", "Rules", "Time"]),
        room(
            "Ingestion",
            [
                "Definition", "DelimitedText", "Diagnostics", "JSONText", "Money", "Parallel",
                "Records", "Rules", "Time",
            ]),
        room("Reconciliation", ["Money", "Parallel", "Records", "Rules", "Time"]),
        room(
            "Emission",
            ["JSONText", "Money", "Parallel", "Reconciliation", "Records", "Rules", "Time"]),
        room("RunStore", ["CLibCrypto", "Diagnostics", "Packing", "Parallel", "Time"]),
        room(
            "Reporting",
            [
                "DelimitedText", "Diagnostics", "Emission", "Ingestion", "JSONText", "Money",
                "Parallel", "Reconciliation", "Records", "Rules", "RunStore", "Spreadsheets",
                "Time",
            ]),
        room(
            "Explanation",
            [
                "Definition", "DelimitedText", "Diagnostics", "Emission", "JSONText", "Money",
                "Parallel", "Reconciliation", "Records", "Reporting", "Rules", "RunStore", "Time",
            ]),
        room(
            "Pipeline",
            [
                "CLibMalloc", "Definition", "DelimitedText", "Diagnostics", "Emission", "Ingestion",
                "Money", "Packing", "Parallel", "Reconciliation", "Records", "Reporting", "Rules",
                "RunStore", "Spreadsheets", "Time",
            ]),
        room(
            "Simulation",
            [
                "Definition", "DelimitedText", "Diagnostics", "Ingestion", "Money", "Parallel",
                "Reconciliation", "Records", "Rules", "RunStore", "Time",
            ]),
        room(
            "Loading",
            [
                "Definition", "DelimitedText", "Diagnostics", "Emission", "Records", "Reporting",
                "Rules", "RunStore", "Time",
            ]),
        room(
            "Guessing",
            [
                "Definition", "DelimitedText", "Diagnostics", "Ingestion", "Money", "Records",
                "Time",
            ]),
        room("Watching", ["Diagnostics", "Reporting", "Time"]),
        room(
            "Audit",
            [
                "Definition", "DelimitedText", "Diagnostics", "Explanation", "JSONText", "Money",
                "Pipeline",
                "Reporting", "RunStore", "Time",
            ]),
        room(
            "CommandLine",
            [
                "Audit", "Definition", "Diagnostics", "Explanation", "Guessing", "Ingestion",
                "Loading", "Parallel", "Pipeline", "Reconciliation", "Records", "Reporting",
                "RunStore", "Simulation", "Time", "Watching",
            ]),
        .executableTarget(name: "trueup", dependencies: ["CommandLine"], swiftSettings: strict),

        .executableTarget(
            name: "trueup-generate", path: "Tests/Benchmarks/Generator", swiftSettings: strict),

        tests("DiagnosticsTests", ["Diagnostics"]),
        tests("JSONTextTests", ["JSONText", "TestKit"]),
        tests("MoneyTests", ["Money"]),
        tests("ParallelTests", ["Parallel"]),
        tests("TimeTests", ["Time"]),
        tests("RecordsTests", ["Records"]),
        tests("SpreadsheetsTests", ["Spreadsheets"]),
        .target(
            name: "ReadingKit", dependencies: ["CLibCSV", "DelimitedText", "Parallel"],
            path: "Tests/ReadingKit", swiftSettings: strict),
        .testTarget(
            name: "DelimitedTextTests", dependencies: ["DelimitedText", "Parallel", "ReadingKit"],
            exclude: ["Expected", "Fixtures", "Packed"], swiftSettings: strict),
        tests(
            "DefinitionTests", ["Definition", "Diagnostics", "Money", "Records", "Rules", "Time"]),
        .target(
            name: "TestKit",
            dependencies: [
                "Emission", "Money", "Parallel", "Reconciliation", "Records", "Rules", "Time",
            ],
            path: "Tests/TestKit", swiftSettings: strict),
        .testTarget(
            name: "IngestionTests",
            dependencies: [
                "Definition", "DelimitedText", "Diagnostics", "Emission", "Gateways", "Ingestion",
                "Money", "Parallel", "Pipeline", "Reconciliation", "Records", "Rules", "RunStore",
                "TestKit", "Time",
            ],
            exclude: ["Presets/Fixtures"], swiftSettings: strict),
        tests(
            "ReconciliationTests",
            ["Money", "Parallel", "Reconciliation", "Records", "Rules", "TestKit", "Time"]),
        .testTarget(
            name: "EmissionTests",
            dependencies: [
                "Emission", "Money", "Reconciliation", "Records", "Rules", "TestKit", "Time",
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        tests(
            "ReportingTests",
            [
                "DelimitedText", "Diagnostics", "Emission", "Money", "Parallel", "Reconciliation",
                "Records", "Reporting", "Rules", "RunStore", "Time",
            ]),
        tests(
            "PipelineTests",
            [
                "Definition", "Diagnostics", "Emission", "Ingestion", "Money", "Pipeline",
                "Reconciliation", "Records", "Reporting", "RunStore", "TestKit", "Time",
            ]),
        tests(
            "ExplanationTests",
            [
                "DelimitedText", "Diagnostics", "Explanation", "Parallel", "Reconciliation",
                "Reporting",
            ]),
        tests("AuditTests", ["Audit"]),
        tests("RunStoreTests", ["Diagnostics", "RunStore", "Time"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "CommandLine", "Diagnostics", "Reconciliation", "Time", "Watching", "trueup",
            ],
            exclude: ["Golden"], swiftSettings: strict),
        tests("SimulationTests", ["Definition", "Diagnostics", "Simulation", "Time"]),
        tests(
            "GuessingTests",
            [
                "Definition", "Diagnostics", "Guessing", "Ingestion", "Money", "Parallel",
                "Records", "TestKit", "Time",
            ]),
        tests("WatchingTests", ["Diagnostics", "Time", "Watching"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Definition", "Emission", "JSONText", "Reconciliation", "Records", "Reporting",
                "TestKit", "trueup", "trueup-generate",
            ],
            exclude: ["AllOrNothing/faults.c", "Archives", "Dumps", "Golden"], swiftSettings: strict
        ),
        tests("ArchitectureTests", []),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Definition", "DelimitedText", "Diagnostics", "JSONText", "Money", "ReadingKit",
                "Time",
            ],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        tests("FuzzTests", ["FuzzTargets", "ReadingKit"]),
    ],
    swiftLanguageModes: [.v6]
)

// What libFuzzer runs, which only its own runtime can link: Tests/Fuzz/run.sh asks for it.
if Context.environment["TRUEUP_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "trueup-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver",
            swiftSettings: strict))
}
