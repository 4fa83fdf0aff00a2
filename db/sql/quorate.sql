-- Quorate's own objects. They live in a schema of their own, so that upstream's tables stay
-- exactly as upstream's migrations make them. Runs inside the caller's transaction, on every
-- start: each statement does nothing when its object is there already.
CREATE SCHEMA IF NOT EXISTS quorate;

-- What every process of an installation must agree on.
CREATE TABLE IF NOT EXISTS quorate.settings (
  name       text        PRIMARY KEY,
  value      text        NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO quorate.settings (name, value) VALUES ('schema_version', '1')
  ON CONFLICT (name) DO NOTHING;
