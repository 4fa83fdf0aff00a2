-- Quorate's own objects. They live in a schema of their own, so that upstream's tables stay
-- exactly as upstream's migrations make them. Runs inside the caller's transaction, on a database
-- that lacks them or has an older version of them: each statement does nothing when its object is
-- there already.
CREATE SCHEMA IF NOT EXISTS quorate;

-- What every process of an installation must agree on.
CREATE TABLE IF NOT EXISTS quorate.settings (
  name       text        PRIMARY KEY,
  value      text        NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- The nonce of the faucet's next row: how many there were before it. Counting them would cost every call more than
-- the one before.
DO $$
BEGIN
  IF to_regclass('quorate.faucet_nonce') IS NULL THEN
    CREATE SEQUENCE quorate.faucet_nonce AS integer MINVALUE 0 START 0 CYCLE;
    PERFORM setval('quorate.faucet_nonce', (SELECT count(*) FROM transactions WHERE from_address IS NULL), false);
  END IF;
END $$;

-- Transactions to record on a rollup (db/forwards.hpp). A row comes in with its transaction; what was signed for it stands
-- here before the node sees it.
CREATE TABLE IF NOT EXISTS quorate.forwards (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash        text        NOT NULL UNIQUE,
  state       text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'signed', 'done', 'failed')),
  call        bytea       NOT NULL,  -- empty once it is done
  raw         bytea,
  rollup_hash text,
  rollup_id   text,
  block       bigint,
  error       text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  settled_at  timestamptz
);
CREATE INDEX IF NOT EXISTS forwards_open ON quorate.forwards (state, id) WHERE state IN ('waiting', 'signed');

-- What one process at a time may do.
CREATE TABLE IF NOT EXISTS quorate.leases (
  name   text        PRIMARY KEY,
  holder text        NOT NULL,
  until  timestamptz NOT NULL
);

INSERT INTO quorate.settings (name, value) VALUES ('schema_version', '3')
  ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, updated_at = now();
