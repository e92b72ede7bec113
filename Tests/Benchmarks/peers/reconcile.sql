-- The reconciliation of the generated dumps, as one would write it for DuckDB.
--
-- reconcile_duckdb.py sets the variables (dumps, answer, as_of, first_open_day) and says by $source
-- whether the dumps are read where they are used (VIEW) or copied into the database first (TABLE).
-- Money is DECIMAL(18, 2) throughout. What is left out, and why, stands in ../README.md.

CREATE TEMP $source payments AS
SELECT
    payment_id, reference, user_email, amount, currency, created_at, completed_at, description,
    metadata,
    CASE status WHEN 'successful' THEN 'succeeded' WHEN 'processing' THEN 'pending' ELSE status END
        AS status
FROM read_csv(
    getvariable('dumps') || '/payments.csv', auto_detect = false, header = true, delim = ',',
    quote = '"', escape = '"',
    columns = {
        'payment_id': 'VARCHAR', 'reference': 'VARCHAR', 'user_email': 'VARCHAR',
        'amount': 'DECIMAL(18, 2)', 'currency': 'VARCHAR', 'status': 'VARCHAR',
        'created_at': 'TIMESTAMP', 'completed_at': 'TIMESTAMP', 'description': 'VARCHAR',
        'metadata': 'VARCHAR', 'gateway': 'VARCHAR'
    });

CREATE TEMP $source settlements AS
SELECT transaction_id, external_id AS reference, type, status, amount, currency
FROM read_csv(
    getvariable('dumps') || '/settlements.csv', auto_detect = false, header = true, delim = ',',
    columns = {
        'transaction_id': 'VARCHAR', 'external_id': 'VARCHAR', 'type': 'VARCHAR',
        'status': 'VARCHAR', 'amount': 'DECIMAL(18, 2)', 'fee': 'DECIMAL(18, 2)',
        'currency': 'VARCHAR', 'date': 'TIMESTAMP'
    });

CREATE TEMP $source bookings AS
SELECT
    booking_id, payment_reference AS reference, user_email, kind, total_amount AS amount, currency,
    status, created_at
FROM read_csv(
    getvariable('dumps') || '/bookings.csv', auto_detect = false, header = true, delim = ',',
    quote = '"', escape = '"',
    columns = {
        'booking_id': 'VARCHAR', 'payment_reference': 'VARCHAR', 'user_email': 'VARCHAR',
        'destination': 'VARCHAR', 'kind': 'VARCHAR', 'participants': 'INTEGER',
        'total_amount': 'DECIMAL(18, 2)', 'currency': 'VARCHAR', 'status': 'VARCHAR',
        'booking_date': 'DATE', 'created_at': 'TIMESTAMP'
    });

CREATE TEMP TABLE catalogue AS
SELECT item_id, lower(name) AS name, kind
FROM read_csv(getvariable('dumps') || '/catalogue.csv', header = true, all_varchar = true);

CREATE TEMP TABLE users AS
SELECT email AS user_email
FROM read_csv(getvariable('dumps') || '/users.csv', header = true, all_varchar = true);

-- A repeated line counts once; then one row for what the gateway says of a reference.
CREATE TEMP TABLE settled AS
SELECT
    reference, currency,
    coalesce(sum(amount) FILTER (is_done AND type = 'charge'), 0)::DECIMAL(18, 2) AS captured,
    coalesce(sum(amount) FILTER (is_done AND type = 'refund'), 0)::DECIMAL(18, 2) AS refunded,
    count(*) FILTER (is_done AND type = 'charge') AS charges,
    min(amount) FILTER (is_done AND type = 'charge') AS least,
    max(amount) FILTER (is_done AND type = 'charge') AS most,
    count(*) FILTER (type = 'charge') > 0
        AND count(*) FILTER (type = 'charge' AND status <> 'FAILED') = 0 AS only_failed,
    count(*) FILTER (type = 'charge' AND status = 'PENDING') > 0 AS on_its_way
