-- Changes of what an agency has earned, each with the sums so far, of the agency and of the sub-account: what was earned
-- between two instants is the difference of two rows, however many lie between them. Written with the posting; a payout
-- changes nothing of what was earned.
CREATE TABLE profit_changes (
    agency_id BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, 3 … within the agency
    posting_id BIGINT NOT NULL,
    subaccount_id BIGINT NOT NULL, -- whose purchase it was
    purchase_id BIGINT,
    payable_micros BIGINT NOT NULL, -- markup on money that the platform collected
    collected_micros BIGINT NOT NULL, -- markup on money that the agency collected itself
    agency_payable_micros BIGINT NOT NULL, -- sums so far, with this one
    agency_collected_micros BIGINT NOT NULL,
    subaccount_payable_micros BIGINT NOT NULL,
    subaccount_collected_micros BIGINT NOT NULL,
    posted_at BIGINT NOT NULL, -- never goes back, so that seq is in order of time too
    PRIMARY KEY (agency_id, seq)
) /*sqlite WITHOUT ROWID*/;

INSERT INTO profit_changes (agency_id, seq, posting_id, subaccount_id, purchase_id, payable_micros, collected_micros,
                            agency_payable_micros, agency_collected_micros, subaccount_payable_micros,
                            subaccount_collected_micros, posted_at)
    SELECT agency_id, ROW_NUMBER() OVER (PARTITION BY agency_id ORDER BY posted_at, id), id, subject_id,
           CASE WHEN kind = 1 THEN reference_id END, payable, collected,
           SUM(payable) OVER (PARTITION BY agency_id ORDER BY posted_at, id),
           SUM(collected) OVER (PARTITION BY agency_id ORDER BY posted_at, id),
           SUM(payable) OVER (PARTITION BY agency_id, subject_id ORDER BY posted_at, id),
           SUM(collected) OVER (PARTITION BY agency_id, subject_id ORDER BY posted_at, id), posted_at
    FROM (SELECT p.agency_id, p.id, p.kind, p.subject_id, p.reference_id, MAX(e.posted_at) AS posted_at,
                 SUM(CASE WHEN e.account IN (5, 9) THEN e.amount ELSE 0 END) AS payable,
                 SUM(CASE WHEN e.account = 6 THEN e.amount ELSE 0 END) AS collected
          FROM ledger_entries e JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id
          WHERE e.account IN (5, 6, 9) -- profit, collected, payouts
          GROUP BY p.agency_id, p.id, p.kind, p.subject_id, p.reference_id) AS earned
    WHERE payable <> 0 OR collected <> 0;

CREATE INDEX profit_changes_by_time ON profit_changes (agency_id, posted_at, seq);
CREATE UNIQUE INDEX profit_changes_by_subaccount ON profit_changes (agency_id, subaccount_id, seq);
CREATE INDEX profit_changes_by_purchase ON profit_changes (agency_id, purchase_id, seq) WHERE purchase_id IS NOT NULL;
