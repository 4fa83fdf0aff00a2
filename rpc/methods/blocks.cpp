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

/// The database stamps blocks with its own clock, which may be a little ahead of ours.
constexpr std::int64_t clock_tolerance = 60;

/// A block that a call asks for: a number, or a tag, which stands for the current second unless it is `earliest`.
struct asked_block {
  std::int64_t number;
  bool newest;
};

asked_block resolve(const std::string& block, std::int64_t now) {
  if (block == "earliest") return {0, false};
  if (const auto number = chain::parse_hex_quantity(block)) return {static_cast<std::int64_t>(*number), false};
  return {now, true};
}

/// What a block shows of its transactions, oldest first: the whole rows, or their hashes alone.
using row_list = std::vector<db::transaction_row>;
using hash_list = std::vector<std::string>;

work block_of_number(asked_block block, bool full, const services& with) {
  const auto number = static_cast<std::uint64_t>(block.number);
  if (block.number > with.unix_seconds() + clock_tolerance) return work::known(format_block(number, hash_list{}));
  if (!full) {
    return work::rows<hash_list>(
        [block](db::transaction& tx) {
          return block.newest ? db::transactions::hashes_of_newest_block(tx, block.number)
                              : db::transactions::hashes_of_block(tx, block.number);
        },
        [number](const hash_list& hashes) { return format_block(number, hashes); });
  }
  return work::rows<row_list>(
      [block](db::transaction& tx) {
        return block.newest ? db::transactions::of_newest_block(tx, block.number)
                            : db::transactions::of_block(tx, block.number);
      },
      [number, chain_id = with.chain_id](const row_list& rows) { return format_block(number, rows, chain_id); });
}

/// The block that a receipt names.
work own_block(const std::string& hash, bool full, format_context context) {
  using row = std::optional<db::transaction_row>;
  if (!full) {
    return work::rows<bool>([hash](db::transaction& tx) { return db::transactions::is_known(tx, hash); },
                            [hash](bool known) { return known ? format_own_block(hash) : "null"; });
  }
  return work::rows<row>([hash](db::transaction& tx) { return db::transactions::by_hash(tx, hash); },
                         [context](const row& found) { return found ? format_own_block(*found, context) : "null"; });
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
                             [with](const call& c) -> result<work> {
                               const auto block = resolve(c.params[0].get<std::string>(), with.unix_seconds());
                               return block_of_number(block, c.params[1].get<bool>(), with);
                             }},
             .ignore_extra_params = true});

  table.add({.name = "eth_getBlockByHash",
             .summary = "The block with that hash, or the one a receipt names by its transaction's hash; else null.",
             .params = {{.name = "block_hash", .type = param_type::hash, .help = "Hash of a block or transaction."},
                        full_param()},
             .result_schema = schema::nullable(block_schema()),
             .handler = unit{db::access::single_statement,
                             [with](const call& c) -> result<work> {
                               const auto hash = c.params[0].get<std::string>();
                               const bool full = c.params[1].get<bool>();
                               constexpr auto largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
                               if (const auto number = number_of_block_hash(hash); number && *number <= largest)
                                 return block_of_number({static_cast<std::int64_t>(*number), false}, full, with);
                               return own_block(hash, full, {.now = with.unix_seconds(), .chain_id = with.chain_id});
                             }},
             .ignore_extra_params = true});
}

}  // namespace quorate::rpc::methods
