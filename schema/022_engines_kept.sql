-- How the URL named the account that a delivery is of: what is assigned later must know it as what arrives does.
ALTER TABLE engine_deliveries ADD COLUMN named TEXT; -- NULL: the URL does not say

-- What is settled goes after a while.
CREATE INDEX engine_deliveries_settled ON engine_deliveries (settled_at) WHERE settled_at IS NOT NULL;
