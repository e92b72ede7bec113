// Owns raw memory. Invariant: `stream` stays where it is for as long as zlib knows it, and its input
// points into `input`, which belongs to this reader alone.

import CLibZ
import Glibc

/// Reads the text of a gzip file by zlib, which holds each member against its checksum and length;
/// libarchive passes over both.
struct GzipReader: ~Copyable {
    private static let blockSize = 256 << 10

    private let descriptor: CInt
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var offset = 0
    /// Whether a member has begun and not ended.
    private var isInMember = false
    private var memberCount = 0

    init(descriptor: CInt) throws(UnpackingError) {
        self.descriptor = descriptor
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: GzipReader.blockSize)
        // The largest window, and no form but gzip.
        let status = inflateInit2_(
            stream, MAX_WBITS + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw UnpackingError("zlib cannot be used") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Reads the next bytes of the text, as many as fit; fewer only where it ends.
    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(UnpackingError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var count = 0
        while count < buffer.count {
            if stream.pointee.avail_in == 0, try !fill() {
                guard !isInMember, memberCount > 0 else {
                    throw UnpackingError("a gzip file that is cut off")
                }
                return count
            }
            if !isInMember {
                try beginMember()
            }
            let room = min(buffer.count - count, 1 << 30)
            stream.pointee.next_out = (base + count).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let status = inflate(stream, Z_NO_FLUSH)
            count += room - Int(stream.pointee.avail_out)
            switch status {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: isInMember = false
            default:
                let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
                throw UnpackingError("a gzip file that is damaged: \(words)")
            }
        }
        return count
    }

    /// How many bytes of the file have been used.
    var consumed: Int { offset - Int(stream.pointee.avail_in) }

    /// Begins a member; what follows behind one must be another.
    private mutating func beginMember() throws(UnpackingError) {
        if memberCount > 0 {
            guard stream.pointee.next_in.pointee == 0x1F else { throw .trailing(.gzip) }
            inflateReset(stream)
        }
        memberCount += 1
        isInMember = true
    }

    /// Reads the next block of the file; false where it ends.
    private mutating func fill() throws(UnpackingError) -> Bool {
        while true {
            let count = pread(descriptor, input.baseAddress, input.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw UnpackingError(String(cString: strerror(errno)), remedy: "check the device")
            }
            offset += count
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(count)
            return count > 0
        }
    }
}
