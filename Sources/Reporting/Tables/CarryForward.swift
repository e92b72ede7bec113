import Emission

/// What a run of incremental dumps hands on to the next one, beside the emissions that wait.
public struct CarryForward: Sendable {
    /// The records that stay.
    public var open: OpenRecords
    /// For each summary what its user's records that have left came to, by currency.
    public var totals: [[UserTotal]]
    /// For each waiting emission whether it is handed on: what no dump can show goes with its
    /// payment.
    public var keepsEmission: [Bool]

    /// Gathers it.
    public init(open: OpenRecords, totals: [[UserTotal]], keepsEmission: [Bool]) {
        self.open = open
        self.totals = totals
        self.keepsEmission = keepsEmission
    }
}
