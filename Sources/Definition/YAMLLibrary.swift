import CLibYAML

/// The library that reads definitions and presets.
public enum YAMLLibrary {
    /// Its version, as it is loaded.
    public static var version: String { String(cString: yaml_get_version_string()) }
}
