import Foundation
import Testing

/// A page as headless Chromium shows it, by `Tests/Browser/look.py`.
struct View: Encodable {
    /// The page's path.
    var page: String
    /// Of the window, in pixels of CSS.
    var width = 1280
    var scheme = "light"
    var media = "screen"
    /// Whether scripts of the page run.
    var scripts = true
    /// What is done, and asked for, before the page is looked at.
    var steps: [String] = []
    /// How often the Tab key is pressed.
    var tabs = 0
    /// Where it is printed to, if at all.
    var paper: String?

    /// A screen by day and by night, a phone likewise, and paper.
    static func all(_ page: String, in workspace: Workspace) -> [View] {
        [
            View(page: page), View(page: page, scheme: "dark"), View(page: page, width: 390),
            View(page: page, width: 390, scheme: "dark"),
            View(page: page, media: "print", paper: workspace.at("\(UUID().uuidString).pdf")),
        ]
    }
}

/// What was seen of a page.
struct Sight: Decodable {
    /// What a reader would stumble over.
    let faults: [String]
    /// What the steps came to.
    let values: [String]
    /// What the Tab key came to, and whether that can be seen.
    let focus: [String]
    /// How many sheets of paper it takes.
    let sheets: Int?
}

enum Browser {
    /// Looks at pages, one after the other.
    static func look(_ views: [View], in workspace: Workspace) throws -> [Sight] {
        let file = workspace.at("\(UUID().uuidString).json")
        try JSONEncoder().encode(views).write(to: URL(fileURLWithPath: file))
        let ending = try Launch(
            program: "python3", arguments: [Project.root + "/Tests/Browser/look.py", file]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        return try JSONDecoder().decode([Sight].self, from: Data(ending.output.utf8))
    }

    /// Expects that nothing is wrong with pages, however they are looked at.
    static func expectGood(_ pages: [String], in workspace: Workspace) throws {
        let views = pages.flatMap { View.all($0, in: workspace) }
        for (view, sight) in zip(views, try look(views, in: workspace)) {
            #expect(sight.faults == [], "\(view)")
            if view.paper != nil { #expect((1...40).contains(sight.sheets ?? 0)) }
        }
    }
}
