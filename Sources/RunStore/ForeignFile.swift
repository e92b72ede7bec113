import Diagnostics
import Glibc

/// A file of a run that a library writes by itself, with files of its own beside it.
extension RunStaging {
    /// The hidden folder in which such a library works.
    private var scratch: String { "\(path)/.scratch" }
    /// Where so many bytes are left at the end, there was room all the time.
    private static let remainder: Int64 = 65_536

    /// Lets somebody write a file by its path, and takes it into the run under a name.
    ///
    /// Libraries do not always notice that a device is full, so room is asked for first, and again
    /// at the end, as other files grow meanwhile. What they leave beside the file is removed.
    ///
    /// - Parameters:
    ///   - name: the file's name in the run.
    ///   - room: how many bytes the file and what is written beside it may come to.
    ///   - write: is given the path of the file to make, and a folder for whatever else there is.
    /// - Throws: what `write` throws; `TrueupError.run` where the system refuses.
    public func takeIn(
        _ name: String, room: Int64,
        write: (_ path: String, _ scratch: String) throws -> Void
    ) throws {
        let fileSystem = folder.fileSystem
        let scratch = scratch
        try attempt("cannot create the folder", path: scratch) { () throws(SystemError) in
            try fileSystem.createFolder(scratch)
        }
        try requireRoom(room, scratch + "/room", for: name)
        let made = scratch + "/" + name
        try write(made, scratch)
        try requireRoom(RunStaging.remainder, scratch + "/room", for: name)
        var sink = try createFile(name)
        var failure: TrueupError?
        _ = try FileReader.readWhole(made) { block in
            guard failure == nil else { return }
            do throws(TrueupError) { try sink.write(block) } catch { failure = error }
        }
        if let failure { throw failure }
        try sink.close()
        // What could not be removed would be published with the run. Where anything above fails, the
        // whole folder is removed with what was staged.
        try attempt("cannot remove the folder", path: scratch) { () throws(SystemError) in
            try fileSystem.removeTree(scratch)
        }
    }

    /// Takes so many bytes of the device, and gives them back.
    private func requireRoom(
        _ bytes: Int64, _ path: String, for name: String
    ) throws(TrueupError) {
        let fileSystem = folder.fileSystem
        try attempt("cannot write to the file", path: "\(self.path)/\(name)") {
            () throws(SystemError) in
            let descriptor = try fileSystem.createFile(path)
            let code = posix_fallocate(descriptor, 0, off_t(bytes))
            try fileSystem.close(descriptor)
            try fileSystem.removeFile(path)
            if code != 0 { throw SystemError(code: code) }
        }
    }
}
