-- Invitations (domain.md §13). The link's token is kept as a hash only; the id opens nothing.
CREATE TABLE invitations (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agency_admin', 'agency_member', 'subaccount_admin', 'subaccount_member')),
    reaches_all SMALLINT NOT NULL CHECK (reaches_all IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked')),
    token_hash BYTEA NOT NULL, -- of the newest link: older ones are forgotten
    invited_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    settled_at BIGINT, -- accepted or revoked
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE UNIQUE INDEX invitations_pending ON invitations (agency_id, email_key) WHERE state = 'pending';

CREATE TABLE invitation_grants (
    agency_id BIGINT NOT NULL,
    invitation_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    PRIMARY KEY (agency_id, invitation_id, subaccount_id),
    FOREIGN KEY (agency_id, invitation_id) REFERENCES invitations (agency_id, id) ON DELETE CASCADE,
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;

CREATE INDEX api_keys_by_maker ON api_keys (agency_id, created_by);
