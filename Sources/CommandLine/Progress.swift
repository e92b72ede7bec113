import Glibc
import Parallel

/// Shows how far a run has come, in one line on standard error that is drawn again and again.
///
/// Nothing is shown where standard error is no terminal or the run is quiet. Every thread may
/// call it at any time; a call costs a lock and, on a terminal, a look at the clock, so it is
/// made for each block of a file rather than for each row.
public final class Progress: Sendable {
    /// The clock in nanoseconds, of which only differences count, and the terminal.
    struct Display: Sendable {
        var now: @Sendable () -> Int64
        var width: @Sendable () -> Int
        var write: @Sendable (String) -> Void
    }

    private struct State {
        var figures: ProgressFigures?
        var begun: Int64 = 0
        let created: Int64
        var drawn: Int64
        var isLineShown = false
    }

    private static let redrawInterval: Int64 = 100_000_000

    private let display: Display?
    private let state: Locked<State>

    /// Creates a reporter on standard error.
    public convenience init(isQuiet: Bool) {
        let isShown = !isQuiet && Console.isCapableTerminal(STDERR_FILENO)
        self.init(display: isShown ? .standardError : nil)
    }

    init(display: Display?) {
        self.display = display
        // Counted as drawn, so that a run of less than a tenth of a second shows nothing.
        let now = display?.now() ?? 0
        state = Locked(State(created: now, drawn: now))
    }

    /// Starts a stage; one that is under way ends.
    ///
    /// - Parameters:
    ///   - stage: what is done, in a word or two, such as `reading`.
    ///   - totalBytes: how many bytes there are to do; 0 where nobody knows.
    ///   - totalRows: how many rows there are to do; 0 where nobody knows.
    public func begin(stage: String, totalBytes: Int, totalRows: Int) {
        guard let display else { return }
        state.withLock { state in
            state.begun = display.now()
            state.figures = ProgressFigures(
                stage: stage, totalBytes: totalBytes, totalRows: totalRows)
            // Many stages have nothing to tell until they end, so that each is drawn at once.
            if state.begun - state.created >= Progress.redrawInterval {
                draw(&state, display, at: state.begun)
            }
        }
    }

    /// Adds what has been done since the last call; without a stage it does nothing.
    public func advance(bytes: Int, rows: Int) {
        guard let display else { return }
        state.withLock { state in
            state.figures?.bytes += bytes
            state.figures?.rows += rows
            let now = display.now()
            if now - state.drawn >= Progress.redrawInterval { draw(&state, display, at: now) }
        }
    }

    /// Ends the stage and clears its line; without a stage it does nothing.
    public func end() {
        guard let display else { return }
        state.withLock { state in
            state.figures = nil
            if state.isLineShown { display.write("\r\u{1B}[K") }
            state.isLineShown = false
        }
    }

    private func draw(_ state: inout State, _ display: Display, at now: Int64) {
        guard var figures = state.figures else { return }
        state.drawn = now
        state.isLineShown = true
        figures.nanoseconds = now - state.begun
        // The last column stays free: some terminals break the line there.
        display.write("\r" + figures.line.prefix(max(display.width() - 1, 0)) + "\u{1B}[K")
    }
}

extension Progress.Display {
    static let standardError = Progress.Display(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        },
        width: {
            var size = winsize()
            let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
            // A terminal that does not tell is taken for a narrow one.
            return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        },
        write: { _ = Console.writeAll($0, to: STDERR_FILENO) })
}
