import Explanation
import Glibc
import Reporting
import RunStore

extension Commands {
    static let dashboard = CommandDescription(
        name: "dashboard",
        summary: "show one user's summary",
        discussion: """
            Tells what a run knows of one user: bookings and tickets, what was spent, level and \
            points, what is pending, recent activity, commission, payouts due and impact, and what \
            the figures were before the run. The user is compared ignoring case and surrounding \
            space. With --html the same is written as a page of its own as well, which loads \
            nothing from elsewhere and holds nothing of any other user.
            """,
        operands: [
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published"),
            OperandDescription(
                value: ValueDescription(placeholder: "USER", kind: .text),
                help: "the user, as the dumps call them"),
        ],
        ownOptions: [.html, .publishedRun, .dashboardJSON],
        example: "trueup dashboard out ama@example.com --html ama.html",
        successMeaning: "the summary was shown",
        otherExits: [.failure, .misuse],
        files: [
            FileDescription(path: "OUT/latest", meaning: "leads to the run, unless --run is given"),
            FileDescription(
                path: "OUT/RUN-ID/", meaning: "the run; dashboards.jsonl and definition.yaml"),
            FileDescription(path: "FILE", meaning: "the page, with --html; it is replaced"),
        ],
        request: { arguments in
            .dashboard(
                DashboardOptions(
                    outputFolder: arguments.required("OUT"), user: arguments.required("USER"),
                    page: arguments.text(of: .html), run: arguments.text(of: .publishedRun),
                    isJSON: arguments.has(.dashboardJSON)))
        })
}

extension OptionDescription {
    static let html = OptionDescription(
        name: "html", value: ValueDescription(placeholder: "FILE", kind: .file(endings: ["html"])),
        help: "write a page of it here, too")
    static let dashboardJSON = OptionDescription(
        name: "json", help: "write the user's line of dashboards.jsonl, for programs")
}

/// What `trueup dashboard` is told on the command line.
struct DashboardOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// The user, as typed.
    var user: String
    /// Where a page is written; nil for none.
    var page: String?
    /// The run to look into; nil means the latest.
    var run: String?
    /// Whether the line itself is written, for programs.
    var isJSON = false
}

extension Program {
    /// Shows one user's summary, and writes it as a page.
    static func dashboard(_ options: DashboardOptions) throws -> CommandOutcome {
        let published = try PublishedDashboard(
            outputFolder: options.outputFolder, user: options.user, run: options.run)
        if let path = options.page {
            try ReplacedFile(path: path).write(published.dashboard.page)
        }
        return CommandOutcome(
            text: options.isJSON
                ? published.json
                : published.dashboard.text(isColoured: Console.mayColour(STDOUT_FILENO)))
    }
}
