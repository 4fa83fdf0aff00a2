// SPDX-License-Identifier: MIT
#include <limits>

#include "db/transactions.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/block_format.hpp"
#include "rpc/methods/schema.hpp"

/// Pseudo blocks, one per second (docs/spec/json-rpc.md §8.3, §8.4, decisions.md Q34).
namespace quorate::rpc::methods {

namespace {

json block_schema() {
  return schema::object({{"number", schema::quantity()},
                         {"hash", schema::hash()},
                         {"parentHash", schema::hash()},
                         {"timestamp", schema::quantity()},
                         {"transactions", json{{"type", "array"}}}},
                        "Ethereum's block object; transactions are hashes or objects.");
}

param full_param() {
  return {.name = "full_transactions", .type = param_type::boolean, .help = "Objects instead of hashes."};
}

/// The number behind a tag or a hex quantity, one of which the binding has seen to; the chain's head is the current
/// second.
std::int64_t resolve(const std::string& block, std::int64_t now) {
  if (block == "earliest") return 0;
  if (const auto number = chain::parse_hex_quantity(block)) return static_cast<std::int64_t>(*number);
  return now;
}

db::unit_of_work<json_text> block_of_number(std::int64_t number, bool full, std::uint64_t chain_id) {
  return [=](db::transaction& tx) -> result<json_text> {
    auto rows = db::transactions::of_block(tx, number);
    if (!rows) return tl::unexpected{std::move(rows.error())};
    return format_block(static_cast<std::uint64_t>(number), *rows, full, chain_id);
  };
}

db::unit_of_work<json_text> own_block(std::string hash, bool full, format_context context) {
  return [=](db::transaction& tx) -> result<json_text> {
    auto row = db::transactions::by_hash(tx, hash);
    if (!row) return tl::unexpected{std::move(row.error())};
    return *row ? format_own_block(**row, full, context) : "null";
  };
}

}  // namespace

void add_blocks(method_table& table, const services& with) {
  table.add({.name = "eth_blockNumber",
             .summary = "Number of the newest block: the current Unix second.",
             .params = {},
             .result_schema = schema::quantity(),
             .handler = immediate{[with](const call&) -> result<json_text> {
               return '"' + chain::to_hex_quantity(static_cast<std::uint64_t>(with.unix_seconds())) + '"';
             }},
             .ignore_extra_params = true});

  table.add({.name = "eth_getBlockByNumber",
             .summary = "The block of that second: transactions whose appeal window began in it.",
             .params = {{.name = "block_number",
                         .type = param_type::block,
                         .help = "earliest, latest, pending, safe, finalized or a hex number."},
                        full_param()},
             .result_schema = block_schema(),
             .handler = unit{db::access::single_statement,
                             [with](const call& c) -> result<db::unit_of_work<json_text>> {
                               const auto number = resolve(c.params[0].get<std::string>(), with.unix_seconds());
                               return block_of_number(number, c.params[1].get<bool>(), with.chain_id);
                             }},
             .ignore_extra_params = true});

  table.add({.name = "eth_getBlockByHash",
             .summary = "The block with that hash, or the one a receipt names by its transaction's hash; else null.",
             .params = {{.name = "block_hash", .type = param_type::hash, .help = "Hash of a block or transaction."},
                        full_param()},
             .result_schema = schema::nullable(block_schema()),
             .handler = unit{db::access::single_statement,
                             [with](const call& c) -> result<db::unit_of_work<json_text>> {
                               const auto hash = c.params[0].get<std::string>();
                               const bool full = c.params[1].get<bool>();
                               constexpr auto largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
                               if (const auto number = number_of_block_hash(hash); number && *number <= largest)
                                 return block_of_number(static_cast<std::int64_t>(*number), full, with.chain_id);
                               return own_block(hash, full, {.now = with.unix_seconds(), .chain_id = with.chain_id});
                             }},
             .ignore_extra_params = true});
}

}  // namespace quorate::rpc::methods
