/// A value in a payment's details.
public enum DetailsValue {
    /// A string's content, unescaped, as valid UTF-8.
    ///
    /// The bytes are the reader's: valid until its next `read` or its end.
    case string(UnsafeRawBufferPointer)
    /// A number as the text writes it, which keeps every digit; its bytes are the reader's too.
    case number(UnsafeRawBufferPointer)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null
}

/// Why details are no JSON.
public struct DetailsProblem: Error, Equatable, CustomStringConvertible {
    /// Bytes from the beginning of the text to what is wrong, from 0; the text's length where it
    /// ends too early.
    public let offset: Int
    /// What is wrong there.
    public let reason: Reason

    /// What can be wrong; the raw value says it in words, without quoting the text.
    public enum Reason: String, Sendable {
        /// The text ends before its value does.
        case endOfText = "the text ends too early"
        /// There is no value where one must be.
        case expectedValue = "expected a value"
        /// A member of an object does not begin with its key.
        case expectedKey = "expected a key in quotes"
        /// A key is not followed by a colon.
        case expectedColon = "expected ':'"
        /// A member is followed by neither the next nor the object's end.
        case expectedCommaOrBrace = "expected ',' or '}'"
        /// An element is followed by neither the next nor the array's end.
        case expectedCommaOrBracket = "expected ',' or ']'"
        /// A number is not written as JSON has it.
        case invalidNumber = "expected a digit"
        /// A control character stands in a string without an escape.
        case controlCharacter = "a control character in a string must be escaped"
        /// A backslash begins no escape of JSON.
        case invalidEscape = "expected an escape of JSON"
        /// Half of a surrogate pair stands without the other.
        case unpairedSurrogate = "half of a surrogate pair stands alone"
        /// A string is not valid UTF-8.
        case invalidUTF8 = "expected valid UTF-8"
        /// Objects and arrays are nested more than 64 deep.
        case tooDeep = "nested more than 64 deep"
        /// Something follows the value.
        case trailingText = "expected the end of the text"
    }

    /// What is wrong, and where.
    public var description: String { "byte \(offset): \(reason.rawValue)" }
}
