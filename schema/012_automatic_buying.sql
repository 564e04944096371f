-- What accounts buy by themselves (domain.md §5): auto-recharge, and the agency's monthly auto-allocation.
CREATE TABLE auto_recharges (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    enabled SMALLINT NOT NULL CHECK (enabled IN (0, 1)),
    threshold_micros BIGINT CHECK (threshold_micros >= 0),
    amount_micros BIGINT CHECK (amount_micros > 0),
    tier SMALLINT CHECK (tier IN (0, 1)),
    purchase_id BIGINT, -- in flight: one row, so one at a time
    waits_until BIGINT, -- buys nothing before
    failures BIGINT NOT NULL CHECK (failures >= 0), -- in a row
    failure TEXT, -- the code of the last one
    turned_off_at BIGINT, -- because of them
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, subaccount_id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id),
    CHECK (enabled = 0 OR (threshold_micros IS NOT NULL AND amount_micros IS NOT NULL AND tier IS NOT NULL))
) /*sqlite WITHOUT ROWID*/;

-- Months are counted: year * 12 + month - 1, of the agency's zone.
CREATE TABLE auto_allocations (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    enabled SMALLINT NOT NULL CHECK (enabled IN (0, 1)),
    basic_seconds BIGINT NOT NULL CHECK (basic_seconds >= 0),
    premium_seconds BIGINT NOT NULL CHECK (premium_seconds >= 0),
    day BIGINT NOT NULL CHECK (day BETWEEN 1 AND 31),
    next_month BIGINT, -- of the next run; NULL while it is off
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, subaccount_id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id),
    CHECK (enabled = 0 OR (next_month IS NOT NULL AND basic_seconds + premium_seconds > 0))
) /*sqlite WITHOUT ROWID*/;

-- One a month and account, with the figures that were set when it came due.
CREATE TABLE allocation_runs (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'processing', 'succeeded', 'skipped', 'retrying', 'past_due')),
    basic_seconds BIGINT NOT NULL CHECK (basic_seconds >= 0),
    premium_seconds BIGINT NOT NULL CHECK (premium_seconds >= 0),
    due_at BIGINT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    reason TEXT, -- of a skip, or the code of the last failure
    retry_at BIGINT,
    settled_at BIGINT,
    PRIMARY KEY (agency_id, subaccount_id, month),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id),
    CHECK (basic_seconds + premium_seconds > 0),
    CHECK ((retry_at IS NOT NULL) = (state = 'retrying')),
    CHECK ((settled_at IS NOT NULL) = (state IN ('succeeded', 'skipped', 'past_due')))
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX allocation_runs_open ON allocation_runs (agency_id, subaccount_id, month) WHERE settled_at IS NULL;
CREATE INDEX allocation_runs_past_due ON allocation_runs (agency_id, subaccount_id, month) WHERE state = 'past_due';
