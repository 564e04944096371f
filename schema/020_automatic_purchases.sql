-- What is bought by itself, once at a time: the rows themselves are what makes it so.
CREATE UNIQUE INDEX purchases_one_recharge ON purchases (agency_id, subaccount_id)
    WHERE origin = 'auto_recharge' AND state IN ('pending', 'processing', 'requires_action');
CREATE UNIQUE INDEX purchases_one_allocation ON purchases (agency_id, subaccount_id, tier)
    WHERE origin = 'auto_allocation' AND state IN ('pending', 'processing', 'requires_action');
CREATE INDEX purchases_recharges ON purchases (agency_id, subaccount_id, created_at) WHERE origin = 'auto_recharge';
CREATE INDEX auto_recharges_failing ON auto_recharges (agency_id, subaccount_id) WHERE failures > 0;

-- One try at one tier of an account's month.
CREATE TABLE allocation_purchases (
    agency_id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    tier SMALLINT NOT NULL CHECK (tier IN (0, 1)),
    PRIMARY KEY (agency_id, purchase_id),
    FOREIGN KEY (agency_id, purchase_id) REFERENCES purchases (agency_id, id),
    FOREIGN KEY (agency_id, subaccount_id, month) REFERENCES allocation_runs (agency_id, subaccount_id, month)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX allocation_purchases_by_run ON allocation_purchases (agency_id, subaccount_id, month, purchase_id);
