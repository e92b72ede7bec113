import CLibArchive
import CLibZ

/// The libraries by which this module packs and unpacks, as they are loaded.
public enum PackingLibraries {
    /// Each with its version; what libarchive was built without is left out.
    public static var versions: [(name: String, version: String)] {
        let own = String(cString: archive_version_string())
        let versions: [(String, UnsafePointer<CChar>?)] = [
            ("bzip2", archive_bzlib_version()), ("liblzma", archive_liblzma_version()),
            ("libzstd", archive_libzstd_version()), ("zlib", zlibVersion()),
        ]
        return [("libarchive", own.split(separator: " ").last.map(String.init) ?? own)]
            + versions.compactMap { name, version in
                // bzip2 adds the date of its release.
                version.flatMap { String(cString: $0).split(separator: ",").first }
                    .map { (name, String($0)) }
            }
    }
}
