import CLibXlsxWriter

/// A chart of bars that shows some cells of a sheet, as a spreadsheet draws it itself.
public struct Chart: Sendable {
    /// Which way the bars go.
    public enum Direction: Sendable {
        /// Standing beside each other: for a few words in their order.
        case columns
        /// Lying below each other: for long words.
        case bars
    }

    private static let ink: lxw_color_t = 0x3B6EA5
    private static let line: lxw_color_t = 0xD9DEE4
    private static let width = 560.0

    let title: String
    let direction: Direction
    let categories: CellRange
    let values: CellRange
    let height: Int

    /// Describes a chart.
    ///
    /// - Parameters:
    ///   - title: what stands above it.
    ///   - direction: which way the bars go.
    ///   - categories: the cells with the words.
    ///   - values: the cells with the figures; as many.
    ///   - height: how high it is, in pixels; a row has 20.
    public init(
        _ title: String, _ direction: Direction, of categories: CellRange, _ values: CellRange,
        height: Int
    ) {
        self.title = title
        self.direction = direction
        self.categories = categories
        self.values = values
        self.height = height
    }

    /// The chart in the library's form.
    func made(
        in workbook: UnsafeMutablePointer<lxw_workbook>
    ) throws(WorkbookError) -> UnsafeMutablePointer<lxw_chart> {
        let kind = direction == .columns ? LXW_CHART_COLUMN : LXW_CHART_BAR
        guard let chart = workbook_add_chart(workbook, UInt8(kind.rawValue)),
            let series = chart_add_series(chart, categories.formula, values.formula)
        else { throw WorkbookError("libxlsxwriter cannot make a chart") }
        var fill = lxw_chart_fill()
        fill.color = Chart.ink
        chart_series_set_fill(series, &fill)
        chart_set_series_gap(chart, 60)
        var font = lxw_chart_font()
        font.size = 12
        font.bold = 1
        chart_title_set_name(chart, title)
        chart_title_set_name_font(chart, &font)
        chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
        var line = lxw_chart_line()
        line.color = Chart.line
        line.width = 0.75
        // The library calls the axis of the figures x where bars lie, as it is drawn across.
        let isLying = direction == .bars
        let figures = isLying ? chart.pointee.x_axis : chart.pointee.y_axis
        let words = isLying ? chart.pointee.y_axis : chart.pointee.x_axis
        chart_axis_major_gridlines_set_visible(words, 0)
        chart_axis_major_gridlines_set_visible(figures, 1)
        chart_axis_major_gridlines_set_line(figures, &line)
        chart_axis_set_num_format(figures, "#,##0")
        var small = lxw_chart_font()
        small.size = 9
        chart_axis_set_num_font(figures, &small)
        chart_axis_set_num_font(words, &small)
        // The first row stands at the top, as in the cells.
        if isLying {
            chart_axis_set_reverse(words)
            chart_axis_set_label_position(
                figures, UInt8(LXW_CHART_AXIS_LABEL_POSITION_HIGH.rawValue))
        }
        return chart
    }

    /// Puts it onto a sheet.
    func insert(
        _ chart: UnsafeMutablePointer<lxw_chart>,
        _ place: (sheet: UnsafeMutablePointer<lxw_worksheet>, row: Int, column: Int)
    ) -> lxw_error {
        var options = lxw_chart_options()
        // The library's charts are 480 by 288 pixels where nothing is said.
        options.x_scale = Chart.width / 480
        options.y_scale = Double(height) / 288
        return worksheet_insert_chart_opt(
            place.sheet, lxw_row_t(place.row), lxw_col_t(place.column), chart, &options)
    }
}
