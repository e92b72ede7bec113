/// What every page that a run leaves begins and ends with.
enum HTMLPage {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: Its title, as markup.
    ///   - isPersonal: Whether it is about people, so that no search engine and no other site is to
    ///     learn of it.
    ///   - policy: Its content security policy.
    ///   - sheet: What the sheet of every page does not have.
    ///   - body: Its markup, with a line feed at its end.
    /// - Returns: The markup, with a line feed at its end.
    static func html(
        title: String, isPersonal: Bool, policy: String = PageStyle.policy, sheet: String,
        body: String
    ) -> String {
        let personal =
            isPersonal
            ? """
            <meta name="robots" content="noindex"/>
            <meta name="referrer" content="no-referrer"/>

            """ : ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            \(personal)<meta http-equiv="Content-Security-Policy" content="\(policy)"/>
            <title>\(title)</title>
            <style>
            \(PageStyle.sheet)
            \(sheet)
            </style>
            </head>
            <body>
            \(body)</body>
            </html>

            """
    }

    /// A picture with its caption.
    ///
    /// - Parameters:
    ///   - id: Unique in the page.
    ///   - caption: Its title, plain text.
    ///   - values: What it shows, for whoever does not see it, plain text.
    ///   - height: As CSS has it.
    ///   - marks: What is drawn, with a line feed at its end.
    /// - Returns: The markup, with a line feed at its end.
    static func figure(
        id: String, caption: String, values: [(name: String, figure: String)], height: String,
        marks: String
    ) -> String {
        let words = values.map { "\($0.name): \($0.figure)" }.joined(separator: "; ")
        return """
            <figure class="chart">
            <figcaption id="\(id)">\(HTMLText.escaped(caption))</figcaption>
            <svg role="img" aria-labelledby="\(id)" aria-describedby="\(id)-values" width="100%" \
            height="\(height)">
            <desc id="\(id)-values">\(HTMLText.escaped(words)).</desc>
            \(marks)</svg>
            </figure>

            """
    }

    /// A length in hundredths of a letter's height, as CSS has it.
    static func ems(_ hundredths: Int128) -> String {
        DisplayText.plain(hundredths, digits: 2) + "em"
    }
}
