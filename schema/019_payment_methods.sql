-- Cards that a sub-account's purchases are paid with. Of a card only what people tell it by, and the processor's name for
-- it; rows stay when they are removed, as purchases name them.
CREATE TABLE payment_methods (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('stripe', 'test')),
    token TEXT NOT NULL, -- what the processor calls the card
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL,
    exp_year BIGINT NOT NULL,
    exp_month BIGINT NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
    is_default SMALLINT NOT NULL CHECK (is_default IN (0, 1)), -- what automatic purchases are paid with
    created_by BIGINT, -- a user
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX payment_methods_by_subaccount ON payment_methods (agency_id, subaccount_id, id) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX payment_methods_default ON payment_methods (agency_id, subaccount_id)
    WHERE is_default = 1 AND removed_at IS NULL;