FROM (
    SELECT DISTINCT
        transaction_id, reference, type, status, amount, currency, status = 'SUCCESSFUL' AS is_done
    FROM settlements
)
GROUP BY reference, currency;

-- One row for the bookings that name a reference.
CREATE TEMP TABLE booked AS
SELECT
    reference, count(*) AS bookings, sum(amount)::DECIMAL(18, 2) AS amount, min(amount) AS least,
    max(amount) AS most, bool_or(status = 'confirmed') AS is_confirmed
FROM bookings
WHERE reference IS NOT NULL
GROUP BY reference;

-- The three ways at once. What finds no payment stands in rows without a payment_id.
CREATE TEMP TABLE held AS
SELECT
    p.payment_id, p.user_email, p.amount, p.currency, p.status, p.created_at, p.completed_at,
    coalesce(p.reference, s.reference) AS reference,
    s.currency AS settled_currency, s.captured, s.refunded, coalesce(s.charges, 0) AS charges,
    s.least, s.most, coalesce(s.only_failed, false) AS only_failed,
    coalesce(s.on_its_way, false) AS on_its_way,
    b.reference AS booked_reference, coalesce(b.bookings, 0) AS bookings,
    b.amount AS booked_amount, b.least AS least_booked, b.most AS most_booked,
    coalesce(b.is_confirmed, false) AS is_confirmed
FROM payments p
FULL JOIN settled s ON s.reference = p.reference AND s.currency = p.currency
FULL JOIN booked b ON b.reference = p.reference;

-- Payments whose only completed charge is in another currency.
CREATE TEMP TABLE settled_elsewhere AS
SELECT DISTINCT p.payment_id
FROM held p
JOIN held s ON s.reference = p.reference AND s.payment_id IS NULL AND s.charges > 0
WHERE p.payment_id IS NOT NULL AND p.charges = 0;

-- What the payment's status is after all, and what is wrong with its settlement.
CREATE TEMP TABLE resolved AS
SELECT
    * EXCLUDE (resolved),
    resolved AS resolved_status,
    CASE
        WHEN settled_elsewhere AND status IN ('pending', 'succeeded') THEN 'currency_mismatch'
        WHEN status = 'pending' AND resolved = 'pending'
            AND created_at < getvariable('as_of') - INTERVAL 30 MINUTES THEN 'stuck'
        WHEN status IN ('failed', 'cancelled') AND (charges > 0 OR settled_elsewhere)
            THEN 'false_failure'
        WHEN status = 'succeeded' AND charges = 0 AND only_failed THEN 'false_success'
        WHEN status = 'succeeded' AND charges = 0 AND NOT on_its_way
            AND coalesce(completed_at, created_at) < getvariable('first_open_day')
            THEN 'missing_settlement'
        WHEN resolved <> 'succeeded' OR charges = 0 THEN NULL
        WHEN charges > 1 AND least = amount AND most = amount THEN 'duplicate_settlement'
        WHEN captured < amount THEN 'settled_short'
        WHEN captured > amount THEN 'settled_over'
    END AS settlement_break
FROM (
    SELECT
        h.*, e.payment_id IS NOT NULL AS settled_elsewhere,
        CASE
            WHEN status <> 'pending' OR e.payment_id IS NOT NULL THEN status
            WHEN charges > 0 THEN 'succeeded'
            WHEN only_failed THEN 'failed'
            ELSE status
        END AS resolved
    FROM held h
    LEFT JOIN settled_elsewhere e ON e.payment_id = h.payment_id
    WHERE h.payment_id IS NOT NULL
);

-- Bookings that name no payment: by user, amount, currency and time.
CREATE TEMP TABLE unlinked AS
SELECT booking_id, user_email, amount, currency, status, created_at
FROM bookings
WHERE reference IS NULL;

CREATE TEMP TABLE links AS
SELECT p.payment_id, b.booking_id
FROM unlinked b
JOIN resolved p
    ON p.user_email = b.user_email AND p.amount = b.amount AND p.currency = b.currency
    AND p.created_at BETWEEN b.created_at - INTERVAL 3 DAYS AND b.created_at + INTERVAL 3 DAYS
