/// What the columns of a run's tables hold: the one place that tells their types and meanings.
///
/// A name means the same in every table. The few that do not stand by their file.
struct FieldGuide {
    /// The type of a column, in the words of Frictionless' Table Schema.
    enum FieldType: String, Sendable {
        case string, integer, date, datetime
        /// A decimal number.
        case number
    }

    /// A column's type and meaning.
    struct Field: Sendable {
        let type: FieldType
        let meaning: String
        /// Whether it is an amount of money, in the row's currency.
        var isMoney = false
    }

    /// What a column of a file holds.
    ///
    /// - Precondition: the column is known; a test looks at every column of every table.
    static func field(_ column: String, in file: String) -> Field {
        guard let field = exceptions[file]?[column] ?? fields[column] else {
            preconditionFailure("the guide to the fields does not know \(column) of \(file)")
        }
        return field
    }

    /// The columns whose values tell the rows of a file apart; empty where none do.
    static func primaryKey(of file: String) -> [String] { keys[file] ?? [] }

    /// What a file holds, in a sentence.
    static func title(of file: String) -> String { titles[file] ?? "" }

    private static func text(_ meaning: String) -> Field { Field(type: .string, meaning: meaning) }
    private static func count(_ meaning: String) -> Field {
        Field(type: .integer, meaning: meaning)
    }
    private static func money(_ meaning: String) -> Field {
        Field(type: .number, meaning: meaning, isMoney: true)
    }
    private static func energy(_ meaning: String) -> Field {
        Field(type: .number, meaning: meaning)
    }
    private static func share(_ meaning: String) -> Field {
        Field(type: .number, meaning: meaning)
    }
    private static func day(_ meaning: String) -> Field { Field(type: .date, meaning: meaning) }
    private static func moment(_ meaning: String) -> Field {
        Field(type: .datetime, meaning: meaning + ", in UTC")
    }

