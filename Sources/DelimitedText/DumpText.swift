// Owns raw memory. Invariant: `input` and `output` belong to one call of `read`, and nothing keeps
// what it is given of them.

import Packing

/// The text of a file that is packed, or whose bytes are not UTF-8.
struct DumpText {
    /// How many bytes of a text tell what it is: a tar file names itself within them.
    private static let longestBeginning = 512
    private static let blockSize = 256 << 10

    private let descriptor: Int32
    private let size: Int
    private let path: String
    private let said: TextEncoding?
    private let form: PackedForm?

    /// Looks at an open file; nil where its text is what it holds.
    init?(
        descriptor: Int32, size: Int, path: String, encoding: TextEncoding?
    ) throws(TextSourceError) {
        var failure: TextSourceError?
        let beginning = [UInt8](unsafeUninitializedCapacity: Self.longestBeginning) {
            bytes, count in
            do throws(TextSourceError) {
                count = try TextSource.read(
                    into: UnsafeMutableRawBufferPointer(bytes), at: 0, of: descriptor, path: path)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        form = PackedForm(beginning: beginning)
        let encoding = TextEncoding.encoding(ofBeginning: beginning, said: encoding)
        guard form != nil || encoding != .utf8 else { return nil }
        self.descriptor = descriptor
        self.size = size
        self.path = path
        said = encoding
    }

    /// Reads the whole text; memory grows only as it arrives.
    func read(_ isStopped: () -> Bool) throws(TextSourceError) -> DecodedText {
        var bytes = try DumpBytes(descriptor: descriptor, size: size, path: path, form: form)
        let input = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.blockSize, alignment: 4096)
        defer { input.deallocate() }
        var count = try bytes.read(into: input)
        let beginning = Array(input[..<min(count, Self.longestBeginning)])
        if form != nil { try refusePacked(beginning) }
        let encoding = TextEncoding.encoding(ofBeginning: beginning, said: said)
        let text = DecodedText(from: encoding)
        guard var decoder = TextDecoder(encoding) else {
            text.append(UnsafeRawBufferPointer(rebasing: input[..<count]))
            if count == input.count { try fill(text, from: &bytes, isStopped) }
            return text
        }
        let output = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.blockSize * TextDecoder.mostGrowth + 8, alignment: 4096)
        defer { output.deallocate() }
        let mark = encoding.byteOrderMark
        var start = beginning.starts(with: mark) ? mark.count : 0
        while true {
            let written = decoder.decode(
                UnsafeRawBufferPointer(rebasing: input[start..<count]), into: output)
            text.append(UnsafeRawBufferPointer(rebasing: output[..<written]))
            guard count == input.count else { break }
            guard !isStopped() else { throw .stopped(path: path) }
            start = 0
            count = try bytes.read(into: input)
        }
        decoder.finish().withUnsafeBytes { text.append($0) }
        return text
    }

    /// Reads the rest of a text that is UTF-8 to where it stays.
    private func fill(
        _ text: DecodedText, from bytes: inout DumpBytes, _ isStopped: () -> Bool
    ) throws(TextSourceError) {
        while true {
            guard !isStopped() else { throw .stopped(path: path) }
            let room = text.room()
            let count = try bytes.read(into: room)
            text.advance(count)
            guard count == room.count else { return }
        }
    }

    /// What is packed twice could hide anything: how much text it comes to, above all.
    private func refusePacked(_ beginning: [UInt8]) throws(TextSourceError) {
        let inner = PackedForm(beginning: beginning)?.rawValue
        let isTar = beginning.count > 262 && beginning[257..<262].elementsEqual("ustar".utf8)
        guard let form, let name = inner ?? (isTar ? "tar" : nil) else { return }
        throw .packed(
            path: path,
            UnpackingError(
                "a \(name) file within a \(form.rawValue) file",
                remedy: "unpack it, and pack each dump once and by itself"))
    }
}

/// The bytes of a file, unpacked where it is packed, in order.
private struct DumpBytes: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private var unpacker: Unpacker?
    private var offset = 0

    init(
        descriptor: Int32, size: Int, path: String, form: PackedForm?
    ) throws(TextSourceError) {
        self.descriptor = descriptor
        self.path = path
        guard let form else { return }
        do {
            unpacker = try Unpacker(descriptor: descriptor, size: size, form: form)
        } catch {
            throw .packed(path: path, error)
        }
    }

    /// Reads the next bytes, as many as fit; fewer only where they end.
    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(TextSourceError) -> Int {
        do {
            if let count = try unpacker?.read(into: buffer) { return count }
        } catch {
            throw .packed(path: path, error)
        }
        let count = try TextSource.read(into: buffer, at: offset, of: descriptor, path: path)
        offset += count
        return count
    }
}
