-- GenLayer Studio database, revision a7b8c9d0e1f2 (state of the schema after every
-- migration known in June 2026).  Verified on PostgreSQL 15.20.
--
-- For an EMPTY database only, inside the caller's transaction: on a database that already
-- has any of these objects the first CREATE fails and nothing is changed.  A database that
-- already carries alembic_version must be opened as it is, or moved forward with
-- upgrade_from_seed.sql when its version is a221e802477c (30 Aug 2025).
--
-- Physical column order, object names, defaults and nullability equal those of a
-- database made by the upstream migration chain, so dumps of the two are interchangeable.
-- There are no triggers, no functions, no LISTEN/NOTIFY, no views and no extensions.

-- Position in this list is also the sort order of the type.
CREATE TYPE transaction_status AS ENUM (
  'PENDING', 'ACTIVATED', 'CANCELED',
  'PROPOSING', 'COMMITTING', 'REVEALING',
  'ACCEPTED', 'FINALIZED', 'UNDETERMINED',
  'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT'
);

-- ---------------------------------------------------------------- accounts + contracts
-- One row per account; a deployed contract is an account whose data is not {}.
CREATE TABLE current_state (
  id          varchar(255)  NOT NULL,            -- EIP-55 address
  data        jsonb         NOT NULL,            -- {} or {"state":{"accepted":{},"finalized":{}}}
  updated_at  timestamptz   DEFAULT CURRENT_TIMESTAMP,   -- the writer maintains it; no trigger
  balance     numeric(78,0) NOT NULL,            -- wei; no default in the database
  CONSTRAINT current_state_pkey PRIMARY KEY (id),
  CONSTRAINT check_balance_non_negative CHECK (balance >= 0)
);

-- ------------------------------------------------------------------------ transactions
CREATE TABLE transactions (
  from_address                    varchar(255),
  to_address                      varchar(255),
  input_data                      jsonb,
  data                            jsonb,
  consensus_data                  jsonb,
  nonce                           integer,
  value                           numeric(78,0),   -- wei
  type                            integer,         -- 0 send, 1 deploy, 2 call, 3 upgrade
  gaslimit                        bigint,
  created_at                      timestamptz DEFAULT CURRENT_TIMESTAMP,
  r                               integer,
  s                               integer,
  v                               integer,
  status                          transaction_status NOT NULL
                                    DEFAULT 'PENDING'::transaction_status,
  hash                            varchar(66) NOT NULL,   -- 0x + 64 hex
  leader_only                     boolean     NOT NULL,
  triggered_by_hash               varchar(66),
  appealed                        boolean     NOT NULL,
  appeal_failed                   integer,
  appeal_undetermined             boolean     NOT NULL,
  timestamp_awaiting_finalization bigint,          -- unix seconds; also the "block number"
  consensus_history               jsonb,
  timestamp_appeal                bigint,          -- unix seconds
  appeal_processing_time          integer,         -- seconds
  contract_snapshot               jsonb,
  config_rotation_rounds          integer,
  appeal_leader_timeout           boolean     NOT NULL,
  leader_timeout_validators       jsonb,
  num_of_initial_validators       integer,
  last_vote_timestamp             bigint,          -- unix seconds
  rotation_count                  integer,
  appeal_validators_timeout       boolean     NOT NULL,
  -- everything below is newer than the seed revision
  sim_config                      jsonb,
  blocked_at                      timestamptz,     -- claim lease start
  worker_id                       varchar(255),    -- claim holder
  triggered_on                    varchar(20),     -- 'accepted' | 'finalized'
  execution_mode                  varchar(30) NOT NULL DEFAULT 'NORMAL',
  value_credited                  boolean     NOT NULL DEFAULT false,
  origin_address                  varchar(255),
  recovery_count                  integer     NOT NULL DEFAULT 0,
  CONSTRAINT transactions_pkey PRIMARY KEY (hash),
  CONSTRAINT transactions_type_check CHECK (type = ANY (ARRAY[0, 1, 2, 3])),
  CONSTRAINT value_non_negative CHECK (value >= 0),
  CONSTRAINT triggered_by_hash_fkey
    FOREIGN KEY (triggered_by_hash) REFERENCES transactions (hash)
);
-- A second unique index beside the primary key: existing databases have it.  It must be
-- a statement of its own, because inside CREATE TABLE PostgreSQL merges it into the key.
ALTER TABLE transactions ADD CONSTRAINT uq_transactions_hash UNIQUE (hash);

-- worker claims
CREATE INDEX idx_transactions_pending_claim ON transactions (type, created_at)
  WHERE status IN ('PENDING', 'ACTIVATED');
CREATE INDEX idx_transactions_pending_appeal ON transactions (created_at)
  WHERE appealed = true
    AND status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT');
CREATE INDEX idx_transactions_pending_finalization ON transactions (created_at)
  WHERE status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
    AND appealed = false
    AND timestamp_awaiting_finalization IS NOT NULL;
CREATE INDEX idx_transactions_active_block ON transactions (to_address, blocked_at)
  WHERE blocked_at IS NOT NULL;