    private static let fields: [String: Field] = [
        "age_days": count("Business days since the break was first seen"),
        "amount": money("The amount, in the row's currency"),
        "as_of": moment("The moment as of which the run judged"),
        "at": moment("When it happened"),
        "at_risk": money("The money in doubt, in the row's currency"),
        "booking": text("The booking, as the row names it"),
        "booking_date": day("The day that is booked, in the pipeline's zone"),
        "booking_id": text("The booking"),
        "booking_ids": text("The bookings of the payment, separated by spaces"),
        "bookings": count("How many bookings count"),
        "break_id": text("The break; the same from run to run"),
        "breaks": text("The codes of the payment's breaks, separated by spaces"),
        "captured": money("The sum of completed charges"),
        "cleared_by": text("What cleared the break"),
        "code": text("What is wrong"),
        "column": text("The header of the column; empty where the row as a whole is meant"),
        "commission_paid": money("The commission that the user paid as a buyer"),
        "completed_at": moment("When the payment was completed"),
        "conflicting": text("true where rows of this id contradicted each other"),
        "count_rate": share("The part of the payments due that needed nobody"),
        "created_at": moment("When it was made"),
        "currency": text("The currency of the amounts, by ISO 4217"),
        "date": day("The day"),
        "decision": text("What was decided on it"),
        "description": text("The description, as the dump has it"),
        "detail": text("What is wrong, in a sentence"),
        "details": text("The details as JSON, as the dump has them"),
        "due_date": day("The day on which the payout is due"),
        "emitted_at": moment("The as-of of the run that emitted it"),
        "ended_at": moment("When it ended"),
        "ends_at": moment("When what is booked ends"),
        "energy_kwh": energy("The energy that was charged, in kWh"),
        "estimated_kwh": energy("The energy that was estimated, in kWh"),
        "event_date": day("The day of the event, in the pipeline's zone"),
        "evidence": text("What the gateway says, in words"),
        "fee": money("What the gateway kept; a cost is positive"),
        "file": text("The dump's path below the input folder"),
        "first_seen": moment("The as-of of the run that saw it first"),
        "from_status": text("The status that the dump has"),
        "gateway": text("The gateway"),
        "gross": money("The amount that was moved; the type says the direction"),
        "id": text("The id"),
        "item": text("What it is for: an id of the catalogue, a name, or free text"),
        "item_id": text("The item's id in the catalogue; empty for none"),
        "item_name": text("The item's name"),
        "kept_file": text("The dump with the row that counts"),
        "kept_line": count("The line on which the row that counts begins"),
        "kind": text("The kind of what is booked"),
        "last_seen": moment("The as-of of the last run whose dumps had it"),
        "line": count("The line on which the row begins, from 1"),
        "match_rule": text("How payment and booking found each other"),
        "measured_kwh": energy("The energy that was measured, in kWh"),
        "method": text("The method of payment"),
        "name": text("The user's name; empty where no dump tells it"),
        "near_miss": text("The closest candidate, and the condition that failed by how much"),
        "net": money("What it adds to the payout"),
        "occurred_at": moment("When it happened at the gateway"),
        "open_items": count("How many breaks were open"),
        "order": text("The order, as the row names it"),
        "order_id": text("The order"),
        "origin": text("Where each of the facts comes from"),
        "other": text("A bank line or an emission that the break concerns"),
        "outcome": text("What became of it"),
        "override_sha256": text("The checksum of the decision"),
        "page": text("The page's file below dashboards/"),
        "participants": count("For how many people"),
        "payment": text("The payment, as the row names it"),
        "payment_id": text("The payment"),
        "payment_ids": text("The payments of the booking, separated by spaces"),
        "payments": count("How many payments there were"),
        "payout": text("The gateway's payout"),
        "payout_closed": text("true where the line's payout came to its end"),
        "payout_id": text("The payout to the seller"),
        "pending_bookings": count("How many bookings are pending"),
        "quantity": count("How many"),
        "raw": text("The row as it stands in the dump; U+FFFD where a byte is no text"),
        "reason": text("Why"),
        "record": text("What the row is: order, payment or booking"),
        "reference": text("The reference by which the gateway knows the payment"),
        "refunded": money("What went back to the customer"),
        "resolved_status": text("The payment's status by all evidence"),
        "rows_sha256": text("The checksum of the rows concerned"),
        "run": text("The run"),
        "seller": text("The seller, in lower case"),
        "session_id": text("The charging session"),
        "settled_on": day("The day of the settlement"),
        "settlement_id": text("The settlement line"),
        "settlement_ids": text("The payment's settlement lines, separated by spaces"),
        "severity": text("info, review or critical"),
        "since": moment("Since when"),
        "special_requests": text("A note on where the booking comes from"),
        "spent": money("What the user spent"),
        "started_at": moment("When it began"),
        "starts_at": moment("When what is booked begins"),
        "state": text("The state"),
        "status": text("The status"),
        "tax": money("The tax on the fee; a cost is positive"),
        "thing": text("What was emitted"),
        "ticket_id": text("The ticket"),
        "tickets": count("How many tickets count"),
        "to_status": text("The status that it is to have"),
        "transaction_id": text("The transaction"),
        "transactions": count("Of how many transactions the payout is made"),
        "type": text("The type"),
        "user": text("The user, in lower case"),
        "value": money("The amounts of the payments, in the pipeline's currency"),
        "value_rate": share("The part of their value, in the pipeline's currency"),
        "verdict": text("Whether the night could be closed: clean, review or critical"),
    ]

    /// Texts of dumps that are handed on as they stand, whatever they are.
    private static let asItStands: [String: Field] = [
        "quantity": text("How many, as the dump has it"),
        "date": text("The day, as the dump has it"),
        "starts_at": text("When it begins, as the dump has it"),
        "ends_at": text("When it ends, as the dump has it"),
        "amount": text("The amount, as the dump has it"),
        "user": text("The user, as the dump has it"),
        "seller": text("The seller, as the dump has it"),
        "currency": text("The currency, as the dump has it"),
    ]

    private static func asItStands(_ columns: String...) -> [String: Field] {
        asItStands.filter { columns.contains($0.key) }
    }

