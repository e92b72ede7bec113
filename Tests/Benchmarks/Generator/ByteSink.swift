import Glibc

/// A new file that is written in large blocks.
///
/// Invariant: `0 ≤ used ≤ capacity`, and the buffer's first `used` bytes are initialised. Every
/// append asks for room first, so no caller can break it.
struct ByteSink: ~Copyable {
    private static let capacity = 4 << 20
    private let path: String
    private let descriptor: Int32
    private let buffer: UnsafeMutablePointer<UInt8>
    private var used = 0
    private var failure: Int32 = 0

    /// How many bytes were appended so far.
    private(set) var total = 0

    /// Creates the file, or empties it.
    init(path: String) throws(GeneratorError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw GeneratorError("cannot create \(path)", errno) }
        self.path = path
        buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: ByteSink.capacity)
    }

    deinit {
        buffer.deallocate()
        _ = Glibc.close(descriptor)
    }

    /// Writes what is left; the only place where a failed write is reported.
    mutating func finish() throws(GeneratorError) {
        flush()
        guard failure == 0 else { throw GeneratorError("cannot write \(path)", failure) }
    }

    /// Appends bytes as they are.
    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        precondition(bytes.count <= ByteSink.capacity)
        makeRoom(for: bytes.count)
        memcpy(buffer + used, base, bytes.count)
        used += bytes.count
    }

    /// Appends the text of a literal.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends bytes as they are.
    @inline(__always)
    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    /// Appends a number in decimal digits, with zeros in front up to a width.
    @inline(__always)
    mutating func append(_ number: Int, width: Int = 1) {
        precondition(number >= 0 && width <= 20)
        var rest = UInt64(number)
        var digits = 1
        var bound: UInt64 = 10
        while digits < 19, rest >= bound {
            digits += 1
            bound &*= 10
        }
        digits = max(digits, width)
        makeRoom(for: digits)
        for place in stride(from: used + digits - 1, through: used, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            buffer[place] = 0x30 + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        used += digits
    }

    /// Appends the lowest `digits` hexadecimal digits of a number, in upper case.
    @inline(__always)
    mutating func append(hexadecimal number: UInt64, digits: Int) {
        makeRoom(for: digits)
        var rest = number
        for place in stride(from: used + digits - 1, through: used, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            buffer[place] = digit < 10 ? 0x30 + digit : 0x37 + digit
            rest >>= 4
        }
        used += digits
    }

    /// Appends a number below 100 as two digits.
    @inline(__always)
    mutating func append(pair number: UInt32) {
        makeRoom(for: 2)
        buffer[used] = 0x30 + UInt8(truncatingIfNeeded: number / 10)
        buffer[used + 1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
        used += 2
    }

    @inline(__always)
    private mutating func makeRoom(for count: Int) {
        if ByteSink.capacity - used < count { flush() }
    }

    @inline(never)
    private mutating func flush() {
        var written = 0
        while written < used, failure == 0 {
            let count = write(descriptor, buffer + written, used - written)
            if count > 0 {
                written += count
            } else if count == 0 {
                failure = EIO
            } else if errno != EINTR {
                failure = errno
            }
        }
        total += used
        used = 0
    }
}

extension ByteSink {
    /// Appends an amount of minor units with two decimals.
    @inline(__always)
    mutating func append(money minorUnits: Int) {
        let (whole, part) = minorUnits.quotientAndRemainder(dividingBy: 100)
        append(whole)
        append(".")
        append(pair: UInt32(part))
    }

    /// Appends the civil date, in UTC, of a time in seconds since 1970.
    @inline(__always)
    mutating func append(dateOf seconds: Int) {
        // Days are counted from 1 March of year 0, so that a leap day ends its year. These are
        // unsigned 32-bit numbers because the compiler divides them by multiplying.
        let days = UInt32(seconds / 86_400 + 719_468)
        let dayOfEra = days % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = days / 146_097 * 400 + yearOfEra + (month >= 10 ? 1 : 0)
        append(pair: year / 100)
        append(pair: year % 100)
        append("-")
        append(pair: month < 10 ? month + 3 : month - 9)
        append("-")
        append(pair: dayOfYear - (153 * month + 2) / 5 + 1)
    }

    /// Appends a time in seconds since 1970 as `2025-08-20T10:15:00Z`.
    @inline(__always)
    mutating func append(time seconds: Int) {
        append(dateOf: seconds)
        let second = UInt32(seconds % 86_400)
        append("T")
        append(pair: second / 3600)
        append(":")
        append(pair: second / 60 % 60)
        append(":")
        append(pair: second % 60)
        append("Z")
    }
}

/// Why nothing, or not everything, was generated.
struct GeneratorError: Error {
    /// What could not be done, and why.
    let message: String

    /// A failure of the system's.
    init(_ action: String, _ code: Int32) {
        message = "\(action): \(String(cString: strerror(code)))"
    }

    /// A failure that explains itself.
    init(_ message: String) { self.message = message }
}
