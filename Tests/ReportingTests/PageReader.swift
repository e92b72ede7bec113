import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads a page as XML; what stands in it is then known without looking for strings of markup.
final class PageReader: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
    }

    private(set) var elements: [Element] = []
    private(set) var text = ""
    /// The headings of the sections, in their order.
    private(set) var headings: [String] = []
    private var isHeading = false
    private var isStyle = false

    static func read(_ bytes: [UInt8]) throws -> PageReader {
        let reader = PageReader()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = reader
        let isWellFormed = parser.parse()
        try #require(
            isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
        return reader
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        elements.append(Element(name: name, attributes: attributes))
        isStyle = name == "style"
        isHeading = name == "h2"
        if isHeading { headings.append("") }
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        isStyle = false
        isHeading = false
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        if !isStyle { text += characters }
        if isHeading { headings[headings.count - 1] += characters }
    }
}
