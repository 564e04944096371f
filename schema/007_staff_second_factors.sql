-- Second factors of the platform's staff, in the tables of everybody's: agency_id 0 is the staff, as in user_emails, so
-- these rows refer to users or to platform_users, and no foreign key can say which. Whoever deletes a user deletes them.
ALTER TABLE platform_users ADD COLUMN two_factor_at BIGINT; -- since when it is asked for; NULL: it is not

CREATE TABLE user_totp_of_all (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    sealed BYTEA, -- NULL: none is in force yet
    last_step BIGINT NOT NULL, -- the newest time step whose code was used: each counts once
    pending_sealed BYTEA,
    pending_at BIGINT,
    PRIMARY KEY (agency_id, user_id)
) /*sqlite WITHOUT ROWID*/;
INSERT INTO user_totp_of_all (agency_id, user_id, sealed, last_step, pending_sealed, pending_at)
    SELECT agency_id, user_id, sealed, last_step, pending_sealed, pending_at FROM user_totp;
DROP TABLE user_totp;
ALTER TABLE user_totp_of_all RENAME TO user_totp;

CREATE TABLE recovery_codes_of_all (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (agency_id, user_id, code_hash)
) /*sqlite WITHOUT ROWID*/;
INSERT INTO recovery_codes_of_all (agency_id, user_id, code_hash)
    SELECT agency_id, user_id, code_hash FROM recovery_codes;
DROP TABLE recovery_codes;
ALTER TABLE recovery_codes_of_all RENAME TO recovery_codes;
