/// How far a stage has come, and the words for it.
struct ProgressFigures: Sendable {
    var stage: String
    /// 0 where nobody knows.
    var totalBytes: Int
    /// 0 where nobody knows; of a stage that is measured by its rows.
    var totalRows = 0
    var bytes = 0
    var rows = 0
    /// Since the stage began.
    var nanoseconds: Int64 = 0

    /// Such as `reading  45 %  810 MB of 1.8 GB  2.2 M rows  405 MB/s  3 s left`, or
    /// `writing  45 %  1.2 M of 2.7 M rows  600 k rows/s  3 s left`.
    var line: String {
        var parts = [stage]
        if let percent { parts.append("\(percent) %") }
        if totalBytes > 0 {
            parts.append("\(scaled(bytes))B of \(scaled(totalBytes))B")
        } else if bytes > 0 {
            parts.append("\(scaled(bytes))B")
        }
        if totalRows > 0 {
            parts.append("\(short(rows)) of \(counted(totalRows))")
        } else if rows > 0 {
            parts.append(rows == 1 ? "1 row" : counted(rows))
        }
        if let perSecond {
            let rate = Int(perSecond)
            parts.append(isMeasuredByRows ? "\(counted(rate))/s" : "\(scaled(rate))B/s")
        }
        if let secondsLeft { parts.append("\(duration(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    private var isMeasuredByRows: Bool { totalBytes == 0 && totalRows > 0 }
    private var done: Int { isMeasuredByRows ? rows : bytes }
    private var total: Int { isMeasuredByRows ? totalRows : totalBytes }

    /// Nil where nobody knows; a file that grows while it is read is never more than done.
    private var percent: Int? {
        total > 0 ? min(Int(Double(done) / Double(total) * 100), 100) : nil
    }

    /// Nil before a second has passed, since the first blocks tell little.
    private var perSecond: Double? {
        guard nanoseconds >= 1_000_000_000, done > 0 else { return nil }
        return Double(done) / (Double(nanoseconds) / 1_000_000_000)
    }

    /// Nil also before a hundredth is done, and once all is.
    private var secondsLeft: Int? {
        guard let perSecond, let percent, percent >= 1, done < total else { return nil }
        return Int((Double(total - done) / perSecond).rounded(.up))
    }

    private func short(_ rows: Int) -> String {
        let text = scaled(rows)
        return text.hasSuffix(" ") ? String(text.dropLast()) : text
    }

    private func counted(_ rows: Int) -> String {
        "\(short(rows)) rows"
    }

    /// A number to two or three digits with its decimal prefix, ready for a unit: `810 M`, `7 `.
    private func scaled(_ number: Int) -> String {
        var tenths = number * 10
        var prefixes = ["", "k", "M", "G", "T"][...]
        while tenths >= 10_000, prefixes.count > 1 {
            tenths /= 1000
            prefixes.removeFirst()
        }
        let prefix = prefixes.first ?? ""
        guard tenths < 100, prefix != "" else { return "\(tenths / 10) \(prefix)" }
        return "\(tenths / 10).\(tenths % 10) \(prefix)"
    }

    private func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        }
    }
}
