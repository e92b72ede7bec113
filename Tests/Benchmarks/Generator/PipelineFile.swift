/// A pipeline definition that reads the generated dumps.
enum PipelineFile {
    /// The whole file.
    static let text: StaticString = """
        name: benchmark
        currency: GHS
        timezone: Africa/Accra
        inputs:
          payments:
            files: payments.csv
            columns:
              id: payment_id
              reference: reference
              user: user_email
              amount: amount
              currency: currency
              status: status
              created_at: created_at
              completed_at: completed_at
              description: description
              details: metadata
              gateway: gateway
            values:
              status:
                succeeded: [successful]
                pending: [pending, processing]
                failed: [failed]
                cancelled: [cancelled]
          settlements:
            files: settlements.csv
            columns:
              id: transaction_id
              reference: external_id
              type: type
              state: status
              gross: amount
              fee: fee
              currency: currency
              occurred_at: date
            values:
              state: {completed: [SUCCESSFUL], pending: [PENDING], failed: [FAILED]}
          bookings:
            files: bookings.csv
            columns:
              id: booking_id
              payment: payment_reference
              user: user_email
              item: destination
              kind: kind
              quantity: participants
              amount: total_amount
              currency: currency
              status: status
              date: booking_date
              created_at: created_at
          catalogue:
            files: catalogue.csv
            columns: {id: item_id}
          users:
            files: users.csv
            columns: {id: user_id, email: email, name: full_name}
        resolve: {stuck_after: 30m, settlement_days: 2}
        match: {tolerance: "0", window: 3d, similarity: 0.85}
        fees: {percent: 1, fixed: "0", tolerance: "0.01"}
        backfill:
          kinds:
            ticket: {emit: ticket, keywords: [ticket, event, concert, festival, show]}
            destination: {emit: booking, keywords: [tour, safari, park, castle, garden, heritage]}
          details: {item: destination_name, kind: type, quantity: participants, date: booking_date}
          default_kind: destination
          participants: 1
          lead_days: 7
          unidentified: review
          prefix: {booking: BK, ticket: TK}
        dashboard:
          levels: {Bronze: "0", Silver: "1000", Gold: "5000", Platinum: "10000"}
          points_per: "10"
          recent: 10

        """
}
