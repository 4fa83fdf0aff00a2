// SPDX-License-Identifier: MIT
#include "db/forwards.hpp"

#include "chain/hex.hpp"
#include "db/detail/statement.hpp"

namespace quorate::db::forwards {

namespace {

constexpr std::int64_t turn_bytes = 4 << 20;  // of calls: contracts may be large

const detail::statement insert_forward{"forward_insert", R"sql(
  WITH inserted AS (
    INSERT INTO quorate.forwards (hash, call) VALUES ($1, decode($2, 'hex')) ON CONFLICT (hash) DO NOTHING
    RETURNING 1)
  SELECT pg_notify('quorate_forwards', '') FROM inserted)sql"};

// The row stays locked until the turn is committed, so two turns are never at work at the same moment.
const detail::statement hold_lease{"forward_lease", R"sql(
  INSERT INTO quorate.leases AS l (name, holder, until)
    VALUES ('rollup', $1, clock_timestamp() + $2::bigint * interval '1 millisecond')
  ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
    WHERE l.holder = EXCLUDED.holder OR l.until <= clock_timestamp()
  RETURNING 1)sql"};
const detail::statement lease_left{"forward_lease_left", R"sql(
  SELECT greatest(0, ceil(extract(epoch FROM until - clock_timestamp()) * 1000))::bigint
  FROM quorate.leases WHERE name = 'rollup')sql"};
const detail::statement own_lease{"forward_lease_own", R"sql(
  SELECT 1 FROM quorate.leases WHERE name = 'rollup' AND holder = $1 FOR UPDATE)sql"};
const detail::statement end_lease{"forward_lease_end",
                                  "DELETE FROM quorate.leases WHERE name = 'rollup' AND holder = $1"};

const detail::statement settle_signed{"forward_settle", R"sql(
  UPDATE quorate.forwards f SET
    state = s.state,
    call = CASE WHEN s.state = 'done' THEN '' ELSE f.call END,
    raw = CASE WHEN s.state = 'failed' THEN f.raw END,
    rollup_hash = CASE WHEN s.state <> 'waiting' THEN f.rollup_hash END,
    rollup_id = nullif(s.rollup_id, ''),
    block = CASE WHEN s.state = 'done' THEN s.block END,
    error = nullif(s.error, ''),
    settled_at = CASE WHEN s.state <> 'waiting' THEN now() END
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[]) s (hash, state, rollup_id, block, error)
  WHERE f.hash = s.hash AND f.state = 'signed')sql"};

const detail::statement signed_before{"forward_signed", R"sql(
  SELECT hash, encode(call, 'hex'), encode(raw, 'hex'), rollup_hash,
    floor(extract(epoch FROM now() - created_at) * 1000)::bigint
  FROM quorate.forwards WHERE state = 'signed' ORDER BY id)sql"};
const detail::statement waiting_rows{"forward_waiting", R"sql(
  WITH oldest AS (
    SELECT id, hash, call, created_at, sum(octet_length(call)) OVER (ORDER BY id) - octet_length(call) AS before
    FROM (SELECT * FROM quorate.forwards WHERE state = 'waiting' ORDER BY id LIMIT $1) o)
  SELECT hash, encode(call, 'hex'), '', '', floor(extract(epoch FROM now() - created_at) * 1000)::bigint
  FROM oldest WHERE before < $2 ORDER BY id)sql"};
const detail::statement store_signed{"forward_sign", R"sql(
  UPDATE quorate.forwards f SET state = 'signed', raw = decode(s.raw, 'hex'), rollup_hash = s.rollup_hash, error = NULL
  FROM unnest($1::text[], $2::text[], $3::text[]) s (hash, raw, rollup_hash)
  WHERE f.hash = s.hash AND f.state = 'waiting')sql"};
const detail::statement count_open{"forward_open", R"sql(
  SELECT count(*) FROM quorate.forwards WHERE state IN ('waiting', 'signed'))sql"};

std::string_view state_of(settlement::what how) {
  switch (how) {
    case settlement::what::done: return "done";
    case settlement::what::failed: return "failed";
    case settlement::what::again: break;
  }
  return "waiting";
}

void settle(transaction& tx, const std::vector<settlement>& settled) {
  if (settled.empty()) return;
  std::vector<std::string> hashes, states, ids, blocks, errors;
  for (const auto& one : settled) {
    hashes.push_back(one.hash);
    states.emplace_back(state_of(one.how));
    ids.push_back(one.rollup_id);
    blocks.push_back(std::to_string(one.block));
    errors.push_back(one.error);
  }
  execute(tx, settle_signed, detail::text_array(hashes), detail::text_array(states), detail::text_array(ids),
          detail::text_array(blocks), detail::text_array(errors));
}

chain::bytes bytes_in(const pqxx::field& field) {
  return chain::from_hex(detail::text(field)).value_or(chain::bytes{});
}

std::vector<forward> rows_in(const pqxx::result& rows) {
  std::vector<forward> out;
  for (const auto& row : rows)
    out.push_back({.hash = std::string{detail::text(row[0])},
                   .call = bytes_in(row[1]),
                   .raw = bytes_in(row[2]),
                   .rollup_hash = std::string{detail::text(row[3])},
                   .age = std::chrono::milliseconds{detail::integer<std::int64_t>(row[4])}});
  return out;
}

status sign_all(transaction& tx, std::vector<forward>& rows, const signer& sign) {
  if (rows.empty()) return {};
  std::vector<std::string> hashes, raws, rollup_hashes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto made = sign(rows[i], i);
    if (!made) return tl::unexpected{std::move(made.error())};
    rows[i].raw = std::move(made->raw);
    rows[i].rollup_hash = std::move(made->rollup_hash);
    rows[i].fresh = true;
    hashes.push_back(rows[i].hash);
    raws.push_back(chain::to_hex(rows[i].raw));
    rollup_hashes.push_back(rows[i].rollup_hash);
  }
  execute(tx, store_signed, detail::text_array(hashes), detail::text_array(raws), detail::text_array(rollup_hashes));
  return {};
}

}  // namespace

void add(transaction& tx, std::string_view hash, chain::bytes_view call) {
  execute(tx, insert_forward, hash, chain::to_hex(call));
}

result<turn_report> take_turn(transaction& tx, const turn& what) {
  turn_report out;
  const auto count = [&] { out.open = detail::integer<std::int64_t>(execute(tx, count_open)[0][0]); };
  if (!what.hold || execute(tx, hold_lease, what.holder, static_cast<std::int64_t>(what.lease.count())).empty()) {
    count();
    if (!what.hold) return out;
    const auto left = execute(tx, lease_left);
    if (!left.empty()) out.held_for = std::chrono::milliseconds{detail::integer<std::int64_t>(left[0][0])};
    return out;
  }
  out.held = true;
  settle(tx, what.settled);
  if (what.limit > 0) out.rows = rows_in(execute(tx, signed_before));
  if (what.limit > 0 && out.rows.empty() && what.sign) {
    out.rows = rows_in(execute(tx, waiting_rows, static_cast<std::int64_t>(what.limit), turn_bytes));
    if (auto stored = sign_all(tx, out.rows, what.sign); !stored) return tl::unexpected{std::move(stored.error())};
  }
  count();
  return out;
}

status leave(transaction& tx, std::string_view holder, const std::vector<settlement>& settled) {
  if (execute(tx, own_lease, holder).empty()) return {};
  settle(tx, settled);
  execute(tx, end_lease, holder);
  return {};
}

}  // namespace quorate::db::forwards
