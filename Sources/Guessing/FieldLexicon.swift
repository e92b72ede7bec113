import Records

/// What dumps call the fields of records, and kinds of files: the likeliest names first.
///
/// Names are lower case words joined by underscores, as `HeaderWords` makes of any header.
enum FieldLexicon {
    /// Names of columns for a field of a kind.
    static func names(of field: String, _ kind: RecordKind) -> [String] {
        [field] + (perKind[kind]?[field] ?? []) + (common[field] ?? [])
    }

    /// Words in the names of files of a kind.
    static func fileWords(_ kind: RecordKind) -> [String] {
        switch kind {
        case .payments: ["payment", "payments", "charges", "paid"]
        case .settlements:
            [
                "settlement", "settlements", "gateway", "recon", "reconciliation", "momo", "payout",
                "payouts", "stripe", "phonepe", "paypal", "adyen", "razorpay", "paystack",
            ]
        case .bookings: ["booking", "bookings", "reservation", "reservations", "tickets"]
        case .catalogue:
            [
                "catalogue", "catalog", "products", "items", "services", "destinations", "events",
                "stations", "tours", "prices",
            ]
        case .orders: ["order", "orders", "cart", "carts", "bid", "bids", "baskets"]
        case .users:
            ["user", "users", "customer", "customers", "drivers", "members", "accounts", "guests"]
        case .sessions: ["session", "sessions", "charging"]
        case .bank: ["bank", "statement", "account"]
        case .overrides: ["override", "overrides", "decisions"]
        }
    }

    private static let common: [String: [String]] = [
        "user": [
            "user_email", "email", "customer_email", "buyer_email", "driver_email", "payer_email",
            "guest_email", "bidder_email", "user_id", "customer_id", "buyer_id", "customer",
        ],
        "amount": ["total_amount", "total", "amount_paid", "paid_amount", "price", "value"],
        "currency": ["currency_code", "ccy"],
        "status": ["state"],
        "created_at": [
            "created", "created_on", "created_date", "creation_date", "date", "timestamp",
            "inserted_at", "time",
        ],
        "description": ["title", "narration", "memo", "text", "note", "details"],
        "kind": ["category", "type"],
        "quantity": ["qty", "participants", "guests", "seats", "people", "tickets", "count"],
        "order": ["order_id", "cart_id", "bid_id", "basket_id"],
        "seller": ["seller_email", "seller_id", "vendor", "merchant_email", "host_email"],
        "starts_at": ["start", "starts", "slot_start", "slot_starts", "start_time", "check_in"],
        "ends_at": ["end", "ends", "slot_end", "slot_ends", "end_time", "check_out"],
        "item": [
            "item_name", "item_id", "destination", "service", "station", "product", "tour", "event",
            "lot", "title",
        ],
    ]