WHERE p.resolved_status = 'succeeded' AND p.bookings = 0;

-- Succeeded payments without a booking that are owed one, and what they were for.
CREATE TEMP TABLE owed AS
SELECT payment_id, user_email, amount, currency
FROM resolved
ANTI JOIN links USING (payment_id)
WHERE resolved_status = 'succeeded' AND bookings = 0 AND coalesce(refunded, 0) < amount
    AND coalesce(settlement_break, '') NOT IN (
        'missing_settlement', 'false_success', 'currency_mismatch');

-- Payments of users who paid twice within ten minutes.
CREATE TEMP TABLE hurried AS
SELECT payment_id, user_email, amount, currency, created_at
FROM resolved
SEMI JOIN (
    SELECT user_email
    FROM (
        SELECT
            user_email,
            created_at - lag(created_at) OVER (PARTITION BY user_email ORDER BY created_at) AS since
        FROM resolved
        WHERE resolved_status = 'succeeded'
    )
    WHERE since <= INTERVAL 10 MINUTES
) USING (user_email)
WHERE resolved_status = 'succeeded';

-- What these few payments say they were for.
CREATE TEMP TABLE told AS
SELECT payment_id, description, metadata
FROM payments
SEMI JOIN (SELECT payment_id FROM owed UNION SELECT payment_id FROM hurried) USING (payment_id);

SET VARIABLE names = (
    SELECT '\b(?:' || string_agg(regexp_escape(name), '|' ORDER BY length(name) DESC) || ')\b'
    FROM catalogue);

CREATE TEMP TABLE missing AS
SELECT
    t.payment_id, t.user_email, c.item_id, c.kind, t.quantity, t.amount, t.currency, t.date
FROM (
    SELECT
        payment_id, user_email, amount, currency,
        coalesce(
            nullif(
                regexp_extract(lower(metadata ->> '$$.destination_name'), getvariable('names')),
                ''),
            regexp_extract(lower(description), getvariable('names'))) AS name,
        coalesce((metadata ->> '$$.participants')::INTEGER, 1) AS quantity,
        coalesce(
            (metadata ->> '$$.booking_date')::DATE, getvariable('as_of')::DATE + 7) AS date
    FROM owed
    JOIN told USING (payment_id)
) t
LEFT JOIN catalogue c ON c.name = t.name;

-- The same purchase again within ten minutes; the later one is named.
CREATE TEMP TABLE paid_again AS
SELECT payment_id
FROM (
    SELECT
        payment_id,
        created_at - lag(created_at) OVER (
            PARTITION BY user_email, amount, currency, description ORDER BY created_at, payment_id
        ) AS since
    FROM hurried
    JOIN told USING (payment_id)
)
WHERE since <= INTERVAL 10 MINUTES;

