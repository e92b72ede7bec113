import CLibCrypto

/// The library that computes checksums and signatures.
public enum CryptographyLibrary {
    /// Its version, as it is loaded.
    public static var version: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }
}
