import Explanation
import Money
import Reporting
import RunStore

extension Backtest {
    /// The same as JSON, for programs.
    public var json: String {
        var json = JSONWriter()
        json.object { json in
            json.field("pipeline", pipeline)
            json.field("runs") { json in
                json.array { json in
                    for run in runs {
                        json.object { json in
                            json.field("run", run.run.text)
                            Backtest.write(run.difference, to: &json)
                        }
                    }
                }
            }
            json.field("total") { $0.object { Backtest.write(total, to: &$0) } }
        }
        return json.harmlessText()
    }

    private static func write(_ difference: DecisionComparison, to json: inout JSONWriter) {
        json.field("payments") { json in
            json.array { json in
                for group in difference.payments { write(group, to: &json) }
            }
        }
        json.field("breaks") { json in
            json.object { json in
                for (word, codes) in [
                    ("appearing", difference.appearing), ("vanishing", difference.vanishing),
                    ("changing", difference.changing),
                ] {
                    json.field(word) { json in
                        json.object { json in
                            for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
                                json.field(code, count)
                            }
                        }
                    }
                }
            }
        }
        json.field("emissions") { json in
            json.object { json in
                for emission in difference.emissions {
                    json.field(String(emission.name.map { $0 == " " ? "_" : $0 })) { json in
                        json.object { json in
                            json.field("added") { write(emission.added, to: &$0) }
                            json.field("gone") { write(emission.gone, to: &$0) }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ group: RunDifference.PaymentGroup, to json: inout JSONWriter) {
        json.object { json in
            for (word, state) in [("from", group.before), ("to", group.after)] {
                json.key(word)
                if let state { json.string(state) } else { json.null() }
            }
            json.field("count", group.count)
            json.field("value") { $0.object { RunDifference.write(group.value, to: &$0) } }
            json.field("first") { $0.array { json in group.first.forEach { json.string($0) } } }
        }
    }

    private static func write(_ figure: DecisionComparison.Figure, to json: inout JSONWriter) {
        json.object { json in
            json.field("count", figure.count)
            json.field("value") { $0.object { RunDifference.write(figure.value, to: &$0) } }
        }
    }
}
