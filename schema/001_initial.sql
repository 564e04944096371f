-- The first schema. agency_id is in every tenant table and first in its keys, so that PostgreSQL can be sharded by it.
-- Quantities: _micros are micro-dollars, _seconds seconds, _at microseconds since 1970 UTC (domain.md §1).
-- Names of enums are stored as text where people read them, as small numbers where there are millions (calls, ledger).

-- What this store is: single facts by name.
CREATE TABLE store_facts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE plans (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    model TEXT NOT NULL CHECK (model IN ('consumption', 'partner_legacy')),
    monthly_fee_micros BIGINT NOT NULL CHECK (monthly_fee_micros >= 0),
    subaccount_cap BIGINT CHECK (subaccount_cap >= 0), -- NULL: no cap
    included_basic_seconds BIGINT NOT NULL CHECK (included_basic_seconds >= 0),
    included_premium_seconds BIGINT NOT NULL CHECK (included_premium_seconds >= 0),
    included_monthly SMALLINT NOT NULL CHECK (included_monthly IN (0, 1)),
    knowledge_packs BIGINT NOT NULL CHECK (knowledge_packs >= 0),
    base_basic_micros BIGINT NOT NULL CHECK (base_basic_micros > 0),
    base_premium_micros BIGINT NOT NULL CHECK (base_premium_micros > 0),
    white_label SMALLINT NOT NULL CHECK (white_label IN (0, 1))
);

-- Those of the market's leader (domain.md §2); all of it is data that the platform edits.
INSERT INTO plans (code, name, model, monthly_fee_micros, subaccount_cap, included_basic_seconds,
                   included_premium_seconds, included_monthly, knowledge_packs, base_basic_micros,
                   base_premium_micros, white_label) VALUES
    ('agency_kickstart', 'Agency Kickstart', 'consumption', 0, 1, 0, 6000, 0, 0, 90000, 160000, 0),
    ('agency_lite', 'Agency Lite', 'consumption', 0, 3, 0, 18000, 0, 1, 90000, 160000, 0),
    ('agency_unlimited', 'Agency Unlimited', 'consumption', 0, NULL, 0, 60000, 0, 2, 90000, 160000, 1),
    ('partner_legacy', 'Partner (legacy)', 'partner_legacy', 0, NULL, 0, 120000, 1, 0, 90000, 160000, 1);

CREATE TABLE agencies (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    plan_code TEXT NOT NULL REFERENCES plans (code),
    status TEXT NOT NULL CHECK (status IN ('active', 'deleting', 'deleted')),
    deletes_at BIGINT, -- when its data goes; NULL: it stays
    erasure_step BIGINT NOT NULL DEFAULT 0, -- how far that is (store/erasure.c)
    erasure_cursor BIGINT NOT NULL DEFAULT 0,
    subscription_start TEXT NOT NULL, -- a date in the agency's zone: the billing anchor
    branding_name TEXT,
    branding_colour TEXT,
    default_basic_micros BIGINT CHECK (default_basic_micros > 0), -- NULL: base price
    default_premium_micros BIGINT CHECK (default_premium_micros > 0),
    payout_threshold_micros BIGINT NOT NULL CHECK (payout_threshold_micros >= 0),
    credit_limit_micros BIGINT CHECK (credit_limit_micros >= 0), -- NULL: no limit
    primary_id BIGINT NOT NULL,
    version BIGINT NOT NULL, -- up by one with every change to accounts, prices, status (engine/accounts.h)
    created_at BIGINT NOT NULL
);

CREATE INDEX agencies_deleting ON agencies (deletes_at) WHERE status = 'deleting';