CREATE INDEX idx_transactions_nonterminal_by_contract ON transactions (to_address, created_at)
  WHERE status NOT IN ('FINALIZED', 'CANCELED');
-- look-ups and the explorer
CREATE INDEX idx_transactions_to_address        ON transactions (to_address, created_at DESC);
CREATE INDEX idx_transactions_from_address      ON transactions (from_address);
CREATE INDEX idx_transactions_created_at        ON transactions (created_at DESC);
CREATE INDEX idx_transactions_status            ON transactions (status);
CREATE INDEX idx_transactions_type              ON transactions (type);
CREATE INDEX idx_transactions_triggered_by_hash ON transactions (triggered_by_hash)
  WHERE triggered_by_hash IS NOT NULL;
CREATE INDEX idx_transactions_appealed          ON transactions (appealed)
  WHERE appealed = true;

-- -------------------------------------------------------------------------- validators
CREATE TABLE validators (
  id            serial       NOT NULL,     -- sequence validators_id_seq
  stake         integer      NOT NULL,     -- no CHECK exists, though the upstream model names one
  config        jsonb        NOT NULL,
  address       varchar(255),              -- EIP-55; not unique in the database
  provider      varchar(255) NOT NULL,
  model         varchar(255) NOT NULL,
  created_at    timestamptz  DEFAULT CURRENT_TIMESTAMP,
  plugin        varchar(255) NOT NULL,
  plugin_config jsonb        NOT NULL,
  private_key   varchar(255),              -- 0x + 64 hex, in clear
  CONSTRAINT validators_pkey PRIMARY KEY (id)
);

-- ----------------------------------------------------------------------- LLM providers
CREATE TABLE llm_provider (
  id            serial       NOT NULL,     -- sequence llm_provider_id_seq
  provider      varchar(255) NOT NULL,
  model         varchar(255) NOT NULL,
  config        jsonb        NOT NULL,
  plugin        varchar(255) NOT NULL,
  plugin_config jsonb        NOT NULL,
  created_at    timestamptz  NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at    timestamptz  NOT NULL DEFAULT CURRENT_TIMESTAMP,  -- the writer maintains it
  is_default    boolean      NOT NULL DEFAULT false,
  CONSTRAINT llm_provider_pkey PRIMARY KEY (id),
  CONSTRAINT unique_provider_model_plugin UNIQUE (provider, model, plugin)
);

-- --------------------------------------------------------------------------- snapshots
CREATE SEQUENCE snapshot_id_seq AS bigint START WITH 1 INCREMENT BY 1 CACHE 1;
CREATE TABLE snapshots (
  id               serial      NOT NULL,   -- sequence snapshots_id_seq
  snapshot_id      integer     NOT NULL DEFAULT nextval('snapshot_id_seq'::regclass),
  state_data       bytea       NOT NULL,   -- zlib(JSON text)
  transaction_data bytea       NOT NULL,   -- zlib(JSON text)
  created_at       timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT snapshots_pkey PRIMARY KEY (id),
  CONSTRAINT snapshots_snapshot_id_key UNIQUE (snapshot_id)
);
ALTER SEQUENCE snapshot_id_seq OWNED BY snapshots.snapshot_id;

-- ------------------------------------------------------------------- API keys and tiers
CREATE TABLE api_tiers (
  id                serial      NOT NULL,  -- sequence api_tiers_id_seq
  name              varchar(50) NOT NULL,
  rate_limit_minute integer     NOT NULL,
  rate_limit_hour   integer     NOT NULL,
  rate_limit_day    integer     NOT NULL,
  created_at        timestamptz DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT api_tiers_pkey PRIMARY KEY (id),
  CONSTRAINT api_tiers_name_key UNIQUE (name)
);
CREATE TABLE api_keys (
  id           serial      NOT NULL,       -- sequence api_keys_id_seq
  key_prefix   varchar(8)  NOT NULL,       -- first 8 characters of the key; not unique
  key_hash     varchar(64) NOT NULL,       -- lowercase hex SHA-256 of the whole key
  tier_id      integer     NOT NULL,
  is_active    boolean     NOT NULL DEFAULT true,
  description  varchar(255),
  created_at   timestamptz DEFAULT CURRENT_TIMESTAMP,
  last_used_at timestamptz,                -- never written upstream
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_keys_tier_id_fkey FOREIGN KEY (tier_id) REFERENCES api_tiers (id)
);
-- ids 1, 2, 3 in this order; 'free' already has the doubled limits of March 2026
INSERT INTO api_tiers (name, rate_limit_minute, rate_limit_hour, rate_limit_day) VALUES
  ('free',          60,   1000,  10000),
  ('pro',          120,   3000,  50000),
  ('unlimited', 999999, 999999, 999999);

-- -------------------------------------------------------------- upstream's version mark
-- Exactly one row.  With this value upstream's migration tool finds nothing to do.
CREATE TABLE alembic_version (
  version_num varchar(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version (version_num) VALUES ('a7b8c9d0e1f2');

