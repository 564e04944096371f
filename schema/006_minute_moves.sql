-- Minutes moved between sub-accounts of an agency (domain.md §6), as they were quoted and posted.
CREATE TABLE minute_moves (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    from_id BIGINT NOT NULL, -- sub-accounts
    to_id BIGINT NOT NULL CHECK (to_id <> from_id),
    tier SMALLINT NOT NULL,
    sent_seconds BIGINT NOT NULL CHECK (sent_seconds > 0),
    received_seconds BIGINT NOT NULL CHECK (received_seconds >= 0),
    price_from_micros BIGINT NOT NULL, -- effective client prices at that moment
    price_to_micros BIGINT NOT NULL,
    base_price_micros BIGINT NOT NULL,
    adjustment_micros BIGINT NOT NULL, -- to the agency's credit
    capped SMALLINT NOT NULL CHECK (capped IN (0, 1)), -- credit covered less than the prices would have given
    posting_id BIGINT NOT NULL,
    created_by BIGINT, -- a user
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX minute_moves_from ON minute_moves (agency_id, from_id, id);
CREATE INDEX minute_moves_to ON minute_moves (agency_id, to_id, id);
