import Testing
import Time

/// Patterns of dates and times in exports.
@Suite struct TimePatternTests {
    private func read(_ pattern: String, _ text: String, in zone: Zone = .utc) -> String {
        guard let pattern = TimePattern(pattern) else { return "no pattern" }
        var text = text
        return text.withUTF8 { bytes in
            switch pattern.instant(UnsafeRawBufferPointer(bytes), in: zone) {
            case .success(let instant): TimeText.text(instant)
            case .failure(let problem): "\(problem)"
            }
        }
    }

    @Test(arguments: [
        ("DD-MM-YYYY", "31-12-2025", "2025-12-31T00:00:00Z"),
        ("MM/DD/YYYY", "12/31/2025", "2025-12-31T00:00:00Z"),
        ("M/D/YYYY", "1/2/2025", "2025-01-02T00:00:00Z"),
        ("M/D/YYYY", "11/12/2025", "2025-11-12T00:00:00Z"),
        ("DD.MM.YY", "31.12.25", "2025-12-31T00:00:00Z"),
        ("DD.MM.YY", "31.12.99", "1999-12-31T00:00:00Z"),
        ("DD-MMM-YYYY hh:mm:ss AM", "05-May-2025 12:26:03 AM", "2025-05-05T00:26:03Z"),
        ("DD-MMM-YYYY hh:mm:ss AM", "05-MAY-2025 12:26:03 pm", "2025-05-05T12:26:03Z"),
        ("D MMM YYYY, h:mm AM", "5 Sep 2025, 1:05 PM", "2025-09-05T13:05:00Z"),
        ("YYYY-MM-DD HH:mm:ss", "2025-05-05 10:00:00.125", "2025-05-05T10:00:00.125Z"),
        ("YYYY/MM/DD HH:mm:ss ZZ", "2025/05/05 10:00:00 +0530", "2025-05-05T04:30:00Z"),
        ("YYYY-MM-DDTHH:mm:ssZZ", "2025-05-05T10:00:00Z", "2025-05-05T10:00:00Z"),
        ("epoch", "0", "1970-01-01T00:00:00Z"),
        ("epoch_ms", "1746439200500", "2025-05-05T10:00:00.5Z"),
        ("iso", "2025-05-05T10:00:00Z", "2025-05-05T10:00:00Z"),
    ])
    func readWhatTheyDescribe(pattern: String, text: String, moment: String) {
        #expect(read(pattern, text) == moment)
    }

    @Test(arguments: [
        ("DD-MM-YYYY", "31-02-2025", "noSuchDate"), ("DD-MM-YYYY", "12-31-2025", "noSuchDate"),
        ("DD-MM-YYYY", "1-12-2025", "malformed(at: 1)"),
        ("DD-MM-YYYY", "31-12-2025x", "malformed(at: 10)"),
        ("DD-MM-YYYY", "31-12-25", "malformed(at: 8)"), ("DD-MM-YYYY", "", "malformed(at: 0)"),
        ("h:mm AM D.M.YYYY", "0:30 AM 1.2.2025", "noSuchTime"),
        ("h:mm AM D.M.YYYY", "13:30 PM 1.2.2025", "noSuchTime"),
        ("DD MMM YYYY", "05 Mai 2025", "malformed(at: 3)"),
        ("DD MMM YYYY", "05 M", "malformed(at: 4)"),
        ("epoch", "-1", "malformed(at: 0)"), ("epoch", "", "malformed(at: 0)"),
        ("epoch", "999999999999", "yearOutOfRange"),
        ("epoch_ms", "9999999999999999", "yearOutOfRange"),
    ])
    func refuseEverythingElse(pattern: String, text: String, problem: String) {
        #expect(read(pattern, text) == problem)
    }

    @Test(arguments: [
        "", "DD-MM", "DD-MM-YYYY HH", "DD-MM-YYYY hh:mm", "DD-MM-YYYY HH:mm AM", "DD-MM-YYYY mm",
        "DD-MM-YYYY DD", "dd-mm-yyyy", "DD-MM-YYYY ZZ", "YYYY-MM-DD_HH:mm", "EPOCH",
    ])
    func mustTellOneWholeDay(pattern: String) {
        #expect(TimePattern(pattern) == nil)
    }

    @Test(arguments: [
        ("PST", -28_800), ("pdt", -25_200), ("HKT", 28_800), ("+05:30", 19_800), ("-0800", -28_800),
        ("GMT+2", 7_200), ("UTC-03:30", -12_600), ("IST", 19_800),
    ])
    func zonesHaveAbbreviationsAndOffsets(text: String, seconds: Int) {
        var text = text
        let found = text.withUTF8 { ZoneAbbreviation.offset(UnsafeRawBufferPointer($0)) }
        #expect(found == seconds)
    }

    @Test(arguments: ["", "XYZ", "+", "+1:2:3", "+24", "+05:60", "PST+1", "5"])
    func whatNamesNoZoneIsNone(text: String) {
        var text = text
        #expect(text.withUTF8 { ZoneAbbreviation.offset(UnsafeRawBufferPointer($0)) } == nil)
    }
}
