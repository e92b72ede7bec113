/// The program's own version, in documents and on the command line.
public enum ProgramVersion {
    /// By semantic versioning.
    public static let text = "0.1.0"
}
