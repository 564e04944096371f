-- Work that time causes (docs/how-it-works.md "Jobs"): what it does and the row that says it is to be done change in one
-- transaction. What is done is gone from here; one row for each kind and subject.
CREATE TABLE jobs (
    agency_id BIGINT NOT NULL, -- 0: the platform's own
    id BIGINT NOT NULL,
    kind TEXT NOT NULL, -- domain/jobs.def
    subject_id BIGINT NOT NULL, -- what it is about, as the kind says
    state TEXT NOT NULL CHECK (state IN ('waiting', 'dead')), -- dead: given up, until somebody tries it again
    goes_outside SMALLINT NOT NULL CHECK (goes_outside IN (0, 1)), -- between two transactions
    due_at BIGINT NOT NULL,
    lease BIGINT, -- of whoever is outside with it
    lease_until BIGINT, -- nobody takes it before; without a lease: it rests so long
    tries BIGINT NOT NULL, -- that failed in a row
    last_error TEXT, -- of the last one
    step BIGINT NOT NULL, -- how far it is, where it is done in bites: the kind's own
    cursor BIGINT NOT NULL,
    posts BIGINT NOT NULL, -- up by one each time it is asked for: a post while somebody is outside is not lost
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX jobs_once ON jobs (agency_id, kind, subject_id);
CREATE INDEX jobs_due ON jobs (goes_outside, due_at) WHERE state = 'waiting';
CREATE INDEX jobs_by_id ON jobs (id);
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
