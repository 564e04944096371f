-- What must happen outside (architecture.md "Jobs and the outbox"): a row in the transaction of its cause, carried out
-- by whichever node leases it. Rows name ids and hold no secret: a mail's link is made when it is sent.
CREATE TABLE outbox (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    id BIGINT NOT NULL,
    kind TEXT NOT NULL, -- who carries it out: 'mail'
    template TEXT NOT NULL, -- domain/mail.def
    once_key TEXT NOT NULL, -- names the cause, so that it is posted once
    user_id BIGINT, -- to whom, at the address of that time; NULL: address, or what about_id names has one
    address TEXT,
    about_id BIGINT, -- whom or what it is about, as the template says
    by_id BIGINT, -- the user who caused it
    detail TEXT,
    due_at BIGINT, -- when what it announces happens
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'dropped')),
    tries BIGINT NOT NULL, -- also tells the newest lease from those that ran out
    next_try_at BIGINT NOT NULL, -- not before; while somebody tries, when their lease runs out
    give_up_at BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX outbox_once ON outbox (agency_id, kind, once_key);
CREATE INDEX outbox_about ON outbox (agency_id, about_id, id) WHERE about_id IS NOT NULL;
CREATE INDEX outbox_due ON outbox (kind, next_try_at) WHERE state = 'waiting';
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (kind) WHERE state = 'failed';
