-- GenLayer Studio database, revision a221e802477c (30 August 2025), put together from
-- docs/spec/database.md §1.4: head's tables without what came later.  Test data.

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
  balance     integer       NOT NULL,
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
  value                           integer,
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
  CONSTRAINT transactions_pkey PRIMARY KEY (hash),
  CONSTRAINT transactions_type_check CHECK (type = ANY (ARRAY[0, 1, 2])),
  CONSTRAINT value_non_negative CHECK (value >= 0),
  CONSTRAINT triggered_by_hash_fkey
    FOREIGN KEY (triggered_by_hash) REFERENCES transactions (hash)
);
-- A second unique index beside the primary key: existing databases have it.  It must be
-- a statement of its own, because inside CREATE TABLE PostgreSQL merges it into the key.
ALTER TABLE transactions ADD CONSTRAINT uq_transactions_hash UNIQUE (hash);

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

-- -------------------------------------------------------------- upstream's version mark
CREATE TABLE alembic_version (
  version_num varchar(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version (version_num) VALUES ('a221e802477c');

