import Glibc

extension Zone {
    /// The version of the system's tables of zones, such as `2025b`; nil where they do not tell it.
    public static var tablesVersion: String? {
        let descriptor = open("/usr/share/zoneinfo/tzdata.zi", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let line = String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
        let mark = "# version "
        guard line.hasPrefix(mark) else { return nil }
        let version = line.dropFirst(mark.count)
        let isPlain = version.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        }
        return isPlain && !version.isEmpty ? String(version) : nil
    }
}
