// What may be wrong with renewals, their shares, payouts and jobs, likewise.

import { agency, ids, job, of, payout, plain, renewal, share, type Damage } from "./check_rows.ts";

export const renewalDamages: Damage[] = [
  {
    what: "a renewal of another fee",
    sql: `UPDATE renewals SET fee_micros = 2000000 WHERE id = ${of(renewal)}`,
    breaks: ["renewals_posted"],
    says: [ids.agency, ids.renewal, "fee 2.00", "posted fee 1.00"],
  },
  {
    what: "monthly minutes of no renewal",
    sql: `UPDATE ledger_postings SET reference_id = 77 WHERE kind = 2 AND reference_id = ${of(renewal)}`,
    breaks: ["renewals_posted"],
    says: [ids.renewal, "granted premium 120000", "granted premium 0"],
  },
  {
    what: "a renewal that distributed more than its shares",
    sql: `UPDATE renewals SET distributed_premium_seconds = distributed_premium_seconds + 1 WHERE id = ${of(renewal)}`,
    breaks: ["renewals_posted", "renewals_whole"],
    says: ["distributed premium 160001"],
  },
  {
    what: "a renewal that says how many came short, and is wrong",
    sql: `UPDATE renewals SET short_accounts = 0 WHERE id = ${of(renewal)}`,
    breaks: ["renewals_whole"],
    says: [ids.renewal, "has other sums than its shares"],
  },
  {
    what: "a renewal that is complete and says nothing of a payout",
    sql: `UPDATE renewals SET payout = 'open' WHERE id = ${of(renewal)}`,
    breaks: ["renewals_whole"],
    says: [ids.renewal, "says nothing of a payout"],
  },
  {
    what: "a renewal left behind",
    sql: `UPDATE renewals SET completed_at = NULL, payout = 'open' WHERE id = ${of(renewal)}`,
    breaks: ["renewals_whole"],
    says: [ids.renewal, "a later one began"],
  },
  {
    what: "a payout that its renewal does not know",
    sql: `UPDATE renewals SET payout = 'nothing' WHERE payout = 'scheduled'`,
    breaks: ["renewals_whole"],
    says: [ids.agency, "says of a payout what its payouts do not"],
  },
  {
    what: "a share of another size",
    sql: `UPDATE renewal_shares SET premium_seconds = premium_seconds - 1, is_short = 1 WHERE posting_id = ${of(share, "posting_id")}`,
    breaks: ["shares_posted", "renewals_whole"],
    says: [ids.renewal, ids.shareOf, "premium 79999", "posted premium 80000"],
  },
  {
    what: "a share of an account that got nothing",
    sql: `UPDATE renewal_shares SET posting_id = NULL WHERE posting_id = ${of(share, "posting_id")}`,
    breaks: ["shares_posted"],
    says: [ids.renewal, ids.shareOf],
  },
  {
    what: "a share that went to somebody else",
    sql: `UPDATE ledger_postings SET subject_id = ${of(agency, "primary_id")} WHERE id = ${of(share, "posting_id")}`,
    breaks: ["shares_posted", "renewals_posted"],
    says: [ids.renewal],
  },
  {
    what: "a payout of another amount",
    sql: `UPDATE payouts SET amount_micros = 4000000 WHERE id = ${of(payout)}`,
    breaks: ["payouts_posted", "renewals_whole"],
    says: [ids.payout, "amount 4.00", "posted 5.00", "returned 5.00"],
  },
  {
    what: "a payout that failed and did not come back",
    sql: `UPDATE ledger_postings SET kind = 14, once_key = NULL WHERE id = ${of(payout, "return_posting_id")}`,
    breaks: ["payouts_posted"],
    says: [ids.payout, "returned 0.00"],
  },
  {
    what: "a payout that arrived and came back",
    sql: `UPDATE payouts SET state = 'paid', failure = NULL, return_posting_id = NULL WHERE id = ${of(payout)}`,
    breaks: ["payouts_posted"],
    says: [ids.payout, "returned 5.00"],
  },
  {
    what: "a job that was given up for nothing",
    sql: `UPDATE jobs SET state = 'dead', last_error = NULL WHERE id = ${of(job)}`,
    breaks: ["jobs_whole"],
    says: [ids.job, "without a reason"],
  },
  {
    what: "a job that somebody has for ever",
    sql: `UPDATE jobs SET lease = 5, lease_until = NULL WHERE id = ${of(job)}`,
    breaks: ["jobs_whole"],
    says: [ids.job, "is leased for ever"],
  },
  {
    what: "an agency whose renewals nobody sees to",
    sql: `DELETE FROM jobs WHERE id = ${of(job)}`,
    breaks: ["jobs_whole"],
    says: [ids.agency, "is not there"],
  },
  {
    what: "a job of another account's agency",
    sql: `UPDATE jobs SET agency_id = ${of(plain)} WHERE id = ${of(job)}`,
    breaks: ["jobs_whole"],
    says: [ids.job, "an agency that there is not"],
  },
];
