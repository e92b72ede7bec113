import CLibXlsxWriter

/// The library that writes spreadsheets.
public enum SpreadsheetLibrary {
    /// Its version, as it is loaded.
    public static var version: String {
        lxw_version().map { String(cString: $0) } ?? "unknown"
    }
}
