-- Base prices that the platform orders for a plan, from an instant on (domain.md §4). What has counted stays as it was.
CREATE TABLE base_price_changes (
    id BIGINT NOT NULL PRIMARY KEY,
    plan_code TEXT NOT NULL REFERENCES plans (code),
    effective_at BIGINT NOT NULL,
    basic_micros BIGINT NOT NULL CHECK (basic_micros > 0),
    premium_micros BIGINT NOT NULL CHECK (premium_micros > 0),
    created_by BIGINT NOT NULL, -- a platform user
    created_at BIGINT NOT NULL,
    canceled_by BIGINT,
    canceled_at BIGINT -- NULL: it was not
);
CREATE UNIQUE INDEX base_price_changes_ordered ON base_price_changes (plan_code, effective_at)
    WHERE canceled_at IS NULL;
