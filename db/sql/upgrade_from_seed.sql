-- Moves a GenLayer Studio database from revision a221e802477c (30 Aug 2025) to
-- a7b8c9d0e1f2 (June 2026), inside the caller's transaction.  Verified on PostgreSQL 15.20: the
-- resulting dump equals that of a database migrated by upstream's own chain.
-- Stop every writer first (it takes ACCESS EXCLUSIVE locks on transactions and rewrites
-- current_state and transactions for the integer -> numeric change).
SET LOCAL lock_timeout = '5s';

DO $$
BEGIN
  IF (SELECT array_agg(version_num::text) FROM alembic_version)
       IS DISTINCT FROM ARRAY['a221e802477c'] THEN
    RAISE EXCEPTION 'expected revision a221e802477c only';
  END IF;
END $$;

ALTER TABLE transactions ADD COLUMN sim_config jsonb;
ALTER TABLE transactions ADD COLUMN blocked_at timestamptz;
ALTER TABLE transactions ADD COLUMN worker_id varchar(255);
ALTER TABLE transactions DROP CONSTRAINT transactions_type_check,
  ADD CONSTRAINT transactions_type_check CHECK (type = ANY (ARRAY[0, 1, 2, 3]));
ALTER TABLE transactions ADD COLUMN triggered_on varchar(20);
ALTER TABLE transactions ADD COLUMN execution_mode varchar(30) NOT NULL DEFAULT 'NORMAL';
ALTER TABLE transactions ADD COLUMN value_credited boolean NOT NULL DEFAULT false;
ALTER TABLE transactions ADD COLUMN origin_address varchar(255);
ALTER TABLE transactions ADD COLUMN recovery_count integer NOT NULL DEFAULT 0;
ALTER TABLE transactions ALTER COLUMN value TYPE numeric(78,0);
ALTER TABLE current_state ALTER COLUMN balance TYPE numeric(78,0);

UPDATE transactions SET execution_mode = 'LEADER_ONLY' WHERE leader_only;
UPDATE transactions SET value_credited = true
  WHERE value > 0 AND status NOT IN ('PENDING', 'ACTIVATED');

-- optional, upstream does it in a separate script: root sender of each call chain
WITH RECURSIVE chain (hash, root) AS (
  SELECT hash, from_address FROM transactions WHERE triggered_by_hash IS NULL
  UNION ALL
  SELECT c.hash, p.root FROM transactions c JOIN chain p ON c.triggered_by_hash = p.hash
)
UPDATE transactions t SET origin_address = chain.root FROM chain
  WHERE t.hash = chain.hash AND t.origin_address IS NULL;

CREATE TABLE api_tiers (
  id                serial      NOT NULL,
  name              varchar(50) NOT NULL,
  rate_limit_minute integer     NOT NULL,
  rate_limit_hour   integer     NOT NULL,
  rate_limit_day    integer     NOT NULL,
  created_at        timestamptz DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT api_tiers_pkey PRIMARY KEY (id),
  CONSTRAINT api_tiers_name_key UNIQUE (name)
);
CREATE TABLE api_keys (
  id           serial      NOT NULL,
  key_prefix   varchar(8)  NOT NULL,
  key_hash     varchar(64) NOT NULL,
  tier_id      integer     NOT NULL,
  is_active    boolean     NOT NULL DEFAULT true,
  description  varchar(255),
  created_at   timestamptz DEFAULT CURRENT_TIMESTAMP,
  last_used_at timestamptz,
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_keys_tier_id_fkey FOREIGN KEY (tier_id) REFERENCES api_tiers (id)
);
INSERT INTO api_tiers (name, rate_limit_minute, rate_limit_hour, rate_limit_day) VALUES
  ('free', 60, 1000, 10000), ('pro', 120, 3000, 50000), ('unlimited', 999999, 999999, 999999);

CREATE INDEX idx_transactions_pending_claim ON transactions (type, created_at)
  WHERE status IN ('PENDING', 'ACTIVATED');
CREATE INDEX idx_transactions_pending_appeal ON transactions (created_at)
  WHERE appealed = true
    AND status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT');
CREATE INDEX idx_transactions_pending_finalization ON transactions (created_at)
  WHERE status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
    AND appealed = false AND timestamp_awaiting_finalization IS NOT NULL;
CREATE INDEX idx_transactions_active_block ON transactions (to_address, blocked_at)
  WHERE blocked_at IS NOT NULL;
CREATE INDEX idx_transactions_nonterminal_by_contract ON transactions (to_address, created_at)
  WHERE status NOT IN ('FINALIZED', 'CANCELED');
CREATE INDEX idx_transactions_to_address        ON transactions (to_address, created_at DESC);
CREATE INDEX idx_transactions_from_address      ON transactions (from_address);
CREATE INDEX idx_transactions_created_at        ON transactions (created_at DESC);
CREATE INDEX idx_transactions_status            ON transactions (status);
CREATE INDEX idx_transactions_type              ON transactions (type);
CREATE INDEX idx_transactions_triggered_by_hash ON transactions (triggered_by_hash)
  WHERE triggered_by_hash IS NOT NULL;
CREATE INDEX idx_transactions_appealed          ON transactions (appealed) WHERE appealed = true;

UPDATE alembic_version SET version_num = 'a7b8c9d0e1f2';