    private static let perKind: [RecordKind: [String: [String]]] = [
        .payments: [
            "id": ["payment_id", "transaction_id", "txn_id", "charge_id", "payment_no"],
            "reference": [
                "payment_reference", "merchant_reference", "order_ref", "merchant_order_id", "ref",
                "external_id", "tx_ref", "stripe_charge_id", "gateway_reference", "gateway_id",
                "transaction_reference", "provider_reference",
            ],
            "status": ["payment_status"],
            "created_at": ["payment_date", "initiated_at", "transaction_date"],
            "completed_at": ["paid_at", "captured_at", "succeeded_at", "completed_on"],
            "details": ["metadata", "meta", "payload", "extra"],
            "booking": ["booking_id", "reservation_id"],
            "gateway": ["provider", "processor", "psp"],
            "refunded": ["amount_refunded", "refunded_amount"],
        ],
        .settlements: [
            "id": [
                "transaction_id", "settlement_line_id", "entry_id", "line_id", "txn_id", "entry",
                "transaction", "entry_no", "transaction_no",
            ],
            "reference": [
                "external_id", "merchant_reference", "order_ref", "merchant_order_id",
                "payment_reference", "payment_id", "order_id", "tx_ref", "ref", "order_no",
                "order_number", "order", "invoice_id", "invoice_no", "invoice",
            ],
            "type": ["transaction_type", "entry_type", "reporting_category", "kind"],
            "state": ["status", "settlement_status", "transaction_status"],
            "gross": [
                "amount", "gross_amount", "transaction_amount", "total", "turnover", "sales",
                "value",
            ],
            "fee": [
                "fees", "fee_amount", "mdr", "commission", "cost", "costs", "charge", "charges",
            ],
            "tax": ["vat", "gst", "tax_amount"],
            "net": ["net_amount", "settled_amount", "payout_amount"],
            "occurred_at": [
                "transaction_date", "created_at", "created", "date", "timestamp", "posted_at",
                "time",
            ],
            "settled_on": ["settlement_date", "settled_at", "available_on"],
            "payout": ["payout_id", "settlement_id", "batch", "batch_id", "utr"],
            "method": ["payment_method", "instrument"],
        ],
        .bookings: [
            "id": ["booking_id", "reservation_id", "booking_no"],
            "payment": ["payment_id", "payment_reference", "payment_ref", "reference"],
            "date": ["booking_date", "travel_date", "service_date", "event_date"],
        ],
        .catalogue: [
            "id": ["item_id", "service_id", "product_id", "station_id", "sku"],
            "name": ["title", "item_name", "product_name"],
        ],
        .orders: [
            "id": ["order_id", "cart_id", "bid_id", "basket_id"],
            "date": ["slot_date", "order_date", "service_date"],
        ],
        .users: [
            "id": ["user_id", "customer_id", "driver_id", "member_id"],
            "name": ["full_name", "customer_name"],
        ],
        .sessions: [
            "id": ["session_id"], "booking": ["booking_id", "reservation_id"],
            "energy_kwh": ["kwh", "meter_kwh", "energy"],
            "started_at": ["started", "start", "plugged_in", "start_time"],
            "ended_at": ["ended", "end", "plugged_out", "end_time"],
        ],
        .bank: [
            "id": ["transaction_id", "entry_id", "line_id"],
            "payout": ["payout_id", "reference"],
            "date": ["value_date", "booking_date", "posted_on", "transaction_date"],
            "description": ["narrative", "purpose", "remittance"],
        ],
    ]

    /// What dumps say for the words of a field, in lower case.
    static func words(of field: String, _ kind: RecordKind) -> [(ours: String, dumps: [String])] {
        switch (kind, field) {
        case (.payments, "status"):
            [
                (
                    "succeeded",
                    [
                        "success", "successful", "paid", "completed", "complete", "captured",
                        "settled", "approved", "ok", "refunded",
                    ]
                ),
                (
                    "pending",
                    ["processing", "initiated", "created", "waiting", "in_progress", "authorized"]
                ),
                (
                    "failed",
                    ["failure", "error", "errored", "declined", "rejected", "timeout", "expired"]
                ),
                ("cancelled", ["canceled", "abandoned", "voided"]),
            ]
        case (.settlements, "type"):
            [
                ("charge", ["payment", "sale", "capture", "forward_transaction", "debit"]),
                ("refund", ["reversal", "refunded"]), ("chargeback", ["dispute"]),
                ("chargeback_reversal", ["dispute_reversal"]), ("fee", ["fees"]),
                ("payout", ["transfer", "withdrawal"]), ("adjustment", ["correction"]),
            ]
        case (.settlements, "state"):
            [
                (
                    "completed",
                    ["success", "successful", "succeeded", "settled", "paid", "complete"]
                ), ("pending", ["processing", "initiated"]),
                ("failed", ["failure", "error", "errored", "declined", "rejected"]),
            ]
        case (.bookings, "status"):
            [
                ("confirmed", ["booked", "active", "paid", "approved", "issued"]),
                ("pending", ["requested", "held", "unpaid"]),
                ("cancelled", ["canceled", "no_show", "refunded"]),
                ("completed", ["done", "finished", "attended", "used"]),
            ]
        case (.orders, "status"):
            [
                ("paid", []), ("completed", ["done", "closed"]),
                ("cancelled", ["canceled", "lost"]),
            ]
        case (.sessions, "status"):
            [
                ("completed", ["done", "finished", "ended"]),
                ("cancelled", ["canceled", "failed", "interrupted"]),
            ]
        default: []
        }
    }
}

/// A header's words: lower case, joined by underscores.
enum HeaderWords {
    /// `paymentId`, `Payment ID` and `payment-id` are all `payment_id`.
    static func joined(_ header: String) -> String { split(header).joined(separator: "_") }

    static func split(_ header: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in header {
            let isPart = character.isLetter || character.isNumber
            if !isPart || (character.isUppercase && wasLower), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if isPart { word += character.lowercased() }
            wasLower = character.isLowercase || character.isNumber
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
