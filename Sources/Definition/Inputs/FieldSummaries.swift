import Records

/// What the fields of each kind of record mean, for editors and for the documentation.
enum FieldSummaries {
    /// A field in a sentence, and whether a record can do without it.
    static func summary(of field: FieldName, in kind: RecordKind) -> String {
        let meaning = meanings[kind]?[field.text] ?? ""
        return field.isRequired ? meaning + " Every record must have it." : meaning
    }

    private static let currency =
        "The currency (ISO 4217) of the row's amounts; the pipeline's where there is none."

    private static let meanings: [RecordKind: [String: String]] = [
        .payments: payments, .settlements: settlements, .bookings: bookings, .orders: orders,
        .catalogue: [
            "id": "The item's id.", "name": "Its name, by which descriptions find it.",
            "kind": "What it is: one of the kinds under backfill.kinds.", "price": "Its price.",
            "currency": "The currency (ISO 4217) of the price; the pipeline's where there is none.",
            "aliases": "Other names of it, with | or ; between them.",
            "seller": "Who sells it, and is paid for it.",
        ],
        .users: [
            "id": "The user's id.", "email": "The address by which other dumps know the user.",
            "name": "The user's name, as summaries show it.",
        ],
        .sessions: [
            "id": "The session's id.", "booking": "The booking that it belongs to.",
            "user": "Who charged.", "status": "Whether it is still under way.",
            "energy_kwh": "The energy that it measured, in kWh.", "started_at": "When it began.",
            "ended_at": "When it ended.",
        ],
        .bank: [
            "id": "The bank line's id.", "payout": "The gateway's payout that it is for.",
            "amount": "What came in; what went out is below zero.", "currency": currency,
            "date": "The day of the entry.",
            "description": "Its text, in which a payout's id is looked for.",
        ],
        .overrides: [
            "break_id": "The break that was decided on.",
            "action": "accept, as where there is none, write_off, match or ignore.",
            "target": "For match: the record that belongs to the break's.", "reason": "Why.",
            "maker": "Who decided.", "checker": "Who agreed; another person.",
            "expires": "The last day on which it holds; for good where there is none.",
        ],
    ]

    private static let payments: [String: String] = [
        "id": "The payment's id.",
        "reference": "By what the gateway knows the payment; its id where there is none.",
        "user": "Who paid, such as an address; in any case.", "amount": "What was to be paid.",
        "currency": currency, "status": "What the business believes has become of it.",
        "created_at": "When it was made.",
        "completed_at": "When it succeeded; business days and holds count from it.",
        "description": "What it was for, in free text.",
        "details": "What it was for, as JSON; backfill.details says where to look in it.",
        "kind": "The kind of what was bought.", "order": "The order that it pays.",
        "booking": "The booking that it pays.", "seller": "Who is paid out for it.",
        "gateway": "The gateway that it went through, for rates of fees.",
        "refunded": "How much of it the business believes was refunded.",
    ]

    private static let settlements: [String: String] = [
        "id": "The line's id.", "reference": "The payment that it is for, as the gateway knows it.",
        "type": "What moved; a charge where there is none.",
        "state": "How far it is; completed where there is none.",
        "gross": "The amount that moved; the type says in which direction.",
        "fee": "What the gateway keeps; a cost, whatever its sign.",
        "tax": "The tax on the fee; a cost, whatever its sign.",
        "net": "What the line adds to the payout; computed where there is none.",
        "currency": currency, "occurred_at": "When it happened at the gateway.",
        "settled_on": "The day of the settlement.", "payout": "The gateway's payout that has it.",
        "gateway": "The gateway, for rates of fees.",
        "method": "The method of payment, for rates of fees.",
    ]

    private static let bookings: [String: String] = [
        "id": "The booking's id.",
        "payment": "The payment that it belongs to: an id or a reference.",
        "user": "Whose it is.", "item": "What is booked: an id, name or alias, or free text.",
        "kind": "The kind of what is booked.",
        "quantity": "For how many people, or how many tickets.",
        "amount": "What it costs.", "currency": currency, "status": "How it stands.",
        "date": "The day that is booked.", "created_at": "When it was made.",
        "starts_at": "When what is booked begins.", "ends_at": "When it ends.",
        "order": "The order that it came from.",
    ]

    private static let orders: [String: String] = [
        "id": "The order's id.", "user": "Who ordered.",
        "item": "What was ordered: an id, name or alias, or free text.",
        "kind": "The kind of what was ordered.", "quantity": "How many.",
        "amount": "What it costs.",
        "currency": currency, "status": "How it stands.", "seller": "Who is paid out for it.",
        "date": "The day that is to be booked.", "starts_at": "When it is to begin.",
        "ends_at": "When it is to end.",
    ]
}
