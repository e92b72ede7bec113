import Glibc

/// The system calls that change an output folder, as values that a test can replace to make each
/// of them fail in turn.
///
/// Each call of `write` moves a large block, so going through a stored function costs nothing
/// that could be measured.
struct FileSystem: Sendable {
    /// Opens a file with flags and permissions and gives its descriptor.
    var open: @Sendable (String, CInt, mode_t) throws(SystemError) -> CInt
    /// Writes some of the bytes and says how many.
    var write: @Sendable (CInt, UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// Sets permissions whatever the umask is.
    var setMode: @Sendable (CInt, mode_t) throws(SystemError) -> Void
    /// Waits until a file or folder is on the device.
    var synchronize: @Sendable (CInt) throws(SystemError) -> Void
    var close: @Sendable (CInt) throws(SystemError) -> Void
    var makeFolder: @Sendable (String, mode_t) throws(SystemError) -> Void
    /// Makes a symbolic link: its target, then its path.
    var link: @Sendable (String, String) throws(SystemError) -> Void
    /// Renames: from, then to.
    var rename: @Sendable (String, String) throws(SystemError) -> Void
    var removeFile: @Sendable (String) throws(SystemError) -> Void
    var removeFolder: @Sendable (String) throws(SystemError) -> Void

    /// The calls of the operating system.
    static let system = FileSystem(
        open: { (path, flags, mode) throws(SystemError) in
            try checked { Glibc.open(path, flags | O_CLOEXEC, mode) }
        },
        write: { (descriptor, bytes) throws(SystemError) in
            while true {
                let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                if count >= 0 { return count }
                guard errno == EINTR else { throw .last }
            }
        },
        setMode: { (descriptor, mode) throws(SystemError) in
            _ = try checked { fchmod(descriptor, mode) }
        },
        synchronize: { (descriptor) throws(SystemError) in
            _ = try checked { fsync(descriptor) }
        },
        close: { (descriptor) throws(SystemError) in
            // Linux has given the descriptor up even where it reports an interruption.
            guard Glibc.close(descriptor) != 0, errno != EINTR else { return }
            throw .last
        },
        makeFolder: { (path, mode) throws(SystemError) in
            _ = try checked { mkdir(path, mode) }
        },
        link: { (target, path) throws(SystemError) in
            _ = try checked { symlink(target, path) }
        },
        rename: { (from, to) throws(SystemError) in
            _ = try checked { Glibc.rename(from, to) }
        },
        removeFile: { (path) throws(SystemError) in _ = try checked { unlink(path) } },
        removeFolder: { (path) throws(SystemError) in _ = try checked { rmdir(path) } }
    )

    /// Calls again after an interruption by a signal.
    private static func checked(_ call: () -> CInt) throws(SystemError) -> CInt {
        while true {
            let result = call()
            if result != -1 { return result }
            guard errno == EINTR else { throw .last }
        }
    }
}

extension FileSystem {
    /// Files of an output folder: read and written by their owner, read by the group.
    static let fileMode: mode_t = 0o640
    /// Folders of an output folder.
    static let folderMode: mode_t = 0o750

    /// Makes a new, empty file with the permissions of an output folder's files.
    func createFile(_ path: String) throws(SystemError) -> CInt {
        let descriptor = try open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FileSystem.fileMode)
        do {
            try setMode(descriptor, FileSystem.fileMode)
        } catch {
            try? close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Makes a folder with the permissions of an output folder's folders.
    func createFolder(_ path: String) throws(SystemError) {
        try makeFolder(path, FileSystem.folderMode)
        try withOpen(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) {
            (descriptor) throws(SystemError) in
            try setMode(descriptor, FileSystem.folderMode)
        }
    }

    /// Waits until a file's content, or a folder's list of names, is on the device.
    func synchronize(path: String) throws(SystemError) {
        try withOpen(path, O_RDONLY) { (descriptor) throws(SystemError) in
            try synchronize(descriptor)
        }
    }

    /// Removes a file, a link or a folder with all that is in it; links are not followed.
    ///
    /// What is not there counts as removed.
    func removeTree(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try removeFile(path) }
        for name in try FileSystem.names(in: path) { try removeTree("\(path)/\(name)") }
        try removeFolder(path)
    }

    /// The names in a folder, sorted by their bytes, without `.` and `..`.
    static func names(in path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw .last }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { field in
                String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .last }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Where a symbolic link points; nil where there is nothing of that name.
    static func target(ofLink path: String) throws(SystemError) -> String? {
        let (count, text) = withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(PATH_MAX) + 1
        ) { buffer in
            guard let base = buffer.baseAddress else { return (-1, "") }
            let count = readlink(path, base, buffer.count - 1)
            guard count >= 0 else { return (count, "") }
            buffer[count] = 0
            return (count, String(cString: base))
        }
        if count >= 0 { return text }
        if errno == ENOENT { return nil }
        throw .last
    }

    /// Whether there is anything of that name, a dangling link included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether a folder of that name stands there itself, and no link to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func withOpen(
        _ path: String, _ flags: CInt, _ body: (CInt) throws(SystemError) -> Void
    ) throws(SystemError) {
        let descriptor = try open(path, flags, 0)
        do {
            try body(descriptor)
        } catch {
            try? close(descriptor)
            throw error
        }
        try close(descriptor)
    }
}
