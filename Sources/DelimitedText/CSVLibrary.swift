import CLibCSV

/// The library that decides what a record is.
public enum CSVLibrary {
    /// The version of its interface that the program was built with: it tells no other.
    public static let version = "\(CSV_MAJOR).\(CSV_MINOR).\(CSV_RELEASE)"
}
