-- Plans that the platform edits and agencies change between (domain.md §2).
ALTER TABLE plans ADD COLUMN offered SMALLINT NOT NULL DEFAULT 1 CHECK (offered IN (0, 1)); -- agencies may change to it
UPDATE plans SET offered = 0 WHERE model = 'partner_legacy';

-- The plan that counts from an instant on, the agency's renewal; both NULL: no change is ordered.
ALTER TABLE agencies ADD COLUMN next_plan_code TEXT REFERENCES plans (code);
ALTER TABLE agencies ADD COLUMN next_plan_at BIGINT;
CREATE INDEX agencies_by_plan ON agencies (plan_code, id);
CREATE INDEX agencies_by_next_plan ON agencies (next_plan_code, id) WHERE next_plan_code IS NOT NULL;

-- Which plans an agency has been on, and since when first: what a plan includes once is granted with this row.
CREATE TABLE plan_starts (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    plan_code TEXT NOT NULL REFERENCES plans (code),
    started_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, plan_code)
) /*sqlite WITHOUT ROWID*/;
INSERT INTO plan_starts (agency_id, plan_code, started_at) SELECT id, plan_code, created_at FROM agencies;

-- The platform's own trail: what was done to a plan, and what it was before and after.
ALTER TABLE platform_events ADD COLUMN target TEXT; -- a plan's code; NULL: the account of user_id
ALTER TABLE platform_events ADD COLUMN before_json TEXT;
ALTER TABLE platform_events ADD COLUMN after_json TEXT;
