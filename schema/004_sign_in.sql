-- Signing in: second factors, links by mail, changes of address, known devices (domain.md §12).
ALTER TABLE agencies ADD COLUMN two_factor_required SMALLINT NOT NULL DEFAULT 0
    CHECK (two_factor_required IN (0, 1));
ALTER TABLE users ADD COLUMN two_factor_at BIGINT; -- since when it is asked for; NULL: it is not

-- Secrets of authenticator apps, sealed (base/seal.h): the one in force, and one that waits for its first code.
CREATE TABLE user_totp (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    sealed BYTEA, -- NULL: none is in force yet
    last_step BIGINT NOT NULL, -- the newest time step whose code was used: each counts once
    pending_sealed BYTEA,
    pending_at BIGINT,
    PRIMARY KEY (agency_id, user_id),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
) /*sqlite WITHOUT ROWID*/;

-- A row goes when its code was used.
CREATE TABLE recovery_codes (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (agency_id, user_id, code_hash),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
) /*sqlite WITHOUT ROWID*/;

-- Where somebody has signed in from, as far as it tells one device from another.
CREATE TABLE known_devices (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    device BIGINT NOT NULL, -- a hash of network and browser
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, user_id, device),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
) /*sqlite WITHOUT ROWID*/;

-- Links by mail: of each purpose a user's newest one alone, as a hash; gone when it was used.
CREATE TABLE user_links (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset_password', 'confirm_old_email', 'confirm_new_email')),
    asked_at BIGINT NOT NULL, -- when its mail was ordered last
    token_hash BYTEA, -- NULL: no mail was sent yet
    expires_at BIGINT,
    PRIMARY KEY (agency_id, user_id, purpose),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX user_links_token ON user_links (token_hash) WHERE token_hash IS NOT NULL;

CREATE INDEX user_emails_by_user ON user_emails (agency_id, user_id);

-- "I forgot my password", whoever it was and whether or not there is such a user: answered a moment later.
CREATE TABLE password_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    email_key TEXT NOT NULL,
    address TEXT, -- where it came from
    asked_at BIGINT NOT NULL
);

-- A new address to sign in with, until both addresses have confirmed it.
CREATE TABLE email_changes (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    old_confirmed_at BIGINT,
    new_confirmed_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, user_id),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
) /*sqlite WITHOUT ROWID*/;
