import Testing

@testable import CommandLine

/// The built program over the sample dumps, as a shell sees it.
@Suite struct RealRunTests {
    /// Runs lines of bash in an empty folder with `$pipeline`, `$dumps` and a `trueup` at hand.
    private func inEmptyFolder(_ script: String) throws -> (status: Int32, output: String) {
        let project = testFolder + "/../.."
        return try bash(
            """
            trueup() { '\(trueup)' "$@"; }
            pipeline='\(project)/pipelines/tours.yaml' dumps='\(project)/samples/tours'
            run=(run "$pipeline" --in "$dumps" --out out --as-of 2025-09-01T02:00:00Z)
            folder=$(mktemp -d) && cd "$folder" || exit 99
            trap 'rm -rf "$folder"' EXIT
            \(script)
            """)
    }

    @Test func publishesAndFailsOnCriticalBreaks() throws {
        let ending = try inEmptyFolder(
            "trueup \"${run[@]}\"; code=$?; ls -A out/latest/; exit $code")
        #expect(ending.status == 3)
        #expect(ending.output.hasPrefix("tours as of 2025-09-01T02:00:00Z\nrun 20250901T020000Z-"))
        #expect(ending.output.contains("  out/20250901T020000Z-"))
        #expect(ending.output.contains("\npayments.csv\n"))
    }

    @Test func quietlyPublishesWhateverIsOpen() throws {
        let script = "trueup \"${run[@]}\" --quiet --fail-on never && test -e out/latest/breaks.csv"
        let ending = try inEmptyFolder(script)
        #expect(ending.output == "")
        #expect(ending.status == 0)
    }

    @Test func aDryRunWritesNothing() throws {
        let ending = try inEmptyFolder("trueup \"${run[@]}\" --dry-run; code=$?; ls -A; exit $code")
        #expect(ending.status == 3)
        #expect(ending.output.contains("\nDry run: nothing was published.\n"))
        #expect(!ending.output.contains("\nout\n"))
    }

    @Test func leavesNoArchiveWhereNoneIsWanted() throws {
        let archives = "find out -name '*.tar.zst' | wc -l"
        let script = "trueup \"${run[@]}\" --quiet"
        #expect(try inEmptyFolder("\(script); \(archives)").output == "1\n")
        #expect(try inEmptyFolder("\(script) --no-archive; \(archives)").output == "0\n")
    }

    @Test func anotherRunHoldsTheOutputFolder() throws {
        let ending = try inEmptyFolder(
            """
            trueup "${run[@]}" --quiet
            exec 9<>out/.lock && flock 9 && trueup "${run[@]}"
            """)
        #expect(ending.status == 4)
        #expect(ending.output.contains("error: "))
    }

    /// The definition is a pipe whose opening shows that the run has begun.
    @Test(arguments: [("INT", Int32(130)), ("TERM", 143)])
    func aSignalStopsTheRunWithNothingPublished(_ signal: String, _ code: Int32) throws {
        let ending = try inEmptyFolder(
            """
            # Without job control a shell makes its background commands ignore SIGINT.
            set -m
            mkfifo definition
            '\(trueup)' run definition --in "$dumps" --out out &
            exec 9>definition
            kill -\(signal) $!
            cat "$pipeline" >&9
            exec 9>&-
            wait $!; code=$?
            test -e out/latest && echo it was published
            exit $code
            """)
        #expect(ending.status == code)
        #expect(ending.output.contains("error: stopped by SIG\(signal); nothing was published\n"))
        #expect(!ending.output.contains("it was published"))
    }

    @Test func failsOnAFolderThatIsNotThere() throws {
        let ending = try inEmptyFolder("trueup run \"$pipeline\" --in nowhere --out out")
        #expect(ending.status == 1)
        #expect(ending.output.contains("nowhere"))
    }

    @Test func checksDefinitionAndDumps() throws {
        let alone = try inEmptyFolder("trueup check \"$pipeline\"")
        #expect(alone.status == 0)
        #expect(alone.output.hasSuffix("/pipelines/tours.yaml: nothing is wrong\n"))

        let right = try inEmptyFolder("trueup check \"$pipeline\" --in \"$dumps\"")
        #expect(right.status == 0)
        #expect(right.output.hasPrefix("tours: the dumps in "))
        #expect(right.output.contains("\n  payments.csv\n    257 rows, "))

        let wrong = try inEmptyFolder("echo 'nmae: tours' > p.yaml; trueup check p.yaml")
        #expect(wrong.status == 2)
        #expect(wrong.output.contains("p.yaml:1:1: error: "))

        let headers = try inEmptyFolder(
            """
            cp "$dumps"/*.csv . && echo nothing,useful > payments.csv
            trueup check "$pipeline" --in .
            """)
        #expect(headers.status == 1)
        #expect(headers.output.contains("payments.csv"))
    }
}
