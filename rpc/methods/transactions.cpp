// SPDX-License-Identifier: MIT
#include "db/transactions.hpp"

#include "rpc/methods/all.hpp"
#include "rpc/methods/first_param.hpp"
#include "rpc/methods/format/receipt_format.hpp"
#include "rpc/methods/format/transaction_format.hpp"
#include "rpc/methods/schema.hpp"

/// Reads of transactions (docs/spec/json-rpc.md §7.8, §8.2, §9).
namespace quorate::rpc::methods {

namespace {

using row_ptr = std::shared_ptr<const db::transaction_row>;

param hash_param() { return {.name = "transaction_hash", .type = param_type::hash, .help = "0x and 64 hex digits."}; }

result<row_ptr> found(const call& c, const db::read_value& value) {
  if (const auto* row = std::get_if<row_ptr>(&value); row && *row) return *row;
  const auto& hash = c.params[0].get_ref<const std::string&>();
  return fail(errc::not_found, "Transaction " + hash + " not found", data_of("hash", hash));
}

/// A keyed read that answers -32001 for an unknown hash.
keyed_read read_row(db::read_kind kind, std::function<json_text(const call&, const db::transaction_row&)> format) {
  return {kind, first_param, [format = std::move(format)](const call& c, const db::read_value& value) {
            return found(c, value).map([&](const row_ptr& row) { return format(c, *row); });
          }};
}

/// Numbers of docs/spec/json-rpc.md §7.8, by db::tx_status.
constexpr int status_codes[] = {1, 2, 8, 2, 3, 4, 5, 7, 6, 13, 12};

json status_schema() { return schema::object({{"status", schema::text()}, {"statusCode", schema::integer()}}); }

json transaction_schema(std::string_view description) {
  return schema::object({{"status", schema::text()}, {"type", schema::nullable(schema::integer())}}, description);
}

json receipt_schema() {
  return schema::nullable(schema::object({{"transactionHash", schema::hash()},
                                          {"status", schema::quantity()},
                                          {"contractAddress", schema::nullable(schema::address())},
                                          {"logs", json{{"type", "array"}}}},
                                         "Ethereum's receipt with one NewTransaction log."));
}

bool wants_contract_state(const json& sim_config) {
  const auto* wish = member(&sim_config, "include_contract_state");
  return wish && *wish == true;
}

}  // namespace

void add_transactions(method_table& table, const services& with) {
  table.add({.name = "eth_getTransactionByHash",
             .summary = "The transaction in Studio's form, with the standard Ethereum members beside it.",
             .params = {hash_param(),
                        {.name = "sim_config",
                         .type = param_type::object,
                         .required = false,
                         .help = "include_contract_state: true keeps the contract's state in the leader's receipts."}},
             .result_schema = transaction_schema("Format A of docs/spec/json-rpc.md §9."),
             .handler = read_row(db::read_kind::transaction,
                                 [with](const call& c, const db::transaction_row& row) {
                                   return format_a(row, {.now = with.unix_seconds(),
                                                         .chain_id = with.chain_id,
                                                         .include_contract_state = wants_contract_state(c.params[1])});
                                 }),
             .ignore_extra_params = true});

  table.add({.name = "gen_getStudioTransactionByHash",
             .summary = "The transaction in Studio's older form.",
             .params = {hash_param(),
                        {.name = "full",
                         .type = param_type::boolean,
                         .required = false,
                         .fallback = true,
                         .help = "false leaves out the big members."}},
             .result_schema = transaction_schema("Format B of docs/spec/json-rpc.md §9."),
             .handler = read_row(db::read_kind::transaction, [](const call& c, const db::transaction_row& row) {
               return format_b(row, c.params[1] == true);
             })});

  table.add({.name = "gen_getTransactionStatus",
             .summary = "Status of the transaction by name and number.",
             .params = {hash_param()},
             .result_schema = status_schema(),
             .handler = read_row(db::read_kind::receipt, [](const call&, const db::transaction_row& row) {
               const auto index = static_cast<std::size_t>(row.status);
               json_object out;
               out.text("status", db::tx_status_names[index]).number("statusCode", status_codes[index]);
               return out.str();
             })});

  table.add({.name = "eth_getTransactionReceipt",
             .summary = "The receipt, as soon as the transaction is stored; null for an unknown hash.",
             .params = {hash_param()},
             .result_schema = receipt_schema(),
             .handler = keyed_read{db::read_kind::receipt, first_param,
                                   [](const call&, const db::read_value& value) -> result<json_text> {
                                     const auto* row = std::get_if<row_ptr>(&value);
                                     return row && *row ? format_receipt(**row) : "null";
                                   }},
             .ignore_extra_params = true});

  table.add({.name = "sim_getTransactionsForAddress",
             .summary = "Transactions from or to the address, newest first.",
             .params = {{.name = "address", .type = param_type::address, .help = "20 bytes in hex."}},
             .result_schema = schema::array_of(transaction_schema("Format C of docs/spec/json-rpc.md §9.")),
             .handler = unit{db::access::single_statement, [](const call& c) -> result<work> {
                               using rows = std::vector<db::transaction_row>;
                               return work::rows<rows>(
                                   [address = c.params[0].get<std::string>()](db::transaction& tx) {
                                     return db::transactions::for_address(tx, address);
                                   },
                                   [](const rows& all) { return json_array(all, format_c); });
                             }}});
}

}  // namespace quorate::rpc::methods
