import CommandLine
import Glibc

// The module of that name hides the standard library's type unless that is named in full.
exit(Program.standard.main(arguments: Swift.CommandLine.arguments))
