-- Knowledge credits (domain.md §§3, 8): what a plan asks for one more, and those that moved between sub-accounts. What
-- plans granted and what was bought is in the ledger alone.
ALTER TABLE plans ADD COLUMN knowledge_price_micros BIGINT CHECK (knowledge_price_micros > 0); -- NULL: none are sold

CREATE TABLE knowledge_transfers (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    from_id BIGINT NOT NULL, -- sub-accounts
    to_id BIGINT NOT NULL CHECK (to_id <> from_id),
    credits BIGINT NOT NULL CHECK (credits > 0),
    posting_id BIGINT NOT NULL,
    created_by BIGINT, -- a user
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX knowledge_transfers_from ON knowledge_transfers (agency_id, from_id, id);
CREATE INDEX knowledge_transfers_to ON knowledge_transfers (agency_id, to_id, id);
