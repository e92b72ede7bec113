import Diagnostics
import Ingestion
import Money
import Records
import Time

extension DumpSurvey {
    /// The survey as JSON, in ASCII wherever a terminal could be driven.
    public func json() -> String {
        var json = JSONWriter(.pretty)
        json.object { json in
            json.field("pipeline", pipeline)
            json.field("folder", folder)
            json.field("accepted", obstacles.isEmpty)
            json.key("inputs")
            json.array { json in
                for kind in kinds { json.object { DumpSurvey.write(kind, &$0) } }
            }
            json.key("errors")
            json.array { json in
                for obstacle in obstacles { json.object { DumpSurvey.write(obstacle, &$0) } }
            }
        }
        return json.harmlessText()
    }

    private static func write(_ kind: Kind, _ json: inout JSONWriter) {
        json.field("kind", kind.kind.rawValue)
        write(kind.figures, of: kind.kind, &json)
        json.key("files")
        json.array { json in
            for file in kind.files {
                json.object { json in
                    json.field("file", file.name)
                    if let preset = file.preset { json.field("preset", preset) }
                    json.field("read", file.figures != nil)
                    json.field("missing", file.isMissing)
                    if let figures = file.figures { write(figures, of: kind.kind, &json) }
                }
            }
        }
        json.key("first_rejects")
        json.array { json in
            for reject in kind.firstRejects {
                json.object { json in
                    json.field("file", reject.file)
                    json.field("line", reject.line)
                    json.field("column", reject.column)
                    json.field("reason", reject.reason)
                }
            }
        }
    }

    private static func write(
        _ figures: Figures, of kind: RecordKind, _ json: inout JSONWriter
    ) {
        json.field("rows", figures.rows)
        json.field("records", figures.records.count)
        json.field("repeated", figures.repeated)
        json.field("rejected", figures.rejected)
        json.field("left_out", figures.leftOut)
        for (name, day) in [("from", figures.from), ("to", figures.to)] {
            json.key(name)
            if day.isPresent { json.string(TimeText.text(day)) } else { json.null() }
        }
        write(figures.records.value, &json)
        if kind == .sessions {
            json.field("record_energy_kwh", DisplayText.plain(figures.energy, digits: 6))
        }
        json.key("groups")
        json.array { json in
            for (group, figure) in zip(SurveyGroup.of(kind), figures.groups)
            where figure.count > 0 {
                json.object { json in
                    for (name, word) in group.words { json.field("\(name)", word) }
                    json.field("records", figure.count)
                    write(figure.value, &json)
                }
            }
        }
    }

    /// Writes the key that sums of records have in `report.json` too.
    private static func write(_ sums: CurrencySums, _ json: inout JSONWriter) {
        json.key("record_sums")
        json.object { json in
            for (currency, sum) in sums.entries {
                json.field(currency.reportCode, DisplayText.plain(sum, digits: currency.digits))
            }
        }
    }

    private static func write(_ obstacle: Obstacle, _ json: inout JSONWriter) {
        let finding = obstacle.finding
        json.field("kind", obstacle.kind.rawValue)
        json.field("file", finding.position?.file ?? "")
        json.field("line", finding.position?.line ?? 0)
        json.field("summary", finding.summary)
        json.field("expected", finding.expected ?? "")
        json.field("found", finding.found ?? "")
        json.field("to_do", finding.remedy ?? "")
    }
}
