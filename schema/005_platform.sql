-- The platform's own staff, outside every agency (domain.md §2): never mixed with agencies' users. Only their addresses
-- are in user_emails, under agency_id 0, as one address signs in one person of the whole system.
CREATE TABLE platform_users (
    id BIGINT NOT NULL PRIMARY KEY, -- rows are never deleted: postings and audit events name them by it
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT
);

CREATE TABLE platform_sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY, -- another one with every entering and leaving
    id BIGINT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES platform_users (id) ON DELETE CASCADE,
    entered_agency_id BIGINT REFERENCES agencies (id) ON DELETE SET NULL, -- NULL: outside every agency
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    address TEXT,
    user_agent TEXT
);
CREATE INDEX platform_sessions_by_user ON platform_sessions (user_id, id);
CREATE INDEX platform_sessions_by_last_seen ON platform_sessions (last_seen_at);

-- What platform admins did to their own accounts; what they do to an agency is in that agency's trail.
CREATE TABLE platform_events (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    user_id BIGINT NOT NULL, -- whose account
    address TEXT, -- NULL: by the command line
    user_agent TEXT,
    request_id TEXT
);
