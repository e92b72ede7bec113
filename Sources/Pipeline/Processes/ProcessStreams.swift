import Diagnostics
import Glibc
import RunStore

/// What a process is sent on its standard input.
struct StandardInput: ~Copyable {
    private var buffer: UnsafeMutableRawBufferPointer
    private var filled = 0..<0
    private let descriptor: CInt

    init(descriptor: CInt = STDIN_FILENO) {
        self.descriptor = descriptor
        buffer = .allocate(byteCount: 1 << 20, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// The next bytes, as many as were asked for, valid until the next call; fewer only at the end.
    ///
    /// - Throws: `TrueupError.run` where they cannot be read.
    mutating func next(_ count: Int) throws(TrueupError) -> UnsafeRawBufferPointer {
        if filled.count < count { try fill(count) }
        let found = filled.lowerBound..<min(filled.lowerBound + count, filled.upperBound)
        filled = found.upperBound..<filled.upperBound
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[found])
    }

    private mutating func fill(_ count: Int) throws(TrueupError) {
        let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[filled])
        if count > buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 4096)
            larger.copyMemory(from: rest)
            buffer.deallocate()
            buffer = larger
        } else {
            buffer.copyMemory(from: rest)
        }
        filled = 0..<filled.count
        while filled.count < count {
            let free = UnsafeMutableRawBufferPointer(rebasing: buffer[filled.count...])
            let got = read(descriptor, free.baseAddress, free.count)
            if got == 0 { return }
            if got > 0 {
                filled = 0..<(filled.count + got)
            } else if errno != EINTR {
                throw .run(
                    Finding(
                        "standard input cannot be read", found: String(cString: strerror(errno)),
                        remedy: "check what is sent to it"))
            }
        }
    }

    /// The path of everything that is sent: of standard input itself where that is a file, else of a
    /// scratch file that it is copied to.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read or laid aside.
    static func spooled(
        in folder: String, checkStopped: () throws -> Void
    ) throws -> (path: String, scratch: ScratchFile?) {
        var status = stat()
        let isFile = fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isFile, lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 { return ("/proc/self/fd/0", nil) }
        let scratch = try ScratchFile(in: folder)
        var input = StandardInput()
        var sink = try scratch.sink()
        while true {
            try checkStopped()
            let bytes = try input.next(1 << 20)
            try sink.write(bytes)
            if bytes.count < 1 << 20 { break }
        }
        try sink.close()
        return (scratch.path, scratch)
    }
}

/// Where a process lays aside what it cannot keep in memory.
enum ScratchFolder {
    /// The folder that the environment names, as for other programs.
    static var path: String {
        guard let named = getenv("TMPDIR"), named.pointee != 0 else { return "/tmp" }
        return String(cString: named)
    }
}

/// What a process sends on its standard output, in large blocks.
final class StandardOutput {
    private var sink: FileSink?
    private var block: [UInt8] = []

    init() throws(TrueupError) {
        sink = try FileSink.standardOutput()
        block.reserveCapacity(1 << 20 + 1 << 16)
    }

    /// Adds bytes through `append`.
    func write(_ append: (inout [UInt8]) -> Void) throws(TrueupError) {
        append(&block)
        guard block.count >= 1 << 20 else { return }
        try sink?.write(block)
        block.removeAll(keepingCapacity: true)
    }

    func close() throws(TrueupError) {
        try sink?.write(block)
        try sink.take()?.close()
    }
}

extension [UInt8] {
    /// Appends a whole number in decimal digits.
    mutating func append(decimal value: some FixedWidthInteger) {
        var magnitude = UInt64(value.magnitude)
        guard magnitude > 0 else { return append(0x30) }
        if value < 0 { append(0x2D) }
        let start = count
        while magnitude > 0 {
            append(UInt8(truncatingIfNeeded: magnitude % 10) + 0x30)
            magnitude /= 10
        }
        self[start...].reverse()
    }

    /// Appends bytes in Base64, with padding.
    mutating func append(base64 bytes: UnsafeRawBufferPointer) {
        let digits = Self.base64
        var offset = 0
        while offset < bytes.count {
            let rest = Swift.min(3, bytes.count - offset)
            var word = UInt32(bytes[offset]) << 16
            if rest > 1 { word |= UInt32(bytes[offset + 1]) << 8 }
            if rest > 2 { word |= UInt32(bytes[offset + 2]) }
            append(digits[Int(word >> 18)])
            append(digits[Int(word >> 12 & 63)])
            append(rest > 1 ? digits[Int(word >> 6 & 63)] : 0x3D)
            append(rest > 2 ? digits[Int(word & 63)] : 0x3D)
            offset += 3
        }
    }

    private static let base64 = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
