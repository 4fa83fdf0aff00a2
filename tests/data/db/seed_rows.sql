-- What seed-era writers left behind (docs/spec/database.md §1.4).  Test data.
INSERT INTO current_state (id, data, balance) VALUES
  ('0xAccount', '"{}"', 2147483647),
  ('0xContract', '{"code": "Y29kZQ==", "state": {"accepted": {"a": "b"}, "finalized": {}}}', 0);
INSERT INTO transactions (hash, status, from_address, to_address, data, value, type, leader_only, appealed,
                          appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout, triggered_by_hash,
                          timestamp_awaiting_finalization) VALUES
  ('0x01', 'FINALIZED', '0xAccount', '0xContract', '{}', 5, 2, true, false, false, false, false, NULL, 0),
  ('0x02', 'ACTIVATED', '0xContract', '0xAccount', '{}', 6, 0, false, false, false, false, false, '0x01', NULL),
  ('0x03', 'ACCEPTED', '0xOther', '0xAccount', '{}', 0, 2, false, false, false, false, false, '0x02', 7);
