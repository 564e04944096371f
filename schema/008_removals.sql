-- What hangs on a sub-account is found by it when it is removed (domain.md §8).
CREATE INDEX user_grants_by_subaccount ON user_grants (agency_id, subaccount_id);
CREATE INDEX invitation_grants_by_subaccount ON invitation_grants (agency_id, subaccount_id);
CREATE INDEX api_keys_by_subaccount ON api_keys (agency_id, subaccount_id) WHERE subaccount_id IS NOT NULL;