    private static let exceptions: [String: [String: Field]] = [
        "carried/payments.csv": asItStands("user", "seller"),
        "carried/bookings.csv": asItStands("user", "quantity", "date", "starts_at", "ends_at"),
        "carried/orders.csv": asItStands(
            "user", "quantity", "amount", "currency", "seller", "date", "starts_at", "ends_at"),
        "carried/sessions.csv": asItStands("user"),
        "repeats.csv": ["kind": text("The kind of the record")],
        "carried/open_items.csv": ["since": moment("Since when it is in this state")],
        "payments.csv": [
            "fee": money("What the gateway kept for the payment, taxes included"),
            "net": money("What the payment adds to payouts"),
        ],
        "payout_lines.csv": [
            "transaction_id": text(
                "The transaction, or the payout whose balance is brought forward"),
            "amount": money("What it adds to the payout, in the payout's currency"),
        ],
    ]

    private static let keys: [String: [String]] = [
        "payments.csv": ["payment_id"], "settlements.csv": ["settlement_id"],
        "bookings.csv": ["booking_id"], "status_updates.csv": ["payment_id"],
        "booking_links.csv": ["payment_id", "booking_id"],
        "new_bookings.csv": ["booking_id"], "new_tickets.csv": ["ticket_id"],
        "order_updates.csv": ["id"], "session_updates.csv": ["id"],
        "transactions.csv": ["transaction_id"], "payouts.csv": ["payout_id"],
        "payout_lines.csv": ["payout_id", "transaction_id"], "breaks.csv": ["break_id"],
        "cleared.csv": ["break_id"], "repeats.csv": ["file", "line"],
        "dashboards/pages.csv": ["user"],
        "carried/payments.csv": ["id"], "carried/settlements.csv": ["id"],
        "carried/bookings.csv": ["id"], "carried/orders.csv": ["id"],
        "carried/sessions.csv": ["id"], "carried/bank.csv": ["id"],
        "carried/taken_ids.csv": ["id"], "carried/open_items.csv": ["break_id"],
        "carried/balances.csv": ["seller", "currency"], "carried/payouts.csv": ["payout_id"],
        "carried/totals.csv": ["user", "currency"], "trace/sessions.csv": ["session_id"],
    ]

    private static let titles: [String: String] = [
        "payments.csv": "Every payment, with what became of it",
        "settlements.csv": "Every settlement line, with its payment",
        "bookings.csv": "Every booking, with its payments",
        "status_updates.csv": "Payments whose status changes, with the evidence",
        "booking_links.csv": "Bookings that were matched without naming their payment",
        "new_bookings.csv": "Bookings that were missing",
        "new_tickets.csv": "Tickets that were missing",
        "order_updates.csv": "Orders that were paid and do not say so",
        "session_updates.csv":
            "Charging sessions that nothing ended although their bookings are over",
        "transactions.csv": "Commission and payout of each payment with a seller",
        "payouts.csv": "What each seller is paid on which day",
        "payout_lines.csv": "Of which transactions each payout is made",
        "breaks.csv": "What somebody must know or look at",
        "cleared.csv": "What was open and is no longer, with what cleared it",
        "rejects.csv": "Rows that are no records",
        "repeats.csv": "Rows that repeat or precede another one of the same id",
        "carried/emissions.csv": "What was emitted and waits to be loaded",
        "carried/open_items.csv": "The breaks that the next run must know",
        "carried/overrides.csv": "What decisions about breaks were made about",
        "carried/balances.csv": "What sellers are owed that no payout has paid yet",
        "carried/history.csv": "The last runs, this one last",
        "carried/payouts.csv": "Payouts that are still to be made",
        "carried/payments.csv": "Payments that are still open",
        "carried/settlements.csv": "Settlement lines that are still open",
        "carried/bookings.csv": "Bookings that are still open",
        "carried/orders.csv": "Orders that are still open",
        "carried/sessions.csv": "Charging sessions that are still open",
        "carried/bank.csv": "Bank lines that are still open",
        "carried/totals.csv": "What users' records that have left came to",
        "carried/recent.csv": "Recent activities of which the record has left",
        "carried/taken_ids.csv": "Ids of bookings that have left, which no new one may get",
        "dashboards/pages.csv": "Users whose summary is a page too",
        "trace/orders.csv": "Which payments and bookings name an order",
        "trace/sessions.csv": "Every charging session, and what was decided on it",
    ]
}
