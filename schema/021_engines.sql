-- Voice engines that report calls by webhook. What must be read again is sealed (base/seal.h): the secret that the engine
-- signs with, and the token in the URL, by whose hash a delivery finds its connection.
CREATE TABLE engine_connections (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    token_hash BYTEA NOT NULL,
    token_sealed BYTEA NOT NULL,
    secret_sealed BYTEA, -- NULL: the URL alone is the secret
    name TEXT NOT NULL,
    engine TEXT NOT NULL, -- domain/adapters.h
    tier SMALLINT NOT NULL, -- of calls that do not say theirs
    fallback_id BIGINT, -- whose calls are that nothing else tells; NULL: they wait
    mapping TEXT, -- JSON; NULL: the engine's own
    created_by BIGINT, -- a user
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX engine_connections_by_token ON engine_connections (token_hash);

-- Whose calls are that have this key: a number, an assistant.
CREATE TABLE engine_rules (
    agency_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    rule_key TEXT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, connection_id, rule_key)
) /*sqlite WITHOUT ROWID*/;

-- Everything that was taken: a call was charged for it, it was known already, it waits, or somebody dismissed it.
CREATE TABLE engine_deliveries (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    delivery_key TEXT NOT NULL, -- what the same delivery has again
    state SMALLINT NOT NULL, -- engine/deliveries.h; 0: it waits
    payload TEXT, -- as JSON; NULL once there is a call
    reason TEXT, -- why it waits
    field TEXT,
    detail TEXT,
    external_id TEXT, -- what is known of the call
    started_at BIGINT,
    duration_seconds BIGINT,
    from_number TEXT,
    to_number TEXT,
    keys TEXT, -- a JSON array
    received_at BIGINT NOT NULL,
    repeats BIGINT NOT NULL,
    call_id BIGINT,
    settled_by BIGINT, -- a user
    settled_at BIGINT, -- NULL while it waits
    note TEXT, -- why it was dismissed
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX engine_deliveries_by_key ON engine_deliveries (agency_id, connection_id, delivery_key);
CREATE INDEX engine_deliveries_waiting ON engine_deliveries (agency_id, id) WHERE state = 0;
