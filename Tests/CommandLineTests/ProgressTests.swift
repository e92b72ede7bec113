import Synchronization
import Testing

@testable import CommandLine

/// A terminal that keeps what is written to it, and a clock that is set by hand.
private final class Screen: Sendable {
    let milliseconds = Atomic<Int64>(0)
    let writes = Mutex<[String]>([])
    let columns: Int

    init(columns: Int = 80) { self.columns = columns }

    var display: Progress.Display {
        Progress.Display(
            now: { self.milliseconds.load(ordering: .relaxed) * 1_000_000 },
            width: { self.columns },
            write: { text in self.writes.withLock { $0.append(text) } })
    }

    func wait(_ span: Int64) { milliseconds.wrappingAdd(span, ordering: .relaxed) }

    /// What was written since the last call.
    func take() -> [String] {
        writes.withLock { writes in
            defer { writes = [] }
            return writes
        }
    }
}

@Suite struct ProgressTests {
    private func shown(_ line: String) -> String { "\r\(line)\u{1B}[K" }

    @Test func drawsAtMostTenTimesASecond() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 1_000_000, totalRows: 0)
        for _ in 0..<1000 {
            screen.wait(1)
            progress.advance(bytes: 1000, rows: 10)
        }
        #expect(screen.take().count == 10)
    }

    @Test func showsStageShareRowsRateAndTimeLeft() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 1_800_000_000, totalRows: 0)
        screen.wait(2000)
        progress.advance(bytes: 810_000_000, rows: 2_250_000)
        #expect(
            screen.take() == [
                shown("reading  45 %  810 MB of 1.8 GB  2.2 M rows  405 MB/s  3 s left")
            ])
    }

    @Test func clearsItsLineAtTheEndAndOnlyOnce() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 10, totalRows: 0)
        screen.wait(100)
        progress.advance(bytes: 5, rows: 1)
        #expect(screen.take() == [shown("reading  50 %  5 B of 10 B  1 row")])
        progress.end()
        #expect(screen.take() == [shown("")])
        progress.end()
        progress.advance(bytes: 5, rows: 1)
        #expect(screen.take().isEmpty)
    }

    @Test func aShortRunShowsNothing() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 10, totalRows: 0)
        screen.wait(99)
        progress.advance(bytes: 10, rows: 1)
        progress.end()
        #expect(screen.take().isEmpty)
    }

    @Test func aStageBeginsAtNothing() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 10, totalRows: 0)
        progress.advance(bytes: 10, rows: 7)
        screen.wait(5000)
        progress.begin(stage: "writing", totalBytes: 20, totalRows: 0)
        #expect(screen.take() == [shown("writing  0 %  0 B of 20 B")])
    }

    /// Most stages tell of nothing between their beginning and their end.
    @Test func eachStageIsShownAtOnceInARunThatTakesLonger() {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        screen.wait(100)
        for stage in ["matching", "settling"] {
            progress.begin(stage: stage, totalBytes: 0, totalRows: 0)
            screen.wait(1)
        }
        #expect(screen.take() == [shown("matching"), shown("settling")])
    }

    @Test func aLineNeverFillsTheTerminal() {
        let screen = Screen(columns: 10)
        let progress = Progress(display: screen.display)
        screen.wait(100)
        progress.begin(stage: "reading the dumps", totalBytes: 10, totalRows: 0)
        #expect(screen.take() == [shown("reading t")])
    }

    @Test func countsWhatSeveralThreadsDid() async {
        let screen = Screen()
        let progress = Progress(display: screen.display)
        progress.begin(stage: "reading", totalBytes: 8000, totalRows: 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1000 { progress.advance(bytes: 1, rows: 2) } }
            }
        }
        screen.wait(100)
        progress.advance(bytes: 0, rows: 0)
        #expect(screen.take() == [shown("reading  100 %  8.0 kB of 8.0 kB  16 k rows")])
    }

    @Test func quietOrWithoutATerminalNothingIsCounted() {
        let progress = Progress(isQuiet: true)
        progress.begin(stage: "reading", totalBytes: 1, totalRows: 0)
        progress.advance(bytes: 1, rows: 1)
        progress.end()
        #expect(!Console.isCapableTerminal(-1))
    }

    @Test(arguments: [
        (ProgressFigures(stage: "s", totalBytes: 0), "s"),
        (ProgressFigures(stage: "s", totalBytes: 0, rows: 999), "s  999 rows"),
        (ProgressFigures(stage: "s", totalBytes: 0, rows: 1000), "s  1.0 k rows"),
        (
            ProgressFigures(stage: "s", totalBytes: 0, bytes: 12_345, nanoseconds: 2_000_000_000),
            "s  12 kB  6.1 kB/s"
        ),
        (
            ProgressFigures(stage: "s", totalBytes: 100, bytes: 50, nanoseconds: 999_999_999),
            "s  50 %  50 B of 100 B"
        ),
        (
            ProgressFigures(stage: "s", totalBytes: 1000, bytes: 9, nanoseconds: 1_000_000_000),
            "s  0 %  9 B of 1.0 kB  9 B/s"
        ),
        (
            ProgressFigures(stage: "s", totalBytes: 1000, bytes: 10, nanoseconds: 1_000_000_000),
            "s  1 %  10 B of 1.0 kB  10 B/s  1 min 39 s left"
        ),
        (
            ProgressFigures(
                stage: "s", totalBytes: 1_000_000, bytes: 10_000, nanoseconds: 60_000_000_000),
            "s  1 %  10 kB of 1.0 MB  166 B/s  1 h 39 min left"
        ),
        (
            ProgressFigures(stage: "s", totalBytes: 100, bytes: 300, nanoseconds: 1_000_000_000),
            "s  100 %  300 B of 100 B  300 B/s"
        ),
        (
            ProgressFigures(
                stage: "s", totalBytes: 0, totalRows: 2_700_000, rows: 1_200_000,
                nanoseconds: 2_000_000_000),
            "s  44 %  1.2 M of 2.7 M rows  600 k rows/s  3 s left"
        ),
        (ProgressFigures(stage: "s", totalBytes: 0, totalRows: 900), "s  0 %  0 of 900 rows"),
    ])
    func saysOnlyWhatIsMeaningful(_ figures: ProgressFigures, _ line: String) {
        #expect(figures.line == line)
    }
}
