/// How the breaks that somebody must look at changed since the run before.
public struct OpenItems: Sendable, Equatable {
    /// Open at the end of the run before.
    public var opening: Int
    /// Found for the first time.
    public var new: Int
    /// Closed before, and back again.
    public var reopened: Int
    /// Gone with their cause, or closed by a decision.
    public var cleared: Int

    /// Creates the counts; a first run only has new ones.
    public init(opening: Int = 0, new: Int, reopened: Int = 0, cleared: Int = 0) {
        self.opening = opening
        self.new = new
        self.reopened = reopened
        self.cleared = cleared
    }

    /// Open at the end of this run: opening + new + reopened − cleared.
    public var closing: Int { opening + new + reopened - cleared }
}
