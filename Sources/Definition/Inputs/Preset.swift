import Records

/// How to read one report of a gateway, kept as data: `gateways/NAME.yaml`.
public struct Preset: Sendable, Hashable {
    /// The name of its file, without the ending: lower case letters, digits and hyphens.
    public var name = ""
    /// What the report is called where it is downloaded.
    public var title = ""
    /// Whether no public source confirms every column, so that it may have to be corrected.
    public var isExperimental = false
    /// How the report is known.
    public var signature = HeaderSignature()
    /// How the report is read as records of a kind; one kind at least.
    public var inputs: [RecordKind: InputDefinition] = [:]
    /// Whether the zone of its times must be said where it is used.
    public var needsZone = false
    /// Whether the order of day and month in its dates must be said where it is used.
    public var needsPattern = false
}

/// The columns by which a report is known, compared as headers are: ignoring case and blanks.
public struct HeaderSignature: Sendable, Hashable {
    /// Of each of these lists, the file has one column at least.
    public var columns: [[String]] = []
    /// The file has none of these: they are another report's.
    public var without: [String] = []
}

/// That an input is read by a preset, and what the preset alone says.
public struct PresetUse: Sendable, Hashable {
    /// The preset's name.
    public var name: String
    /// How its report is known: what is no such report is not read.
    public var signature = HeaderSignature()
    /// The fields whose columns the definition does not name itself: a file that lacks such a
    /// column is read without the field, where records can do without it.
    public var fields: Set<String> = []
    /// Whether the rows to leave out are the preset's: files may lack the columns that tell of them.
    public var saysSkip = false
}
