/// The presets that the program brings along: the files of `pipelines/gateways`, which the build puts
/// into the program.
public struct BuiltInPreset: Sendable {
    /// The file's name without its ending.
    public let name: String
    /// The file, byte for byte.
    public let text: @Sendable () -> [UInt8]

    /// All of them, in the order of their names.
    public static let all: [BuiltInPreset] = [
        BuiltInPreset("adyen-settlement") { PackageResources.adyen_settlement_yaml },
        BuiltInPreset("bank-generic") { PackageResources.bank_generic_yaml },
        BuiltInPreset("flutterwave-transactions") {
            PackageResources.flutterwave_transactions_yaml
        },
        BuiltInPreset("klarna-settlement") { PackageResources.klarna_settlement_yaml },
        BuiltInPreset("mtn-momo-ghana") { PackageResources.mtn_momo_ghana_yaml },
        BuiltInPreset("mtn-momo-portal") { PackageResources.mtn_momo_portal_yaml },
        BuiltInPreset("paypal-activity") { PackageResources.paypal_activity_yaml },
        BuiltInPreset("paypal-stl") { PackageResources.paypal_stl_yaml },
        BuiltInPreset("paystack-payouts") { PackageResources.paystack_payouts_yaml },
        BuiltInPreset("phonepe-business") { PackageResources.phonepe_business_yaml },
        BuiltInPreset("phonepe-settlement") { PackageResources.phonepe_settlement_yaml },
        BuiltInPreset("phonepe-transactions") { PackageResources.phonepe_transactions_yaml },
        BuiltInPreset("razorpay-payments") { PackageResources.razorpay_payments_yaml },
        BuiltInPreset("razorpay-recon") { PackageResources.razorpay_recon_yaml },
        BuiltInPreset("square-transactions") { PackageResources.square_transactions_yaml },
        BuiltInPreset("stripe-balance-change") { PackageResources.stripe_balance_change_yaml },
        BuiltInPreset("stripe-payments") { PackageResources.stripe_payments_yaml },
        BuiltInPreset("stripe-payout-reconciliation") {
            PackageResources.stripe_payout_reconciliation_yaml
        },
        BuiltInPreset("stripe-payouts") { PackageResources.stripe_payouts_yaml },
        BuiltInPreset("stripe-payouts-dashboard") {
            PackageResources.stripe_payouts_dashboard_yaml
        },
    ]

    private init(_ name: String, _ text: @escaping @Sendable () -> [UInt8]) {
        self.name = name
        self.text = text
    }
}