-- Each payment's category.
COPY (
    SELECT
        payment_id, resolved_status,
        CASE
            WHEN breaks <> '' THEN 'break'
            WHEN match_rule = 'emitted' THEN 'backfilled'
            WHEN resolved_status <> status THEN 'updated'
            WHEN resolved_status IN ('failed', 'cancelled') THEN 'closed'
            WHEN resolved_status = 'pending' OR charges = 0 THEN 'expected'
            ELSE 'reconciled'
        END AS outcome,
        captured, refunded, match_rule, breaks
    FROM (
        SELECT
            r.payment_id, r.status, r.resolved_status, r.charges,
            coalesce(r.captured, 0)::DECIMAL(18, 2) AS captured,
            coalesce(r.refunded, 0)::DECIMAL(18, 2) AS refunded,
            CASE
                WHEN r.bookings > 0 THEN 'linked'
                WHEN l.payment_id IS NOT NULL THEN 'attributes'
                WHEN m.item_id IS NOT NULL THEN 'emitted'
            END AS match_rule,
            concat_ws(
                ' ', r.settlement_break,
                CASE WHEN a.payment_id IS NOT NULL THEN 'duplicate_payment' END,
                CASE
                    WHEN r.bookings = 0 THEN NULL
                    WHEN r.resolved_status <> 'succeeded' OR r.refunded >= r.amount
                        THEN CASE WHEN r.is_confirmed THEN 'unpaid_booking' END
                    WHEN r.bookings > 1 AND least_booked = r.amount AND most_booked = r.amount
                        THEN 'duplicate_booking'
                    WHEN r.booked_amount <> r.amount THEN 'booking_amount'
                END,
                CASE
                    WHEN m.payment_id IS NOT NULL AND m.item_id IS NULL THEN 'unidentified_item'
                END
            ) AS breaks
        FROM resolved r
        LEFT JOIN links l ON l.payment_id = r.payment_id
        LEFT JOIN missing m ON m.payment_id = r.payment_id
        LEFT JOIN paid_again a ON a.payment_id = r.payment_id
    )
) TO (getvariable('answer') || '/payments.csv') (HEADER);

COPY (FROM missing WHERE item_id IS NOT NULL)
TO (getvariable('answer') || '/missing_bookings.csv') (HEADER);

COPY (
    SELECT booking_id, user_email, amount, currency
    FROM unlinked
    ANTI JOIN links USING (booking_id)
    WHERE status IN ('confirmed', 'completed')
    UNION ALL
    SELECT booking_id, user_email, amount, currency
    FROM bookings
    WHERE status IN ('confirmed', 'completed') AND reference IN (
        SELECT booked_reference
        FROM held
        WHERE payment_id IS NULL AND booked_reference IS NOT NULL)
) TO (getvariable('answer') || '/orphan_bookings.csv') (HEADER);

COPY (
    SELECT DISTINCT transaction_id, reference, amount, currency
    FROM settlements
    WHERE type = 'charge' AND status = 'SUCCESSFUL' AND reference IN (
        SELECT reference
        FROM held
        WHERE payment_id IS NULL AND charges > 0
        EXCEPT
        SELECT reference FROM held WHERE payment_id IS NOT NULL)
) TO (getvariable('answer') || '/unknown_settlements.csv') (HEADER);

-- Users' totals, before and after what was found to be missing.
COPY (
    SELECT
        user_email,
        coalesce(b.bookings, 0) AS bookings_before, coalesce(b.tickets, 0) AS tickets_before,
        coalesce(b.spent, 0)::DECIMAL(18, 2) AS spent_before,
        coalesce(b.bookings, 0) + coalesce(m.bookings, 0) AS bookings,
        coalesce(b.tickets, 0) + coalesce(m.tickets, 0) AS tickets,
        (coalesce(b.spent, 0) + coalesce(m.spent, 0))::DECIMAL(18, 2) AS spent,
        coalesce(p.payments, 0) AS pending_payments,
        coalesce(p.amount, 0)::DECIMAL(18, 2) AS pending_amount
    FROM users
    LEFT JOIN (
        SELECT
            user_email, count(*) FILTER (kind <> 'ticket') AS bookings,
            count(*) FILTER (kind = 'ticket') AS tickets, sum(amount) AS spent
        FROM bookings
        WHERE status IN ('confirmed', 'completed')
        GROUP BY user_email
    ) b USING (user_email)
    LEFT JOIN (
        SELECT
            user_email, count(*) FILTER (kind <> 'ticket') AS bookings,
            count(*) FILTER (kind = 'ticket') AS tickets, sum(amount) AS spent
        FROM missing
        WHERE item_id IS NOT NULL
        GROUP BY user_email
    ) m USING (user_email)
    LEFT JOIN (
        SELECT user_email, count(*) AS payments, sum(amount) AS amount
        FROM resolved
        WHERE resolved_status = 'pending'
        GROUP BY user_email
    ) p USING (user_email)
) TO (getvariable('answer') || '/users.csv') (HEADER);
