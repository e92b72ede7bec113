import Definition
import Diagnostics
import Glibc
import Pipeline
import Records
import Reporting
import RunStore
import Time

extension Program {
    /// Plans a run whose parts other processes find.
    static func plan(_ options: PlanOptions) throws -> CommandOutcome {
        let definition = try PipelineDefinition.load(
            path: options.run.pipelinePath, isKnownZone: Zone.isKnown)
        var request = RunRequest(
            definition: definition, inputFolder: options.run.inputFolder,
            outputFolder: options.run.outputFolder, asOf: options.run.asOf ?? currentSecond(),
            watch: SignalWatch.begin())
        request.users = options.run.users
        request.payments = options.run.payments
        request.threads = options.run.threads
        // The output folder is read only, and stays as it is until the parts are joined.
        request.isDryRun = true
        let planned = try Pipeline(request, progress: NoProgress()).plan()
        try ReplacedFile(path: options.planPath).write(planned.bytes)
        return CommandOutcome(text: planned.json)
    }

    /// Lists the rows of a dump on standard input with what they name.
    static func keys(_ options: KeysOptions) throws -> CommandOutcome {
        let plan = try RunPlan(path: options.planPath)
        try pipeline(plan, options.threads).listKeys(
            plan, ofFile: options.file, withRows: options.hasRows)
        return CommandOutcome(text: "")
    }

    /// Finds one part of a run, from its rows on standard input.
    static func shard(_ options: ShardOptions) throws -> CommandOutcome {
        let plan = try RunPlan(path: options.planPath)
        try pipeline(plan, options.threads).findPart(
            plan, options.part, of: options.count, orphans: options.orphansPath)
        return CommandOutcome(text: "")
    }

    /// The planned run, for a process that has neither folder.
    private static func pipeline(_ plan: RunPlan, _ threads: Int) throws -> Pipeline {
        var request = try plan.request(
            inputFolder: "", outputFolder: "", watch: SignalWatch.begin())
        request.threads = threads
        return try Pipeline(request, progress: NoProgress())
    }

    /// Joins the parts of a run, and publishes it.
    static func merge(_ options: MergeOptions) throws -> CommandOutcome {
        let plan = try RunPlan(path: options.planPath)
        var request = try plan.request(
            inputFolder: options.run.inputFolder, outputFolder: options.run.outputFolder,
            watch: SignalWatch.begin())
        request.threads = options.run.threads
        request.archives = options.run.archives
        request.signingKey = try signingKey(options.run)
        let outcome = try Pipeline(request, progress: NoProgress())
            .joinParts(plan, in: options.partsFolder)
        return tell(outcome, options.run)
    }
}

extension PlannedRun {
    /// The files, and what each emission names that was handed on.
    fileprivate var json: String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.key("files")
            json.array { json in
                for (index, file) in files.enumerated() {
                    json.object { json in
                        json.field("index", index)
                        json.field("name", file.name)
                        json.field("kind", file.kind.rawValue)
                        json.field("few", file.isFew)
                        json.field("packed", file.isPacked)
                        json.field("bytes", file.bytes)
                    }
                }
            }
            json.key("emissions")
            json.array { json in
                for names in emissions {
                    json.array { json in
                        for name in names { json.integer(Int64(bitPattern: name)) }
                    }
                }
            }
        }
        return json.harmlessText()
    }
}
