import Reconciliation
import Records

/// What a break's code means, in the words of whoever has to deal with it.
public struct BreakExplanation: Sendable {
    /// What is wrong, in one sentence.
    public let meaning: String
    /// What to do about it, in one sentence.
    public let action: String

    init(_ meaning: String, _ action: String) {
        self.meaning = meaning
        self.action = action
    }
}

extension BreakCode {
    /// The code in words: `False success`.
    public var title: String { DisplayText.heading(word) }

    /// What the code means and what to do; the one place where reports and documentation find it.
    public var explanation: BreakExplanation {
        guard let found = BreakExplanation.byCode[self] else {
            preconditionFailure("\(word) has no explanation")
        }
        return found
    }
}

extension BreakExplanation {
    /// Every code's explanation; a test holds it against the codes.
    static let byCode = info.merging(review) { first, _ in first }
        .merging(critical) { first, _ in first }

    private static let info: [BreakCode: BreakExplanation] = [
        .rounding: BreakExplanation(
            "The captured amount differs from the payment by no more than the tolerance.",
            "Nothing to do, unless the differences keep adding up in one direction."),
        .duplicateLine: BreakExplanation(
            "The same row stands in the dumps more than once and was counted once.",
            "Nothing to do; if it happens every night, check how the dumps are exported."),
        .superseded: BreakExplanation(
            "An older version of a record was replaced by a later one with the same id.",
            "Nothing to do; repeats.csv names the row that was kept."),
        .lateSettlement: BreakExplanation(
            "The gateway settled the payment, but later than agreed.",
            "Nothing to do for this payment; if it is frequent, raise it with the gateway."),
    ]

    private static let review: [BreakCode: BreakExplanation] = [
        .stuck: BreakExplanation(
            "The payment has been pending for longer than a payment should take.",
            "Look it up at the gateway, then complete or cancel it."),
        .settledShort: BreakExplanation(
            "The gateway captured less than the payment's amount.",
            "Find out why, then claim the rest or correct the payment."),
        .settledOver: BreakExplanation(
            "The gateway captured more than the payment's amount.",
            "Refund the customer the difference, or correct the payment."),
        .feeOver: BreakExplanation(
            "The gateway kept a higher fee than the contract allows.",
            "Claim the difference from the gateway."),
        .feeUnder: BreakExplanation(
            "The gateway kept a lower fee than the contract says.",
            "Check whether the contract changed; the difference may be charged later."),
        .feeMissing: BreakExplanation(
            "The gateway shows no fee where the contract has one.",
            "Expect the fee in a later statement, and keep money back for it."),
        .bookingAmount: BreakExplanation(
            "Payments and bookings that belong together have different totals.",
            "Correct the booking's price, or collect or refund the difference."),
        .orphanBooking: BreakExplanation(
            "A confirmed booking has no payment.",
            "Find its payment, ask the customer to pay, or cancel it."),
        .unpaidBooking: BreakExplanation(
            "A confirmed booking belongs to a payment that failed or was fully given back.",
            "Ask the customer to pay, or cancel the booking."),
        .unidentifiedItem: BreakExplanation(
            "The customer paid, but nothing in the catalogue matches what the payment describes.",
            "Find out what was sold and book it; an alias in the catalogue prevents a repeat."),
        .ambiguousBooking: BreakExplanation(
            "Several bookings fit the payment equally well, so nothing was booked for it.",
            "Choose the right booking and write the payment's id into it."),
        .reusedReference: BreakExplanation(
            "Several payments carry the same reference.",
            "Check that each settlement went to the right payment; references must be unique."),
        .wrongUser: BreakExplanation(
            "The payment and its booking belong to different users.",
            "Find out who paid for whom, then correct the link or the user."),
        .refundUnrecorded: BreakExplanation(
            "The gateway refunded more than our own records show.",
            "Find out who made the refund and record it."),
        .refundUnsettled: BreakExplanation(
            "Our records show a refund that the gateway has not paid out in full.",
            "Check that the gateway received it; the customer may still be waiting."),
        .unappliedEmission: BreakExplanation(
            "What an earlier run emitted has not been loaded: the dumps still do not show it.",
            "Load that run's files, or find out why loading them failed."),
        .unknownDeposit: BreakExplanation(
            "The bank received money that belongs to no payout of a gateway.",
            "Find out who sent it; a payout may be missing from the gateway's export."),
    ]

    private static let critical: [BreakCode: BreakExplanation] = [
        .missingSettlement: BreakExplanation(
            "A succeeded payment is overdue at the gateway: no line shows its money.",
            "Ask the gateway for it by reference; book nothing until the money is evidenced."),
        .unknownSettlement: BreakExplanation(
            "The gateway took money for which we know no payment.",
            "Find the payment by reference, or refund the customer."),
        .falseSuccess: BreakExplanation(
            "We say that the payment succeeded; the gateway says that it failed.",
            "Hold back what was sold, and check at the gateway before anything is delivered."),
        .falseFailure: BreakExplanation(
            "We say that the payment failed or was cancelled; the gateway took the money.",
            "Honour the purchase or refund it, and tell the customer which."),
        .duplicateSettlement: BreakExplanation(
            "The gateway took the whole amount more than once for one payment.",
            "Refund every charge but the first."),
        .duplicateBooking: BreakExplanation(
            "One payment has two or more bookings, each of its whole amount.",
            "Keep the right booking and cancel the others."),
        .duplicatePayment: BreakExplanation(
            "The same user paid the same amount for the same thing twice within ten minutes.",
            "Ask the customer whether both were meant, and refund the second if not."),
        .currencyMismatch: BreakExplanation(
            "The gateway charged the payment in another currency than ours.",
            "Find out which currency was agreed, and have the other side corrected."),
        .netMismatch: BreakExplanation(
            "A settlement line's net is not its gross less fee and tax.",
            "Have the gateway explain the line; the payout that holds it may be wrong."),
        .overRefund: BreakExplanation(
            "More was refunded than had been captured.",
            "Stop further refunds of this payment and recover the excess."),
        .orphanRefund: BreakExplanation(
            "The gateway refunded money for which we know no payment.",
            "Find out who asked for the refund; treat it as fraud until that is known."),
        .chargeback: BreakExplanation(
            "The customer's bank took the money back.",
            "Contest it with evidence before the deadline, or accept it and cancel the booking."),
        .orphanChargeback: BreakExplanation(
            "A bank took back, or gave back, money for which we know no payment or no chargeback.",
            "Find the payment by reference; the deadline for an answer is running."),
        .doubleReversal: BreakExplanation(
            "Refund and chargeback together exceed what was captured: it was given back twice.",
            "Contest the chargeback with the refund as evidence."),
        .payoutShort: BreakExplanation(
            "The bank received less than the lines of the gateway's payout add up to.",
            "Ask the gateway what it kept back; a line may be missing from its export."),
        .payoutOver: BreakExplanation(
            "The bank received more than the lines of the gateway's payout add up to.",
            "Find the line that the export lacks before the money is booked."),
        .payoutMissing: BreakExplanation(
            "The gateway paid out, and the bank shows no such deposit in time.",
            "Check the account and the date with the gateway; the transfer may have bounced."),
        .conflictingEvidence: BreakExplanation(
            "Two versions of one record contradict each other, and neither is the later one.",
            "Find out which one is true, and correct the other at its source."),
    ]
}
