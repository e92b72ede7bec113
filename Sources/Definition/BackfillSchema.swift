import Diagnostics
import Rules

/// The section `backfill`: how missing bookings are made.
enum BackfillSchema {
    static let backfill = Shape<BackfillRules>.mapping(
        BackfillRules(),
        [
            .required(
                "kinds", \.kinds, purchaseKinds, example: "kinds: {ticket: {emit: ticket}}",
                "What may be bought; a tie of keywords goes to the kind that stands first."),
            Key(
                "details", \.details, details,
                "Where a payment's JSON details tell what was bought: object keys joined by dots."),
            Key(
                "default_kind", \.defaultKind,
                Shape.text("a kind's name", example: "ticket").optional,
                "The kind, one of kinds, of what nothing else tells."),
            Key(
                "participants", \.participants, .wholeNumber(1...10_000, example: 1), default: 1,
                "Participants or tickets where nothing else tells."),
            Key(
                "lead_days", \.leadDays, .wholeNumber(0...3650, example: 7), default: 7,
                "Days from the run to the booking's date where nothing else tells."),
            Key(
                "unidentified", \.unidentified, .choice, default: "review",
                "Whether a payment whose item is not found is listed for review, or booked with "
                    + "its description as the item's name (emit)."),
            Key(
                "unevidenced", \.emitsUnevidenced, .choice([("review", false), ("emit", true)]),
                default: "review",
                "Whether a payment without evidence of its money waits for review, or is booked "
                    + "(emit)."),
            Key(
                "include_pending", \.includesPending, .truth, default: false,
                "Whether pending payments get pending bookings."),
            Key("prefix", \.prefixes, prefixes, "What new ids begin with."),
        ],
        check: { node, decoding in
            guard let choice = node["default_kind"], case .scalar(let kind, _) = choice.content,
                case let names = (node["kinds"]?.entries ?? []).map(\.key), !names.isEmpty,
                !choice.isNull, !names.contains(kind)
            else { return }
            let nearest = nearestWord(to: kind, among: names)
            decoding.report(
                "backfill.default_kind is not one of the kinds", at: choice.position,
                expected: "one of " + listed(names.map { quoted($0) }, "or"), found: choice.shown,
                remedy: nearest.map { "write \($0), if that is meant" } ?? "add it to the kinds")
        })

    private static let purchaseKinds = Shape.named(
        "kinds of purchase", example: "ticket: {emit: ticket}",
        Shape<PurchaseKind>.mapping(
            PurchaseKind(name: "", emit: .none, keywords: []),
            [
                .required(
                    "emit", \.emit, .choice, example: "emit: booking",
                    "What a payment for it becomes."),
                Key(
                    "keywords", \.keywords,
                    .list(
                        of: Shape.text("a keyword", example: "tour").map { $0.lowercased() },
                        "keywords", example: "[tour, safari]"),
                    "Words of a description that tell this kind, in any case."),
            ])
    ).map { kinds in
        kinds.map { PurchaseKind(name: $0.name, emit: $0.value.emit, keywords: $0.value.keywords) }
    }

    private static let details = Shape<[String: String]>.mapping(
        [:],
        [
            detail("item", "The item's name or id."),
            detail("kind", "The kind of purchase."),
            detail("quantity", "How many participants or tickets."),
            detail("date", "The day that is booked."),
            detail("starts_at", "When it begins."),
            detail("ends_at", "When it ends."),
            detail("seller", "Who sells it."),
        ])

    private static func detail(_ name: String, _ summary: String) -> Key<[String: String]> {
        Key(name, \.[name], Shape.detailsPath.optional, summary)
    }

    private static let prefixes = Shape<IDPrefixes>.mapping(
        IDPrefixes(),
        [
            Key("booking", \.booking, idPrefix, default: "BK", "For new bookings."),
            Key("ticket", \.ticket, idPrefix, default: "TK", "For new tickets."),
        ])

    private static let idPrefix = Shape.word(
        "a prefix", expected: "letters and digits, at most 16", example: "BK",
        pattern: "^[A-Za-z0-9]+$", longest: 16
    ) { byte in (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) }
}

/// What new ids begin with, as the section `prefix` groups it.
private struct IDPrefixes: Sendable {
    var booking = "BK"
    var ticket = "TK"
}

extension BackfillRules {
    fileprivate var prefixes: IDPrefixes {
        get { IDPrefixes(booking: bookingPrefix, ticket: ticketPrefix) }
        set {
            bookingPrefix = newValue.booking
            ticketPrefix = newValue.ticket
        }
    }
}
