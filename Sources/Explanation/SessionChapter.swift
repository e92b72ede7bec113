import Reporting

/// What a run knows of a charging session, and what it decided on it.
extension StoryTeller {
    func sessionChapter(_ row: FoundRow) -> Chapter {
        let id = row["session_id"]
        var chapter = Chapter("session", id, title: "Charging session")
        chapter.add("What the dumps say", [sessionLine(row)] + repeatLines("sessions", id))
        chapter.add("What was decided", [StoryLine(decisionWords(row))])
        let emitted = sessionUpdateLines("id", is: id) + waitingSessionLines("id", is: id)
        chapter.add(
            "Emitted",
            emitted.isEmpty ? [StoryLine("Nothing was emitted for this session.")] : emitted)
        // A break of the booking names the session that it is about.
        let breaks = dossier.rows(.breaks, "booking_id", is: row["booking_id"]).filter {
            $0["detail"].hasPrefix("session \(id): ")
        }
        chapter.add("Breaks", breaks.flatMap(breakLines))
        return chapter
    }

    /// The sessions of some bookings, as the dumps have them.
    func sessionLines(ofBookings bookings: Set<String>) -> [StoryLine] {
        dossier.rows(.sessions).filter { bookings.contains($0["booking_id"]) }.flatMap {
            [sessionLine($0)] + repeatLines("sessions", $0["session_id"])
        }
    }

    /// What was emitted for the sessions of some bookings.
    func sessionUpdateLines(ofBookings bookings: Set<String>) -> [StoryLine] {
        bookings.sorted().flatMap {
            sessionUpdateLines("booking_id", is: $0) + waitingSessionLines("item", is: $0)
        }
    }

    private func sessionLine(_ row: FoundRow) -> StoryLine {
        let status = row["status"].isEmpty ? "without a status" : row["status"]
        let energy = row["energy_kwh"].isEmpty ? "" : ", \(row["energy_kwh"]) kWh measured"
        let booking = row["booking_id"].isEmpty ? "" : "; booking \(row["booking_id"])"
        let user = row["user"].isEmpty ? "" : "; user \(row["user"])"
        let begun = row["started_at"].isEmpty ? "" : ", from \(row["started_at"])"
        let ended = row["ended_at"].isEmpty ? "" : ", until \(row["ended_at"])"
        return StoryLine(
            "\(row["file"]):\(row["line"])",
            "session \(row["session_id"]): \(status)\(energy)\(begun)\(ended)\(booking)\(user)")
    }

    private func decisionWords(_ row: FoundRow) -> String {
        let booking = row["booking_id"]
        return switch row["decision"] {
        case "is_over": "Nothing is to be done: it is \(row["status"])."
        case "no_booking": "It is not completed: it names no booking."
        case "unknown_booking": "It is not completed: its booking \(booking) is in no dump."
        case "conflicting":
            "It is not completed: rows of it, or of its booking \(booking), contradict each other."
        case "not_confirmed": "It is not completed: its booking \(booking) is not confirmed."
        case "not_ended":
            "It is not completed: nothing says that it or its booking \(booking) has ended."
        case "emitted_earlier": "An earlier run completed it, and no dump shows that yet."
        case "not_selected": "It is not completed: the run was asked to emit for others only."
        case "completed":
            "It is completed: its booking \(booking) is confirmed, and its time is over."
        default: "What was decided is not recorded."
        }
    }

    private func sessionUpdateLines(_ column: String, is value: String) -> [StoryLine] {
        dossier.rows(.sessionUpdates, column, is: value).map { row in
            let before = row["from_status"].isEmpty ? "none" : row["from_status"]
            return StoryLine(
                "session_updates.csv",
                "session \(row["id"]): status from \(before) to \(row["to_status"])")
        }
    }

    /// What earlier runs completed, as far as no dump shows it.
    private func waitingSessionLines(_ column: String, is value: String) -> [StoryLine] {
        dossier.rows(.waiting, column, is: value).filter { row in
            row["thing"] == "session_update"
                && dossier.rows(.sessionUpdates, "id", is: row["id"]).isEmpty
        }.map { row in
            StoryLine(
                "earlier run",
                "session \(row["id"]) \(row["status"]), emitted as of \(row["emitted_at"]); no dump "
                    + "shows it yet")
        }
    }
}
