/// What a scalar beyond ASCII becomes where names are compared.
enum FoldedScalar: Equatable {
    /// Ends a word.
    case separator
    /// Neither a part of a word nor its end: accents, apostrophes, soft hyphens, joiners.
    case nothing
    /// One letter or digit.
    case one(UInt32)
    /// Two letters.
    case two(UInt8, UInt8)
}

/// Lower case without accents: Latin by table, Greek and Cyrillic by their few accented letters,
/// every other script in lower case only.
enum LetterFolding {
    /// U+00A0 to U+02AF: the letter that remains; `-` ends a word, `.` vanishes, `+` becomes two
    /// letters, `=` is no accented letter and goes by its Unicode category.
    private static let latin: StaticString = """
        ----------a--.----23.=---1o-----aaaaaa+ceeeeiiiidnooooo-ouuuuy++\
        aaaaaa+ceeeeiiiidnooooo-ouuuuy+yaaaaaaccccccccddddeeeeeeeeeegggg\
        gggghhhhiiiiiiiiii++jjkkkllllllllllnnnnnnnnnoooooo++rrrrrrssssss\
        ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbbbb==occdddd=eeeffgg+iikkl==nno\
        oo==ppr=====tttuuuvyyzz=============+++++++++aaiioouuuuuuuuuueaa\
        aa++ggggkkoooo==j+++gg+=nnaa++ooaaaaeeeeiiiioooorrrruuuusstt==hh\
        nd==zzaaeeooooooooyylntj==accltsz==bu=eejj=qrryy===bocdd=e=e====\
        g==g==h=ii=lll===mnn=o======rr==r=s=====tuuv====zz==============\
        q===============
        """

    /// U+1E00 to U+1EFF, likewise.
    private static let latinAdditional: StaticString = """
        aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
        mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
        wwwwwwwwwwxxxxyyzzzzzzhtwyas==+=aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
        eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy++====
        """

    /// What a scalar of U+0080 or more becomes.
    static func fold(_ value: UInt32) -> FoldedScalar {
        switch value {
        case 0xA0...0x2AF:
            return fold(value, byEntry: latin.utf8Start[Int(value - 0xA0)])
        case 0x1E00...0x1EFF:
            return fold(value, byEntry: latinAdditional.utf8Start[Int(value - 0x1E00)])
        case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F:
            return .nothing
        case 0x2BB...0x2BD, 0x2018...0x201B, 0x2032, 0xFF07:
            return .nothing
        case 0x200B:
            return .separator
        default:
            return foldByCategory(value)
        }
    }

    private static func fold(_ value: UInt32, byEntry entry: UInt8) -> FoldedScalar {
        switch entry {
        case UInt8(ascii: "-"): .separator
        case UInt8(ascii: "."): .nothing
        case UInt8(ascii: "+"): foldLigature(value)
        case UInt8(ascii: "="): foldByCategory(value)
        default: .one(UInt32(entry))
        }
    }

    private static func foldLigature(_ value: UInt32) -> FoldedScalar {
        let pair: StaticString =
            switch value {
            case 0xC6, 0xE6, 0x1E2, 0x1E3, 0x1FC, 0x1FD: "ae"
            case 0xDF, 0x1E9E: "ss"
            case 0xDE, 0xFE: "th"
            case 0x132, 0x133: "ij"
            case 0x152, 0x153: "oe"
            case 0x195, 0x1F6: "hv"
            case 0x1C4...0x1C6, 0x1F1...0x1F3: "dz"
            case 0x1C7...0x1C9: "lj"
            case 0x1CA...0x1CC: "nj"
            default: "ll"
            }
        return .two(pair.utf8Start[0], pair.utf8Start[1])
    }

    private static func foldByCategory(_ value: UInt32) -> FoldedScalar {
        guard let scalar = Unicode.Scalar(value) else { return .separator }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter, .letterNumber:
            // No scalar that comes here has a lower case of more than one scalar.
            let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
            return lower == scalar ? .one(withoutAccent(value)) : fold(lower.value)
        case .lowercaseLetter:
            return .one(withoutAccent(value))
        case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .decimalNumber,
            .otherNumber:
            return .one(value)
        case .format, .enclosingMark:
            return .nothing
        default:
            return .separator
        }
    }

    /// The letter of Greek or Cyrillic without its accent, so that composed and decomposed
    /// spellings are equal; a final sigma is a sigma.
    private static func withoutAccent(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x1EF: 0x292
        case 0x390, 0x3AF, 0x3CA: 0x3B9
        case 0x3AC: 0x3B1
        case 0x3AD: 0x3B5
        case 0x3AE: 0x3B7
        case 0x3B0, 0x3CB, 0x3CD, 0x3D2...0x3D4: 0x3C5
        case 0x3CC: 0x3BF
        case 0x3CE: 0x3C9
        case 0x3C2: 0x3C3
        case 0x439, 0x45D: 0x438
        case 0x450, 0x451: 0x435
        case 0x453: 0x433
        case 0x457: 0x456
        case 0x45C: 0x43A
        case 0x45E: 0x443
        default: value
        }
    }
}
