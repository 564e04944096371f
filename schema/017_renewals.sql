-- Renewals (domain.md §§5, 10, 11): what happened to an agency at the start of each of its cycles, once for each.
ALTER TABLE plans ADD COLUMN distribution_basic_seconds BIGINT NOT NULL DEFAULT 0 CHECK (distribution_basic_seconds >= 0);
ALTER TABLE plans ADD COLUMN distribution_premium_seconds BIGINT NOT NULL DEFAULT 0 CHECK (distribution_premium_seconds >= 0);
UPDATE plans SET distribution_premium_seconds = 12000 WHERE code = 'partner_legacy';

-- The number of the last cycle that was renewed, counted from the anchor's own, 0; NULL: not known yet, the one of now.
ALTER TABLE agencies ADD COLUMN renewed_cycle BIGINT;
ALTER TABLE agencies ADD COLUMN payout_connected SMALLINT NOT NULL DEFAULT 0 CHECK (payout_connected IN (0, 1));

-- Seconds to each secondary account, from the first renewal that begins then or later; without one the plan's count.
CREATE TABLE distribution_changes (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    changed_at BIGINT NOT NULL,
    basic_seconds BIGINT NOT NULL CHECK (basic_seconds >= 0),
    premium_seconds BIGINT NOT NULL CHECK (premium_seconds >= 0),
    changed_by BIGINT, -- a user
    PRIMARY KEY (agency_id, changed_at)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE renewals (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    cycle BIGINT NOT NULL CHECK (cycle > 0), -- counted from the anchor's own, 0
    start_at BIGINT NOT NULL, -- of the cycle that begins
    end_at BIGINT NOT NULL CHECK (end_at > start_at),
    plan_code TEXT NOT NULL REFERENCES plans (code), -- that counts from then on
    fee_micros BIGINT NOT NULL CHECK (fee_micros >= 0),
    granted_basic_seconds BIGINT NOT NULL CHECK (granted_basic_seconds >= 0), -- to the primary
    granted_premium_seconds BIGINT NOT NULL CHECK (granted_premium_seconds >= 0),
    each_basic_seconds BIGINT NOT NULL CHECK (each_basic_seconds >= 0), -- was to go to each secondary account
    each_premium_seconds BIGINT NOT NULL CHECK (each_premium_seconds >= 0),
    accounts BIGINT NOT NULL CHECK (accounts >= 0), -- how many there were
    distributed_basic_seconds BIGINT NOT NULL,
    distributed_premium_seconds BIGINT NOT NULL,
    short_accounts BIGINT NOT NULL CHECK (short_accounts BETWEEN 0 AND accounts), -- for which there was too little
    payout TEXT NOT NULL CHECK (payout IN ('open', 'nothing', 'below_threshold', 'not_connected', 'scheduled')),
    payable_micros BIGINT NOT NULL CHECK (payable_micros >= 0), -- what could have been paid out, or was
    started_at BIGINT NOT NULL,
    completed_at BIGINT, -- NULL: it is still being distributed
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX renewals_once ON renewals (agency_id, cycle);

-- What each secondary account got of a renewal, 0 where the primary had too little left.
CREATE TABLE renewal_shares (
    agency_id BIGINT NOT NULL,
    renewal_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    basic_seconds BIGINT NOT NULL CHECK (basic_seconds >= 0),
    premium_seconds BIGINT NOT NULL CHECK (premium_seconds >= 0),
    is_short SMALLINT NOT NULL CHECK (is_short IN (0, 1)), -- less than each was to get
    posting_id BIGINT, -- NULL: it got nothing
    PRIMARY KEY (agency_id, renewal_id, subaccount_id)
) /*sqlite WITHOUT ROWID*/;

-- Profit on its way to an agency (domain.md §11).
CREATE TABLE payouts (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    amount_micros BIGINT NOT NULL CHECK (amount_micros > 0),
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'in_transit', 'paid', 'failed')),
    renewal_id BIGINT NOT NULL, -- at which it was made
    posting_id BIGINT NOT NULL,
    return_posting_id BIGINT, -- once failed: the money is profit again
    failure TEXT, -- why
    created_at BIGINT NOT NULL,
    settled_at BIGINT, -- paid or failed
    settled_by BIGINT, -- one of the platform's staff
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX payouts_by_id ON payouts (id);
CREATE INDEX payouts_by_renewal ON payouts (agency_id, renewal_id);

-- Every agency that is there renews: the first run finds out when. Agencies' ids are no other job's.
INSERT INTO jobs (agency_id, id, kind, subject_id, state, goes_outside, due_at, tries, step, cursor, posts, created_at)
    SELECT id, id, 'renewal', id, 'waiting', 0, created_at, 0, 0, 0, 1, created_at FROM agencies WHERE status <> 'deleted';
