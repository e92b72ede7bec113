import CLibXlsxWriter

/// How a cell looks, beside what it holds.
public enum CellStyle: Sendable, Hashable {
    case plain
    /// The words above a whole sheet.
    case title
    /// The most important sentence; its colour is the severity's.
    case answer(Tone)
    /// A column's name: bold, on a band.
    case heading
    /// The same above figures, which stand at the right.
    case numberHeading
    /// A sum of what stands above it.
    case total
    /// What is told beside the matter.
    case soft
}

/// What a colour says; never the only one to say it.
public enum Tone: Sendable, Hashable {
    case good, warning, bad

    var ink: lxw_color_t {
        switch self {
        case .good: 0x1A6B3C
        case .warning: 0x7D5200
        case .bad: 0xA3201D
        }
    }

    var band: lxw_color_t {
        switch self {
        case .good: 0xE8F3EC
        case .warning: 0xFBF1DC
        case .bad: 0xFBEAE8
        }
    }
}

/// A cell's number format with its looks, as the library wants it.
struct CellFormat: Hashable {
    enum Number: Hashable {
        case general, whole, percent, date, moment
        /// With separators between the thousands, and so many digits behind the point.
        case decimal(Int)
    }

    var number = Number.general
    var style = CellStyle.plain

    /// The colours of bands and lines.
    private static let band: lxw_color_t = 0xE4EAF1
    private static let line: lxw_color_t = 0x8A97A6
    private static let soft: lxw_color_t = 0x585F68

    /// Whether a cell needs no format at all.
    var isPlain: Bool { self == CellFormat() }

    /// Sets all of it in a format of the library's.
    func apply(to format: UnsafeMutablePointer<lxw_format>) {
        if let code { format_set_num_format(format, code) }
        align(format)
        switch style {
        case .plain: break
        case .title:
            format_set_bold(format)
            format_set_font_size(format, 16)
        case .answer(let tone):
            format_set_bold(format)
            format_set_font_size(format, 13)
            format_set_font_color(format, tone.ink)
        case .heading, .numberHeading:
            format_set_bold(format)
            format_set_bg_color(format, CellFormat.band)
            format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_bottom_color(format, CellFormat.line)
        case .total:
            format_set_bold(format)
            format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_top_color(format, CellFormat.line)
        case .soft: format_set_font_color(format, CellFormat.soft)
        }
    }

    /// Figures stand at the right, a little away from a text beside them; dates stand like texts.
    private func align(_ format: UnsafeMutablePointer<lxw_format>) {
        switch number {
        case .general where style != .numberHeading: break
        case .date, .moment: format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
        case .general, .whole, .percent, .decimal:
            format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
            format_set_indent(format, 1)
        }
    }

    private var code: String? {
        switch number {
        case .general: nil
        case .whole: "0"
        case .percent: "0.00%"
        case .date: "yyyy-mm-dd"
        case .moment: "yyyy-mm-dd hh:mm:ss"
        case .decimal(0): "#,##0"
        case .decimal(let digits): "#,##0." + String(repeating: "0", count: digits)
        }
    }
}
