// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/hex.hpp"
#include "chain/utf8.hpp"
#include "db/transactions.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/transaction_format.hpp"
#include "rpc/methods/schema.hpp"

/// sim_updateTransactionStatus: moves a transaction by hand (docs/spec/json-rpc.md §7.4).
namespace quorate::rpc::methods {

namespace {

tl::unexpected<error> refused(std::string message) { return fail(errc::invalid_params, std::move(message), "{}"); }

result<std::string> checked_hash(const json& value) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty())
    return refused("Invalid transaction hash: must be a non-empty string");
  auto hash = value.get<std::string>();
  if (hash.size() != 66 || !hash.starts_with("0x"))
    return refused("Invalid transaction hash format: must be a 66-character hex string starting with '0x'");
  if (!chain::is_hex(std::string_view{hash}.substr(2)))
    return refused("Invalid transaction hash format: contains non-hexadecimal characters");
  std::transform(hash.begin(), hash.end(), hash.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? char(c + 32) : c; });
  return hash;
}

std::string known_statuses() {
  std::string out;
  for (const auto name : db::tx_status_names) out.append(out.empty() ? "['" : ", '").append(name).push_back('\'');
  return out + "]";
}

result<db::tx_status> checked_status(const json& value) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty())
    return refused("Invalid status: must be a non-empty string");
  const auto& name = value.get_ref<const std::string&>();
  const auto known = std::find(db::tx_status_names.begin(), db::tx_status_names.end(), name);
  if (known == db::tx_status_names.end())
    return refused("Invalid status '" + chain::excerpt(name) + "': must be one of " + known_statuses());
  return static_cast<db::tx_status>(known - db::tx_status_names.begin());
}

db::unit_of_work<db::transaction_row> move_to(std::string hash, db::tx_status status) {
  return [=](db::transaction& tx) -> result<db::transaction_row> {
    const auto known = db::transactions::set_status(tx, hash, status);
    if (!known) return tl::unexpected{known.error()};
    if (!*known) return refused("Transaction not found: " + hash);
    auto row = db::transactions::by_hash(tx, hash);
    if (!row) return tl::unexpected{std::move(row.error())};
    if (!*row) return refused("Transaction not found: " + hash);
    return std::move(**row);
  };
}

}  // namespace

void add_transaction_status(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    auto hash = checked_hash(c.params[0]);
    if (!hash) return context.reply(tl::unexpected{std::move(hash.error())});
    const auto status = checked_status(c.params[1]);
    if (!status) return context.reply(tl::unexpected{status.error()});
    const format_context now{.now = with.unix_seconds(), .chain_id = with.chain_id};
    reply_after_commit(context, move_to(std::move(*hash), *status), with.wake_loops,
                       [now](const db::transaction_row& row) { return format_a(row, now); });
  };
  table.add({.name = "sim_updateTransactionStatus",
             .summary = "Gives a transaction another status and notes it in its history; returns the transaction.",
             .params = {{.name = "transaction_hash", .help = "0x and 64 hex digits."},
                        {.name = "new_status", .help = "One of the eleven status names."}},
             .result_schema = schema::object({{"status", schema::text()}}, "Format A of docs/spec/json-rpc.md §9."),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{start}});
}

}  // namespace quorate::rpc::methods
