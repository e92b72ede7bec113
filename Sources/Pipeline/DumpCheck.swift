import Definition
import Diagnostics
import Ingestion
import Parallel
import Reporting
import RunStore
import Time

/// Tells what a first run would read of dumps: it reads them as the ingest stage does, and writes
/// nothing.
public enum DumpCheck {
    /// Reads the dumps.
    ///
    /// - Returns: What they hold, with everything that would end the run.
    /// - Throws: `TrueupError` where not even that can be told: the zone or the folder cannot be read,
    ///   the calendar has no business day, or a dump changes meanwhile.
    public static func survey(
        _ definition: PipelineDefinition, folder: String, threads: Int, watch: SignalWatch,
        progress: any ProgressReporting
    ) throws -> DumpSurvey {
        let zone = try RunSetting.zone(of: definition)
        _ = try RunSetting.calendar(of: definition)
        defer { progress.end() }
        let reading = try TolerantReading(
            folder: folder, definition: definition, zone: zone, workers: Workers(count: threads)
        ) { bytes in
            progress.begin(stage: "reading the dumps", totalBytes: bytes)
        } observe: { [progress] bytes in
            progress.advance(bytes: bytes.count, rows: 0)
        } checkStopped: {
            try watch.checkStopped()
        }
        return DumpSurvey(
            reading, pipeline: definition.name, currency: definition.currency, zone: zone)
    }
}
