import Time

/// What must hold of dates and times: a line of the input is a pattern, and the rest a text.
struct TimeLaws {
    private let pattern: TimePattern?
    private let text: [UInt8]

    /// A text without a line end is one of the ordinary forms.
    init(_ input: [UInt8]) {
        let lines = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        pattern =
            lines.count == 2 ? TimePattern(String(decoding: lines[0], as: UTF8.self)) : nil
        text = Array(lines.last ?? [])
    }

    private static let zones: [Zone] =
        ["UTC", "Africa/Accra", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
        .compactMap(Zone.named)

    private static let patterns =
        [
            "YYYY-MM-DD HH:mm:ss", "D/M/YY h:mm AM", "DD MMM YYYY", "YYYY/MM/DD HH:mm ZZ", "epoch",
            "epoch_ms", "iso",
        ].compactMap { TimePattern($0) }

    func check() throws {
        try text.withUnsafeBytes { bytes in
            for zone in Self.zones {
                try checkForms(bytes, zone)
                for pattern in Self.patterns + (pattern.map { [$0] } ?? []) {
                    try check(pattern, bytes, zone)
                }
            }
        }
        try checkFasterForm()
    }

    private func checkForms(_ bytes: UnsafeRawBufferPointer, _ zone: Zone) throws {
        let instant = TimeText.instant(bytes, in: zone)
        try checkWritten(instant, "a moment")
        let date = TimeText.date(bytes, in: zone)
        switch date {
        case .success(let date) where text.count == TimeText.dateLength:
            let written = TimeText.text(date)
            try hold(Array(written.utf8), is: text, "a date is written as it was read")
        case .success(let date):
            let day = (try? instant.get()).map(zone.date(of:))
            try hold(day, is: date, "a moment's date is the zone's")
        case .failure(let problem):
            try checkPlace(of: problem)
        }
    }

    private func check(
        _ pattern: TimePattern, _ bytes: UnsafeRawBufferPointer, _ zone: Zone
    ) throws {
        let instant = pattern.instant(bytes, in: zone)
        try checkWritten(instant, pattern.text)
        let date = pattern.date(bytes, in: zone)
        if case .success(let instant) = instant, pattern.tellsTime(of: bytes) {
            try hold(date, is: .success(zone.date(of: instant)), "the date of \(pattern.text)")
        }
        if case .failure(let problem) = date { try checkPlace(of: problem) }
    }

    /// What was read can be written, and read again.
    private func checkWritten(
        _ instant: Result<Instant, TimeProblem>, _ form: String
    ) throws {
        switch instant {
        case .success(let instant):
            let written = TimeText.text(instant)
            try hold(TimeText.instant(written, in: .utc), is: .success(instant), form)
        case .failure(let problem):
            try checkPlace(of: problem)
        }
    }

    private func checkPlace(of problem: TimeProblem) throws {
        guard case .malformed(let place) = problem else { return }
        try hold((0...text.count).contains(place), "what is wrong lies within the text")
    }

    /// The ordinary form is read eight bytes at a time, and with decimals byte by byte.
    private func checkFasterForm() throws {
        let hasForm = text.count == 19 || (text.count == 20 && text.last == 0x5A)
        guard hasForm, text[13] == 0x3A, text[16] == 0x3A else { return }
        let slower = text[..<19] + [0x2E, 0x30] + text[19...]
        for zone in Self.zones {
            let fast = text.withUnsafeBytes { TimeText.instant($0, in: zone) }
            let slow = Array(slower).withUnsafeBytes { TimeText.instant($0, in: zone) }
            try hold(try? fast.get(), is: try? slow.get(), "both ways to read the ordinary form")
        }
    }
}