CREATE TABLE subaccounts (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('primary', 'secondary')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'removed')),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- folded, for search and order
    email TEXT NOT NULL,
    email_key TEXT NOT NULL, -- unique among the agency's accounts that are not removed
    reference TEXT,
    suspension_note TEXT,
    suspended_at BIGINT,
    timezone TEXT, -- NULL: the agency's; for showing times only, periods are the agency's
    billing_anchor TEXT NOT NULL, -- a date in the agency's zone
    version BIGINT NOT NULL, -- the agency's version when this row or its prices changed last
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX subaccounts_one_primary ON subaccounts (agency_id) WHERE kind = 'primary';
CREATE UNIQUE INDEX subaccounts_email ON subaccounts (agency_id, email_key) WHERE status <> 'removed';
CREATE UNIQUE INDEX subaccounts_reference ON subaccounts (agency_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX subaccounts_by_name ON subaccounts (agency_id, name_key, id);
CREATE INDEX subaccounts_by_version ON subaccounts (agency_id, version);

-- Price per minute from an instant on. owner_id: the agency's own id for base prices, a sub-account's for
-- client prices, where NULL means "apply base price".
CREATE TABLE price_points (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    owner_id BIGINT NOT NULL,
    tier SMALLINT NOT NULL CHECK (tier IN (0, 1)),
    effective_at BIGINT NOT NULL,
    price_micros BIGINT CHECK (price_micros > 0),
    PRIMARY KEY (agency_id, owner_id, tier, effective_at)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE increment_points (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    effective_at BIGINT NOT NULL,
    first_seconds BIGINT NOT NULL CHECK (first_seconds BETWEEN 1 AND 3600),
    step_seconds BIGINT NOT NULL CHECK (step_seconds BETWEEN 1 AND 3600),
    PRIMARY KEY (agency_id, effective_at)
) /*sqlite WITHOUT ROWID*/;

-- People.
CREATE TABLE users (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id
    role TEXT NOT NULL CHECK (role IN ('agency_owner', 'agency_admin', 'agency_member', 'subaccount_admin',
                                       'subaccount_member')),
    reaches_all SMALLINT NOT NULL CHECK (reaches_all IN (0, 1)), -- every sub-account, also future ones
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX users_one_owner ON users (agency_id) WHERE role = 'agency_owner';

-- One address, one user, in the whole system: a small reference table, found before the agency is known.
CREATE TABLE user_emails (
    email_key TEXT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL
);

CREATE TABLE user_grants (
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    PRIMARY KEY (agency_id, user_id, subaccount_id),
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE,
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    agency_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    address TEXT,
    user_agent TEXT,
    FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_user ON sessions (agency_id, user_id, id);
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

CREATE TABLE api_keys (
    secret_hash BYTEA NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hint TEXT NOT NULL, -- the secret's last four characters, to tell keys apart
    scopes BIGINT NOT NULL, -- bit set of enum key_scope
    subaccount_id BIGINT, -- NULL: all
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_keys_by_agency ON api_keys (agency_id, id);

-- The ledger (domain.md §3). account: the number of a row of ledger.def; owner_id: a sub-account, the agency, or 0.
CREATE TABLE ledger_accounts (
    agency_id BIGINT NOT NULL,
    account SMALLINT NOT NULL,
    owner_id BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    entries BIGINT NOT NULL, -- how many there are: the last one's seq
    posted_at BIGINT NOT NULL, -- of the last one; never goes back, so that entries are in order of time too
    PRIMARY KEY (agency_id, account, owner_id)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE ledger_postings (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind SMALLINT NOT NULL, -- the number of a row of postings.def
    subject_id BIGINT NOT NULL, -- the sub-account that it is about
    reference_id BIGINT, -- what caused it: a purchase, ...
    once_key BIGINT, -- what makes it happen once
    user_id BIGINT,
    api_key_id BIGINT,
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX ledger_postings_once ON ledger_postings (agency_id, kind, once_key) WHERE once_key IS NOT NULL;

CREATE TABLE ledger_entries (
    agency_id BIGINT NOT NULL,
    account SMALLINT NOT NULL,
    owner_id BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, 3 … within the account
    posting_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL, -- after it
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, account, owner_id, seq)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE purchases (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    tier SMALLINT NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('manual', 'stripe')),
    state TEXT NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds > 0),
    paid_micros BIGINT NOT NULL CHECK (paid_micros >= 0),
    unit_price_micros BIGINT NOT NULL CHECK (unit_price_micros > 0),
    base_price_micros BIGINT NOT NULL CHECK (base_price_micros > 0),
    profit_micros BIGINT, -- once succeeded
    posting_id BIGINT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    succeeded_at BIGINT,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id, subaccount_id) REFERENCES subaccounts (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX purchases_by_subaccount ON purchases (agency_id, subaccount_id, id);
CREATE INDEX purchases_by_success ON purchases (agency_id, succeeded_at) WHERE succeeded_at IS NOT NULL;
CREATE INDEX purchases_by_subaccount_success ON purchases (agency_id, subaccount_id, succeeded_at)
    WHERE succeeded_at IS NOT NULL;

-- Where call records come from: names interned, as millions of calls repeat them.
CREATE TABLE call_sources (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL, -- 1, 2, 3 … within the agency
    name TEXT NOT NULL,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX call_sources_by_name ON call_sources (agency_id, name);

-- tier, direction, status: numbers of their enums in domain/.
CREATE TABLE calls (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL, -- whose call it was
    charged_id BIGINT NOT NULL, -- whose wallet paid: the same, or the primary for a removed account (late)
    source_id BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    fingerprint BIGINT NOT NULL, -- of the content: tells a duplicate from a conflict
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
    posting_id BIGINT, -- NULL: nothing to charge
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
    recording_url TEXT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX calls_identity ON calls (agency_id, source_id, external_id);
CREATE INDEX calls_by_start ON calls (agency_id, started_at, id);
CREATE INDEX calls_by_subaccount ON calls (agency_id, subaccount_id, started_at, id);

-- Usage by the hour in which calls started; subaccount_id 0 holds the agency's sums. hour_at: the hour's first instant.
CREATE TABLE usage_hours (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    hour_at BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    inbound BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    voicemail BIGINT NOT NULL,
    no_answer BIGINT NOT NULL,
    busy BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    canceled BIGINT NOT NULL,
    transferred BIGINT NOT NULL,
    talk_seconds BIGINT NOT NULL,
    basic_seconds BIGINT NOT NULL, -- billed
    premium_seconds BIGINT NOT NULL,
    spent_micros BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    PRIMARY KEY (agency_id, subaccount_id, hour_at)
) /*sqlite WITHOUT ROWID*/;

-- Usage by billing period of each sub-account (domain.md §10).
CREATE TABLE usage_periods (
    agency_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    billed_seconds BIGINT NOT NULL,
    spent_micros BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    PRIMARY KEY (agency_id, subaccount_id, start_at)
) /*sqlite WITHOUT ROWID*/;

-- What was answered to a POST under its Idempotency-Key, in the same commit as its effect.
CREATE TABLE idempotency_keys (
    agency_id BIGINT NOT NULL,
    caller_id BIGINT NOT NULL, -- a user or an API key: nobody sees another's replies
    idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL, -- of method, path and body
    status BIGINT NOT NULL,
    content_type TEXT,
    reply TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, caller_id, idempotency_key)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE audit_events (
    agency_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    user_id BIGINT,
    api_key_id BIGINT,
    actor_name TEXT NOT NULL, -- as it was then
    target_kind TEXT NOT NULL,
    target_id BIGINT NOT NULL,
    address TEXT,
    user_agent TEXT,
    request_id TEXT,
    before_json TEXT,
    after_json TEXT,
    seq BIGINT NOT NULL, -- 1, 2, 3 … within the agency
    hash BYTEA NOT NULL, -- over the one before it and this one (domain/audit.h)
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX audit_events_by_action ON audit_events (agency_id, action, id);
CREATE INDEX audit_events_by_target ON audit_events (agency_id, target_id, id);
CREATE UNIQUE INDEX audit_events_chain ON audit_events (agency_id, seq);

-- The end of each agency's chain of events.
CREATE TABLE audit_heads (
    agency_id BIGINT NOT NULL PRIMARY KEY REFERENCES agencies (id),
    events BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
