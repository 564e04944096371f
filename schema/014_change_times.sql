-- When something of an agency changed last, as the node that did it saw the time: whoever changes something later does so at
-- no earlier instant, also on a node whose clock is behind, so that a price set before it is in force for it.
ALTER TABLE agencies ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
