// SPDX-License-Identifier: MIT
#include "db/detail/transaction_columns.hpp"

#include "db/detail/timestamp.hpp"

namespace quorate::db::detail {

namespace {

constexpr auto plain = R"sql(
  t.hash, t.status::text, t.from_address, t.to_address, t.nonce, t.value::text, t.type, t.gaslimit,
  t.created_at, floor(extract(epoch FROM t.created_at))::bigint, t.r, t.s, t.v,
  t.leader_only, t.execution_mode, t.triggered_by_hash, t.triggered_on, t.origin_address,
  t.appealed, t.appeal_undetermined, t.appeal_leader_timeout, t.appeal_validators_timeout,
  t.appeal_failed, t.appeal_processing_time, t.timestamp_appeal, t.timestamp_awaiting_finalization,
  t.last_vote_timestamp, t.config_rotation_rounds, t.num_of_initial_validators, t.rotation_count,
  t.blocked_at, t.worker_id, t.value_credited, t.recovery_count,)sql";

constexpr auto json = R"sql(
  t.input_data::text, t.data::text, t.consensus_data::text, t.consensus_history::text, t.contract_snapshot::text,
  t.leader_timeout_validators::text, t.sim_config::text,
  (SELECT string_agg(c.hash, ',' ORDER BY c.created_at, c.hash) FROM transactions c WHERE c.triggered_by_hash = t.hash))sql";

// How a finalized run ended, in the shape of consensus_data: of the leader's receipt, which the seed's rows have
// without an array around it. Only of rows that are final, so that whoever polls a pending one reads nothing from
// TOAST.
constexpr auto small_json = R"sql(
  NULL::text, NULL::text,
  CASE WHEN t.status = 'FINALIZED' AND t.type > 0 AND jsonb_typeof(t.consensus_data) = 'object'
    THEN jsonb_build_object(
      'upgrade_result', t.consensus_data -> 'upgrade_result',
      'leader_receipt', jsonb_build_array(jsonb_build_object('execution_result', coalesce(
        t.consensus_data #> '{leader_receipt,0,execution_result}',
        t.consensus_data #> '{leader_receipt,execution_result}'))))::text END,
  NULL::text, NULL::text, NULL::text, NULL::text, NULL::text)sql";

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < list.size();) {
    const auto to = std::min(list.find(',', from), list.size());
    parts.emplace_back(list.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

/// Fields in the order of the select list.
class fields {
 public:
  explicit fields(const pqxx::row& row) : row_{row} {}
  pqxx::field next() { return row_[next_++]; }

 private:
  const pqxx::row& row_;
  pqxx::row::size_type next_ = 0;
};

void read_plain(fields& from, transaction_row& to) {
  to.hash = text(from.next());
  const auto status = parse_tx_status(text(from.next()));
  if (!status) throw pqxx::conversion_error{"unknown transaction status"};
  to.status = *status;
  to.from_address = optional_text(from.next());
  to.to_address = optional_text(from.next());
  to.nonce = optional_integer<std::int32_t>(from.next());
  if (const auto value = from.next(); !value.is_null()) to.value = big_integer(value);
  to.type = optional_integer<std::int32_t>(from.next());
  to.gaslimit = optional_integer<std::int64_t>(from.next());
  to.created_at = iso_timestamp(text(from.next()));
  to.created_unix = optional_integer<std::int64_t>(from.next()).value_or(0);
  to.r = optional_integer<std::int32_t>(from.next());
  to.s = optional_integer<std::int32_t>(from.next());
  to.v = optional_integer<std::int32_t>(from.next());
  to.leader_only = boolean(from.next());
  to.execution_mode = text(from.next());
  to.triggered_by_hash = optional_text(from.next());
  to.triggered_on = optional_text(from.next());
  to.origin_address = optional_text(from.next());
  to.appealed = boolean(from.next());
  to.appeal_undetermined = boolean(from.next());
  to.appeal_leader_timeout = boolean(from.next());
  to.appeal_validators_timeout = boolean(from.next());
  to.appeal_failed = optional_integer<std::int32_t>(from.next());
  to.appeal_processing_time = optional_integer<std::int32_t>(from.next());
  to.timestamp_appeal = optional_integer<std::int64_t>(from.next());
  to.timestamp_awaiting_finalization = optional_integer<std::int64_t>(from.next());
  to.last_vote_timestamp = optional_integer<std::int64_t>(from.next());
  to.config_rotation_rounds = optional_integer<std::int32_t>(from.next());
  to.num_of_initial_validators = optional_integer<std::int32_t>(from.next());
  to.rotation_count = optional_integer<std::int32_t>(from.next());
  if (const auto since = from.next(); !since.is_null()) to.blocked_at = iso_timestamp(text(since));
  to.worker_id = optional_text(from.next());
  to.value_credited = boolean(from.next());
  to.recovery_count = integer<std::int32_t>(from.next());
}

void read_json(fields& from, transaction_row& to) {
  to.input_data = optional_json(from.next());
  to.data = optional_json(from.next());
  to.consensus_data = optional_json(from.next());
  to.consensus_history = optional_json(from.next());
  to.contract_snapshot = optional_json(from.next());
  to.leader_timeout_validators = optional_json(from.next());
  to.sim_config = optional_json(from.next());
  to.triggered_transactions = split(text(from.next()));
}

}  // namespace

// Functions, because statements of other files are put together from them before main.
const std::string& all_columns() {
  static const std::string list = std::string{plain} + json;
  return list;
}
const std::string& small_columns() {
  static const std::string list = std::string{plain} + small_json;
  return list;
}

transaction_row read_transaction(const pqxx::row& row) {
  transaction_row result;
  fields from{row};
  read_plain(from, result);
  read_json(from, result);
  return result;
}

std::vector<transaction_row> read_transactions(const pqxx::result& rows) {
  std::vector<transaction_row> result;
  result.reserve(rows.size());
  for (const auto& row : rows) result.push_back(read_transaction(row));
  return result;
}

}  // namespace quorate::db::detail
