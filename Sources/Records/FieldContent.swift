/// What a field's text is: what decides how its dumps may write it.
public enum FieldContent: Sendable, Hashable {
    /// Any text: an id, a name, a word.
    case text
    /// An amount of money.
    case amount
    /// A moment.
    case moment
    /// A day of the calendar.
    case day
}

extension FieldName {
    /// What the field's text is.
    public var content: FieldContent {
        switch text {
        case "amount", "gross", "fee", "tax", "net", "price", "refunded": .amount
        case "date", "settled_on", "expires": .day
        default: text.hasSuffix("_at") ? .moment : .text
        }
    }
}
