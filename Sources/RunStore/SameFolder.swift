import Glibc

/// Whether two paths lead to one folder, by whatever names and links; a path that leads nowhere leads
/// to no other's folder.
public func leadToOneFolder(_ left: String, _ right: String) -> Bool {
    var first = stat()
    var second = stat()
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
