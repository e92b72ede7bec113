import FuzzTargets
import Glibc

/// Which target this process runs: the name in TRUEUP_FUZZ_TARGET.
private let target: FuzzTarget = {
    let name = getenv("TRUEUP_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        fatalError("TRUEUP_FUZZ_TARGET is none of \(names)")
    }
    return target
}()

/// What libFuzzer calls with each input that it makes.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check([UInt8](UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
