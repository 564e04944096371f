-- Usage by billing period, kept by when the period began: an agency's accounts are in at most 31 periods at a time, those of
-- one day of the month in the same one, so that what all have used in theirs lies together, however many months came before.
/*sqlite CREATE TABLE usage_periods_by_start (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    billed_seconds BIGINT NOT NULL,
    spent_micros BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    PRIMARY KEY (agency_id, start_at, subaccount_id)
) WITHOUT ROWID;
INSERT INTO usage_periods_by_start (agency_id, subaccount_id, start_at, end_at, calls, billed_seconds, spent_micros,
                                    cost_micros)
    SELECT agency_id, subaccount_id, start_at, end_at, calls, billed_seconds, spent_micros, cost_micros
    FROM usage_periods ORDER BY agency_id, start_at, subaccount_id;
DROP TABLE usage_periods;
ALTER TABLE usage_periods_by_start RENAME TO usage_periods;
*/
/*postgres ALTER TABLE usage_periods DROP CONSTRAINT usage_periods_pkey,
    ADD PRIMARY KEY (agency_id, start_at, subaccount_id);
*/
