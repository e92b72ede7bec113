import Parallel
import Records

/// What users did last (contract, Summarize).
struct RecentActivities: Sendable {
    let activities: ContiguousArray<Activity>
    /// For each user what of it is theirs.
    let ofUsers: Adjacency
    let tables: RecordTables
    let emissions: Emissions
    let waiting: WaitingEmissions
    let past: CarriedTotals

    /// The newest activities of each user, at most so many; equally new ones by kind and then by id.
    func newest(_ most: Int, _ workers: Workers) -> [[Activity]] {
        workers.mapRanges(of: ofUsers.ownerCount) { users in
            users.map { newest(most, of: $0) }
        }.flatMap(\.self)
    }

    /// The newest of one user.
    ///
    /// Only those that are shown are kept in order, so that one user with all payments costs no more
    /// than many users. The last ones come first: dumps are in order of time as a rule.
    private func newest(_ most: Int, of user: Int) -> [Activity] {
        var newest: [Activity] = []
        for index in ofUsers[user].reversed() {
            let activity = activities[Int(index)]
            if newest.count == most {
                guard let last = newest.last, precedes(activity, last) else { continue }
                newest.removeLast()
            }
            let place = newest.firstIndex { precedes(activity, $0) } ?? newest.endIndex
            newest.insert(activity, at: place)
        }
        return newest
    }

    private func precedes(_ left: Activity, _ right: Activity) -> Bool {
        if left.moment != right.moment { return left.moment > right.moment }
        if left.kind.rank != right.kind.rank { return left.kind.rank < right.kind.rank }
        return left.kind == right.kind
            ? idPrecedes(left, right)
            : id(of: left).utf8.lexicographicallyPrecedes(id(of: right).utf8)
    }

    private func idPrecedes(_ left: Activity, _ right: Activity) -> Bool {
        switch left.kind {
        case .payment: tables.payments.idPrecedes(Int(left.index), Int(right.index))
        case .booking, .ticket: tables.bookings.idPrecedes(Int(left.index), Int(right.index))
        case .waitingBooking, .waitingTicket:
            waiting.entries[Int(left.index)].id < waiting.entries[Int(right.index)].id
        case .newBooking:
            emissions.bookings[Int(left.index)].id < emissions.bookings[Int(right.index)].id
        case .newTicket:
            emissions.tickets[Int(left.index)].id < emissions.tickets[Int(right.index)].id
        case .pastPayment, .pastBooking, .pastTicket:
            id(of: left).utf8.lexicographicallyPrecedes(id(of: right).utf8)
        }
    }

    private func id(of activity: Activity) -> String {
        let index = Int(activity.index)
        return switch activity.kind {
        case .payment: tables.payments.id(index)
        case .booking, .ticket: tables.bookings.id(index)
        case .waitingBooking, .waitingTicket: waiting.entries[index].id
        case .newBooking: emissions.bookings[index].id
        case .newTicket: emissions.tickets[index].id
        case .pastPayment, .pastBooking, .pastTicket: past.activities[index].id
        }
    }
}
