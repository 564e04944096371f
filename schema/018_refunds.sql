-- What comes after buying (domain.md §5): payment by card, refunds and lost disputes, minutes adjusted or given.
-- Purchases are laid anew for another provider and what paying by card needs.
CREATE TABLE purchases_by_card (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    tier SMALLINT NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('manual', 'stripe', 'test')),
    origin TEXT NOT NULL CHECK (origin IN ('direct', 'auto_recharge', 'auto_allocation')),
    state TEXT NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds > 0),
    paid_micros BIGINT NOT NULL CHECK (paid_micros >= 0),
    unit_price_micros BIGINT NOT NULL CHECK (unit_price_micros > 0),
    base_price_micros BIGINT NOT NULL CHECK (base_price_micros > 0),
    profit_micros BIGINT, -- once succeeded
    payer_id BIGINT, -- the sub-account whose card pays; NULL: the money arrives outside
    payment_method_id BIGINT, -- that card; it may be removed meanwhile
    charge_reference TEXT, -- what the provider calls the charge
    failure TEXT, -- why the card was not charged, or what it still needs
    refunded_seconds BIGINT NOT NULL CHECK (refunded_seconds BETWEEN 0 AND seconds),
    refunded_micros BIGINT NOT NULL CHECK (refunded_micros BETWEEN 0 AND paid_micros),
    disputed_at BIGINT, -- when a dispute was lost
    posting_id BIGINT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    succeeded_at BIGINT,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
INSERT INTO purchases_by_card (agency_id, id, subaccount_id, tier, provider, origin, state, seconds, paid_micros,
                               unit_price_micros, base_price_micros, profit_micros, refunded_seconds, refunded_micros,
                               posting_id, created_by, created_at, succeeded_at)
    SELECT agency_id, id, subaccount_id, tier, provider, 'direct', state, seconds, paid_micros,
           unit_price_micros, base_price_micros, profit_micros, 0, 0, posting_id, created_by, created_at, succeeded_at
    FROM purchases;
DROP TABLE purchases;
ALTER TABLE purchases_by_card RENAME TO purchases;
CREATE INDEX purchases_by_subaccount ON purchases (agency_id, subaccount_id, id);
CREATE INDEX purchases_by_success ON purchases (agency_id, succeeded_at) WHERE succeeded_at IS NOT NULL;
CREATE INDEX purchases_by_subaccount_success ON purchases (agency_id, subaccount_id, succeeded_at)
    WHERE succeeded_at IS NOT NULL;

-- Minutes given back for money given back: a refund, or a payment that was lost in a dispute.
CREATE TABLE refunds (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('refund', 'dispute')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
    tier SMALLINT NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds >= 0),
    amount_micros BIGINT NOT NULL CHECK (amount_micros >= 0), -- what goes back to who paid, whole cents
    base_micros BIGINT NOT NULL,
    profit_micros BIGINT NOT NULL, -- markup that was earned and is not any more
    failure TEXT, -- why the provider refused it
    posting_id BIGINT NOT NULL,
    return_posting_id BIGINT, -- of a refund that failed: everything as before it
    created_by BIGINT, -- a user
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id, purchase_id) REFERENCES purchases (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX refunds_by_purchase ON refunds (agency_id, purchase_id, id);
CREATE UNIQUE INDEX refunds_pending ON refunds (agency_id, purchase_id) WHERE state = 'pending';
CREATE INDEX refunds_by_time ON refunds (agency_id, created_at);
CREATE INDEX refunds_by_subaccount_time ON refunds (agency_id, subaccount_id, created_at);

-- Minutes that somebody gave or took by hand: the agency's people at the agency's cost, the platform's staff for nothing.
CREATE TABLE adjustments (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    by_platform SMALLINT NOT NULL CHECK (by_platform IN (0, 1)),
    tier SMALLINT NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds <> 0), -- below zero: taken
    base_price_micros BIGINT NOT NULL,
    credit_micros BIGINT NOT NULL, -- what the agency's credit changed by
    reason TEXT NOT NULL,
    posting_id BIGINT NOT NULL,
    created_by BIGINT, -- a user, or one of the platform's staff
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX adjustments_by_subaccount ON adjustments (agency_id, subaccount_id, id);
