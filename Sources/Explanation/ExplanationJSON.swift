import Reporting

extension Explanation {
    /// The story and the rows behind it as JSON, in ASCII wherever a terminal could be driven.
    ///
    /// - Throws: `TrueupError.run` where a trace is damaged.
    public func json() throws -> String {
        var places: [TableName: [Int: String]] = [:]
        for table in [TableName.payments, .settlements, .bookings] {
            for row in dossier.rows(table) {
                places[table, default: [:]][row.number] = try teller.place(table, row)
            }
        }
        var json = JSONWriter(.pretty)
        json.object { json in
            json.field("run", run)
            json.field("reference", reference)
            json.key("chapters")
            json.array { json in
                for chapter in chapters { json.object { write(chapter, to: &$0) } }
            }
            json.key("rows")
            json.object { json in
                for table in TableName.allCases where !dossier.rows(table).isEmpty {
                    json.key(table.rawValue)
                    json.array { json in
                        for row in dossier.rows(table) {
                            let place = places[table]?[row.number]
                            json.object { write(row, at: place, to: &$0) }
                        }
                    }
                }
            }
        }
        return json.harmlessText()
    }

    private func write(_ chapter: Chapter, to json: inout JSONWriter) {
        json.field("kind", chapter.kind)
        json.field("id", chapter.id)
        json.key("sections")
        json.array { json in
            for section in chapter.sections {
                json.object { json in
                    json.field("title", section.title)
                    json.key("lines")
                    json.array { json in
                        for line in section.lines {
                            json.object { json in
                                json.field("label", line.label)
                                json.field("text", line.text)
                            }
                        }
                    }
                }
            }
        }
    }

    private func write(_ row: FoundRow, at place: String?, to json: inout JSONWriter) {
        if let place {
            json.field("place", place)
        }
        for column in row.columns {
            json.key(column)
            json.string(row[column])
        }
    }
}
