import RunStore

/// Decides about each text of a run that is passed on: which stays, which becomes another name, and
/// which is left out.
///
/// What is not known to be harmless is left out: a column that a later version adds does not leave
/// the house before somebody has decided that it may.
struct Redactor {
    /// What becomes of a column's cells.
    enum Treatment {
        case kept
        /// A user or seller, who gets another name.
        case person
        /// Of a text of words, the first one, which is ours.
        case firstWord
        case leftOut
    }

    /// Every person that the run's tables name, in lower case.
    var people: Set<String> = []
    private let key: PseudonymKey

    init(key: PseudonymKey) { self.key = key }

    private static let treatments: [String: Treatment] = {
        var treatments: [String: Treatment] = [:]
        for column in [
            "payment_id", "payment_ids", "reference", "amount", "currency", "status",
            "resolved_status", "outcome", "captured", "refunded", "fee", "tax", "net", "gross",
            "settlement_id", "settlement_ids", "booking_id", "booking_ids", "match_rule",
            "breaks", "type", "state", "payout", "payout_id", "from_status", "to_status", "id",
            "ticket_id", "transaction_id", "transactions", "item_id", "kind", "participants",
            "quantity", "booking_date", "event_date", "starts_at", "ends_at", "created_at",
            "due_date", "origin", "break_id", "code", "severity", "at_risk", "first_seen",
            "age_days", "file", "line", "column", "reason", "kept_file", "kept_line",
        ] {
            treatments[column] = .kept
        }
        treatments["user"] = .person
        treatments["seller"] = .person
        treatments["cleared_by"] = .firstWord
        return treatments
    }()

    /// What becomes of a column of a table.
    static func treatment(of column: String) -> Treatment { treatments[column] ?? .leftOut }

    /// A person's other name; nothing where there is nobody.
    func pseudonym(of person: String) -> String {
        person.isEmpty ? "" : key.pseudonym(of: person)
    }

    /// A text that may stay, unless it names a person after all: as a whole, or by an address.
    func kept(_ text: String) -> String {
        guard !people.contains(text.lowercased()) else { return pseudonym(of: text) }
        return Redactor.holdsAddress(text) ? "" : text
    }

    /// A text by its column's treatment.
    func cell(_ text: String, _ treatment: Treatment) -> String {
        switch treatment {
        case .kept: kept(text)
        case .person: pseudonym(of: text)
        case .firstWord: kept(text.split(separator: " ").first.map(String.init) ?? "")
        case .leftOut: ""
        }
    }

    /// Whether there is an `@` with something before and behind it.
    static func holdsAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.contains { place in
            bytes[place] == UInt8(ascii: "@") && place > 0 && place + 1 < bytes.count
                && bytes[place - 1] > 0x20 && bytes[place + 1] > 0x20
        }
    }
}
