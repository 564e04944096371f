-- Minutes held for calls from before they begin until their record (domain.md §9). state, tier, direction: numbers of their
-- enums in domain/.
CREATE TABLE reservations (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    tier SMALLINT NOT NULL,
    direction SMALLINT NOT NULL,
    state SMALLINT NOT NULL, -- 0: open
    granted_seconds BIGINT NOT NULL CHECK (granted_seconds > 0), -- extensions included; held while it is open
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT, -- NULL while it is open
    call_id BIGINT, -- whose record named it
    agent TEXT,
    campaign TEXT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX reservations_due ON reservations (expires_at) WHERE state = 0;
CREATE INDEX reservations_open ON reservations (agency_id, subaccount_id, expires_at) WHERE state = 0;

ALTER TABLE agencies ADD COLUMN hold_seconds BIGINT NOT NULL DEFAULT 300;
ALTER TABLE agencies ADD COLUMN extension_seconds BIGINT NOT NULL DEFAULT 300;
ALTER TABLE agencies ADD COLUMN hold_grace_seconds BIGINT NOT NULL DEFAULT 120;
ALTER TABLE agencies ADD COLUMN concurrency_limit BIGINT; -- calls at once of a sub-account; NULL: any number
ALTER TABLE subaccounts ADD COLUMN concurrency_limit BIGINT; -- NULL: the agency's
