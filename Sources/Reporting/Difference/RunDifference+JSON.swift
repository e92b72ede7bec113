import Money
import Records

extension RunDifference {
    /// The difference as JSON, in ASCII wherever a terminal could be driven.
    public func json() -> String {
        var json = JSONWriter(.pretty)
        json.object { json in
            json.field("from") { $0.object { write(before, to: &$0) } }
            json.field("to") { $0.object { write(after, to: &$0) } }
            json.field("between") { $0.array { json in between.forEach { json.string($0) } } }
            json.field("inputs") { $0.array { writeInputs(to: &$0) } }
            json.field("settings") { $0.array { json in settings.forEach { json.string($0) } } }
            json.field("breaks") { json in
                json.object { json in
                    for (word, group) in [
                        ("opened", opened), ("cleared", cleared), ("changed", changed),
                    ] {
                        json.field(word) { $0.object { write(group, to: &$0) } }
                    }
                }
            }
            json.field("payments") { json in
                json.array { json in
                    for group in payments { json.object { write(group, to: &$0) } }
                }
            }
            json.field("causes") { $0.object { writeCauses(to: &$0) } }
            json.field("emissions") { $0.object { write(emissions, to: &$0) } }
            json.field("totals") { $0.object { write(totals, to: &$0) } }
        }
        return json.harmlessText()
    }

    private func write(_ side: Side, to json: inout JSONWriter) {
        json.field("run", side.run)
        json.field("as_of", side.asOf)
        json.field("program", side.program)
        json.field("dependencies") { json in
            json.object { json in
                for (name, version) in side.dependencies.sorted(by: { $0.key < $1.key }) {
                    json.field(name, version)
                }
            }
        }
        json.field("definition_sha256", side.definition)
        json.field("presets") { json in
            json.object { json in
                for preset in side.presets { json.field(preset.name, preset.sha256) }
            }
        }
        json.field("restriction") { json in
            json.array { json in side.restriction.forEach { json.string($0) } }
        }
    }

    private func writeInputs(to json: inout JSONWriter) {
        for change in inputs {
            json.object { json in
                json.field("file", change.file)
                json.field("kind", change.kind)
                json.field("change", change.word)
                for (word, input) in [("from", change.before), ("to", change.after)] {
                    guard let input else { continue }
                    json.field(word) { json in
                        json.object { json in
                            json.field("sha256", input.sha256)
                            json.field("rows", input.rows)
                        }
                    }
                }
            }
        }
    }

    private func write(_ group: BreakGroup, to json: inout JSONWriter) {
        json.field("count", group.count)
        json.field("codes") { json in
            json.object { json in
                for (code, count) in group.codes.sorted(by: { $0.key < $1.key }) {
                    json.field(code, count)
                }
            }
        }
        json.field("listed", group.first.count)
        json.field("list") { json in
            json.array { json in
                for change in group.first {
                    json.object { json in
                        for column in RunDifference.breakColumns {
                            json.field(column, change.row[column] ?? "")
                        }
                        if let before = change.atRiskBefore {
                            json.field("at_risk_before", before)
                            json.field("columns") { json in
                                json.array { json in change.columns.forEach { json.string($0) } }
                            }
                        }
                        if let clearedBy = change.clearedBy {
                            json.field("cleared_by", clearedBy)
                        }
                        json.field("cause", change.cause.word)
                    }
                }
            }
        }
    }

    /// What is told of a break.
    private static let breakColumns = [
        "break_id", "code", "severity", "payment_id", "settlement_id", "booking_id", "payout",
        "at_risk", "currency", "first_seen", "detail",
    ]

    private func write(_ group: PaymentGroup, to json: inout JSONWriter) {
        for (word, state) in [("from", group.before), ("to", group.after)] {
            json.key(word)
            if let state { json.string(state) } else { json.null() }
        }
        json.field("count", group.count)
        json.field("value") { $0.object { RunDifference.write(group.value, to: &$0) } }
        json.field("causes") { json in
            json.object { json in
                for cause in Cause.allCases {
                    if let count = group.causes[cause] { json.field(cause.word, count) }
                }
            }
        }
        json.field("first") { $0.array { json in group.first.forEach { json.string($0) } } }
    }

    /// Writes sums by currency, in order of the codes.
    public static func write(_ sums: [Currency: Int128], to json: inout JSONWriter) {
        for (currency, sum) in sums.sorted(by: { $0.key.code < $1.key.code }) {
            json.field(currency.code, Amount.text(sum: sum, digits: currency.digits))
        }
    }

    private func writeCauses(to json: inout JSONWriter) {
        for cause in Cause.allCases {
            let counts = counts(of: cause)
            guard counts.opened + counts.cleared + counts.changed + counts.payments > 0 else {
                continue
            }
            json.field(cause.word) { json in
                json.object { json in
                    json.field("words", words(cause))
                    json.field("breaks_opened", counts.opened)
                    json.field("breaks_cleared", counts.cleared)
                    json.field("breaks_changed", counts.changed)
                    json.field("payments", counts.payments)
                }
            }
        }
    }

    private func write(_ figures: [Figure], to json: inout JSONWriter) {
        for figure in figures {
            json.field(figure.name) { json in
                json.object { json in
                    json.field("from", figure.before)
                    json.field("to", figure.after)
                }
            }
        }
    }
}
