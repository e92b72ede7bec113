import Diagnostics
import Testing

@testable import Definition

/// Pipeline files on disk.
@Suite struct LoadingTests {
    private func load(_ path: String) -> String {
        complaints { () throws(TrueupError) in
            try PipelineDefinition.load(path: path, isKnownZone: isKnownZone)
        }
    }

    @Test func keepsTheBytesThatItRead() throws {
        let bytes = Array("# é\r\n".utf8) + Array(minimal.utf8)
        let definition = try withTemporaryFile(bytes) {
            try PipelineDefinition.load(path: $0, isKnownZone: isKnownZone)
        }
        #expect(definition.source == bytes)
    }

    @Test func aFileThatIsNotThereIsTold() {
        #expect(
            load("/nonexistent/tours.yaml") == """
                /nonexistent/tours.yaml: error: the definition cannot be read
                    expected: a file that this user may read
                    found: No such file or directory
                    to do: check the path and its permissions
                """)
    }

    @Test func aFolderIsTold() {
        #expect(
            load("/tmp") == """
                /tmp: error: the definition cannot be read
                    expected: a file that this user may read
                    found: Is a directory
                    to do: check the path and its permissions
                """)
    }

    @Test func aFileWithoutEndIsReadToTheBoundOnly() {
        #expect(
            load("/dev/zero") == """
                /dev/zero: error: the definition is too large
                    expected: at most 1048576 bytes
                    found: more
                    to do: check that this is the definition and not a dump
                """)
    }

    @Test func messagesNameTheFileAsTheUserDid() throws {
        try withTemporaryFile(Array("name: T\n".utf8)) { path in
            #expect(load(path).hasPrefix("\(path):1:1: error: the key currency is missing"))
        }
    }
}
