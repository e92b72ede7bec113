import Foundation
import Testing

/// A night of which one good run is published, so that a failing one can be seen to leave it alone.
struct PublishedNight {
    let night: Night
    private let before: FolderSnapshot

    init(_ night: Night) throws {
        self.night = night
        try night.publish()
        before = try FolderSnapshot(night.out, withTimes: true).withoutTimesOfFolders
    }

    /// Expects that nothing in the output folder has changed.
    func expectUntouched(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let now = try FolderSnapshot(night.out, withTimes: true).withoutTimesOfFolders
        #expect(before.differences(now) == [], sourceLocation: sourceLocation)
        let ending = try Launch(
            program: "sha256sum", arguments: ["--quiet", "-c", "SHA256SUMS"],
            folder: night.out + "/latest"
        ).run()
        #expect(ending.code == 0, sourceLocation: sourceLocation)
    }
}

extension FolderSnapshot {
    /// Something hidden may have come and gone in a folder, which only its time tells.
    var withoutTimesOfFolders: FolderSnapshot {
        mapEntries { entry in
            var entry = entry
            if entry.kind == "folder" { entry.modified = 0 }
            return entry
        }
    }
}

/// Expects that a run failed with a message that is of use: where, what, and what to do.
func expectFailure(
    _ ending: Ending, code: Int32 = 1, saying parts: [String], output: String? = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(ending.code == code, "\(ending.errors)", sourceLocation: sourceLocation)
    if let output { #expect(ending.output == output, sourceLocation: sourceLocation) }
    for part in parts + ["error: ", "to do: "] {
        #expect(
            ending.errors.contains(part), "'\(part)' is not in: \(ending.errors)",
            sourceLocation: sourceLocation)
    }
    // A terminal must not be driven, and a screen not be filled, by what stands in a dump.
    #expect(ending.errors.utf8.count < 4000, sourceLocation: sourceLocation)
    #expect(
        ending.errors.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A },
        sourceLocation: sourceLocation)
}
