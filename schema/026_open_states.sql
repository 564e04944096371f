-- The same two keys, said so that SQLite tells whether a purchase is in them by comparing. For a list of three states it makes
-- a table of them for each row that is written, which took a sixth of the time of a purchase.
/*sqlite DROP INDEX purchases_one_recharge;
DROP INDEX purchases_one_allocation;
CREATE UNIQUE INDEX purchases_one_recharge ON purchases (agency_id, subaccount_id)
    WHERE origin = 'auto_recharge' AND (state = 'pending' OR state = 'processing' OR state = 'requires_action');
CREATE UNIQUE INDEX purchases_one_allocation ON purchases (agency_id, subaccount_id, tier)
    WHERE origin = 'auto_allocation' AND (state = 'pending' OR state = 'processing' OR state = 'requires_action');
*/
