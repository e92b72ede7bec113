/// How far a stage has come, and the words for it.
struct ProgressFigures: Sendable {
    var stage: String
    /// 0 where nobody knows.
    var totalBytes: Int
    var bytes = 0
    var rows = 0
    /// Since the stage began.
    var nanoseconds: Int64 = 0

    /// Such as `reading  45 %  810 MB of 1.8 GB  2.2 M rows  405 MB/s  3 s left`.
    var line: String {
        var parts = [stage]
        if let percent {
            parts.append("\(percent) %")
            parts.append("\(scaled(bytes))B of \(scaled(totalBytes))B")
        } else if bytes > 0 {
            parts.append("\(scaled(bytes))B")
        }
        if rows > 0 { parts.append(rows == 1 ? "1 row" : countedRows) }
        if let bytesPerSecond { parts.append("\(scaled(Int(bytesPerSecond)))B/s") }
        if let secondsLeft { parts.append("\(duration(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    /// Nil where nobody knows; a file that grows while it is read is never more than done.
    private var percent: Int? {
        totalBytes > 0 ? min(Int(Double(bytes) / Double(totalBytes) * 100), 100) : nil
    }

    /// Nil before a second has passed, since the first blocks tell little.
    private var bytesPerSecond: Double? {
        guard nanoseconds >= 1_000_000_000, bytes > 0 else { return nil }
        return Double(bytes) / (Double(nanoseconds) / 1_000_000_000)
    }

    /// Nil also before a hundredth is done, and once all is.
    private var secondsLeft: Int? {
        guard let bytesPerSecond, let percent, percent >= 1, bytes < totalBytes else { return nil }
        return Int((Double(totalBytes - bytes) / bytesPerSecond).rounded(.up))
    }

    private var countedRows: String {
        let text = scaled(rows)
        return text.hasSuffix(" ") ? "\(text)rows" : "\(text) rows"
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
