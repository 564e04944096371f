-- SQLite keeps a table by its row number, and fills its pages when rows come in their order; one by a key of several columns it
-- leaves an eighth of every page empty. Calls come in the order of their ids, which are unique over all agencies.
-- PostgreSQL's tables have no such order.
/*sqlite CREATE TABLE calls_by_id (
    agency_id BIGINT NOT NULL,
    id INTEGER PRIMARY KEY,
    subaccount_id BIGINT NOT NULL,
    charged_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    fingerprint BIGINT NOT NULL,
    tier SMALLINT NOT NULL,
    direction SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    started_at BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at BIGINT,
    duration_seconds BIGINT NOT NULL CHECK (duration_seconds >= 0),
    billed_seconds BIGINT NOT NULL CHECK (billed_seconds >= 0),
    price_micros BIGINT NOT NULL,
    base_price_micros BIGINT NOT NULL,
    posting_id BIGINT,
    recorded_at BIGINT NOT NULL,
    reservation TEXT,
    agent TEXT,
    project TEXT,
    campaign TEXT,
    contact TEXT,
    from_number TEXT,
    to_number TEXT,
    outcome TEXT,
    sentiment TEXT,
    summary TEXT,
    recording_url TEXT
);
INSERT INTO calls_by_id (id, agency_id, subaccount_id, charged_id, source_id, external_id, fingerprint, tier, direction,
                         status, started_at, answered_at, ended_at, duration_seconds, billed_seconds, price_micros,
                         base_price_micros, posting_id, recorded_at, reservation, agent, project, campaign, contact,
                         from_number, to_number, outcome, sentiment, summary, recording_url)
    SELECT id, agency_id, subaccount_id, charged_id, source_id, external_id, fingerprint, tier, direction, status,
           started_at, answered_at, ended_at, duration_seconds, billed_seconds, price_micros, base_price_micros, posting_id,
           recorded_at, reservation, agent, project, campaign, contact, from_number, to_number, outcome, sentiment, summary,
           recording_url
    FROM calls ORDER BY id;
DROP TABLE calls;
ALTER TABLE calls_by_id RENAME TO calls;
CREATE UNIQUE INDEX calls_identity ON calls (agency_id, source_id, external_id);
CREATE INDEX calls_by_start ON calls (agency_id, started_at);
CREATE INDEX calls_by_subaccount ON calls (agency_id, subaccount_id, started_at);
*/
-- Erasing now walks over an agency's calls by when they started; where it is under way it begins again.
UPDATE agencies SET erasure_cursor = 0;
