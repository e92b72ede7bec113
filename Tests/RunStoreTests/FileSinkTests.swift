import Diagnostics
import Foundation
import Glibc
import Testing

@testable import RunStore

@Suite struct FileSinkTests {
    @Test func shortWritesLoseNothing() throws {
        let folder = try TemporaryFolder()
        var fileSystem = FileSystem.system
        fileSystem.write = { (descriptor, bytes) throws(SystemError) in
            try FileSystem.system.write(
                descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(7)))
        }
        let text = (0..<100).map { "row \($0)\n" }.joined()
        var sink = try FileSink(
            creating: "\(folder.path)/a", hashing: false, fileSystem: fileSystem)
        try sink.write(text)
        #expect(sink.bytesWritten == Int64(text.utf8.count))
        try sink.close()
        #expect(try String(contentsOfFile: "\(folder.path)/a", encoding: .utf8) == text)
    }

    @Test func aFullDeviceIsAFindingThatSaysWhatToDo() throws {
        var sink = try FileSink(existing: "/dev/full")
        var found: Finding?
        do {
            try sink.write("id\n")
        } catch {
            found = finding(of: error)
        }
        #expect(found?.summary == "cannot write to the file: no space left on device")
        #expect(found?.position?.file == "/dev/full")
        #expect(found?.remedy?.contains("free space") == true)
    }

    @Test func aSinkThatDiscardsOnlyCounts() throws {
        var sink = FileSink.discarding()
        try sink.write("abc")
        try sink.write([1, 2])
        #expect(sink.bytesWritten == 5)
        try sink.close()
    }

    @Test func anExistingFileIsNotOverwritten() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a", "kept")
        #expect(throws: TrueupError.self) {
            _ = try FileSink(creating: path, hashing: false, fileSystem: .system)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "kept")
    }

    @Test func anErrorThatShowsOnlyWhenClosingIsThrown() throws {
        let folder = try TemporaryFolder()
        var fileSystem = FileSystem.system
        fileSystem.close = { (descriptor) throws(SystemError) in
            try FileSystem.system.close(descriptor)
            throw SystemError(code: EIO)
        }
        let sink = try FileSink(
            creating: "\(folder.path)/a", hashing: true, fileSystem: fileSystem)
        var found: Finding?
        do {
            try sink.close()
        } catch {
            found = finding(of: error)
        }
        #expect(found?.summary.contains("input/output error") == true)
    }
}
