import Records
import Time

extension PaymentRow {
    /// The latest moment that the payment itself names.
    public var latestMoment: Instant { max(created, completed) }
}

extension SettlementRow {
    /// The latest moment that the line itself names; `absent` where it names none.
    public var latestMoment: Instant {
        guard settledOn.isPresent else { return occurred }
        let (seconds, over) = (Int64(settledOn.days) + 1).multipliedReportingOverflow(by: 86_400)
        return over ? occurred : max(occurred, Instant(seconds: seconds))
    }
}

extension SessionRow {
    /// The latest moment that the session itself names; `absent` where it names none.
    public var latestMoment: Instant { max(started, ended) }
}

extension RowTexts {
    /// The latest moment that a booking names, its day and its end included: until then it may
    /// change; `absent` where it names none.
    public mutating func latestMoment(of booking: BookingRow, in zone: Zone) throws -> Instant {
        try go(to: booking.place)
        let named = latest(of: [BookingField.date, .startsAt, .endsAt], in: zone)
        return max(booking.created, named)
    }

    /// The same of an order.
    public mutating func latestMoment(of order: OrderRow, in zone: Zone) throws -> Instant {
        try go(to: order.place)
        return latest(of: [OrderField.date, .startsAt, .endsAt], in: zone)
    }

    /// What is no time says nothing here: reading it is the business of whoever needs it.
    private func latest(of fields: [some RecordFieldSet], in zone: Zone) -> Instant {
        fields.reduce(Instant.absent) { latest, field in
            guard case .success(let moment) = TimeText.instant(text(field), in: zone) else {
                return latest
            }
            return max(latest, moment)
        }
    }

    /// The moment that a field of the row tells; `absent` where it is none.
    public func instant(_ field: some RecordFieldSet, in zone: Zone) -> Instant {
        guard case .success(let moment) = TimeText.instant(text(field), in: zone) else {
            return .absent
        }
        return moment
    }

    /// When a run first read the carried record at which the reader stands; `absent` for tonight's.
    public func since() -> Instant {
        guard case .success(let moment) = TimeText.instant(text(CarriedField.since), in: .utc)
        else { return .absent }
        return moment
    }
}
