// SPDX-License-Identifier: MIT
#include <array>

#include "chain/hex.hpp"
#include "db/transactions.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/first_param.hpp"
#include "rpc/methods/schema.hpp"

/// Balances, nonces and the faucet (docs/spec/json-rpc.md §7.1, §7.8).
namespace quorate::rpc::methods {

namespace {

param address_param(std::string name, std::string refusal = {}) {
  return {.name = std::move(name),
          .type = param_type::address,
          .help = "20 bytes in hex, any letter case.",
          .refusal = std::move(refusal)};
}

param block_param(std::string name) {
  return {.name = std::move(name),
          .type = param_type::any,
          .required = false,
          .fallback = "latest",
          .help = "Accepted and not looked at: there is only the present state."};
}

constexpr auto too_much = "Invalid parameter amount: the balance would have more than 78 digits";

std::string random_hash(const services& with) {
  std::array<std::uint8_t, 32> hash;
  with.random_bytes(hash);
  return chain::to_hex_0x(hash);
}

}  // namespace

void add_accounts(method_table& table, const services& with) {
  table.add({.name = "eth_getBalance",
             .summary = "Balance in wei; 0x0 for an account nobody has heard of.",
             .params = {address_param("account_address", "Invalid address from_address"), block_param("block_tag")},
             .result_schema = schema::quantity(),
             .handler = keyed_read{db::read_kind::balance, first_param,
                                   [](const call&, const db::read_value& value) -> result<json_text> {
                                     const auto* balance = std::get_if<chain::integer>(&value);
                                     return balance ? '"' + chain::to_hex_quantity(*balance) + '"' : R"("0x0")";
                                   }},
             .ignore_extra_params = true});

  table.add({.name = "eth_getTransactionCount",
             .summary = "How many transactions the account has sent: its next nonce.",
             .params = {address_param("address"), block_param("block")},
             .result_schema = schema::quantity(),
             .handler = keyed_read{db::read_kind::sender_nonce, first_param,
                                   [](const call&, const db::read_value& value) -> result<json_text> {
                                     const auto* count = std::get_if<std::uint64_t>(&value);
                                     return '"' + chain::to_hex_quantity(count ? *count : 0) + '"';
                                   }},
             .ignore_extra_params = true});

  table.add({.name = "sim_fundAccount",
             .summary = "Credits the account at once; returns the hash of the faucet's transaction.",
             .params = {address_param("account_address"),
                        {.name = "amount", .type = param_type::amount, .help = "Wei, at least 0."}},
             .result_schema = schema::hash(),
             .level = log_level::info,
             .handler = unit{db::access::read_write, [with](const call& c) -> result<db::unit_of_work<json_text>> {
                               // The binding has made it decimal digits of an amount that the column can hold.
                               const auto amount = chain::parse_decimal(c.params[1].get_ref<const std::string&>());
                               return [hash = random_hash(with), address = c.params[0].get<std::string>(),
                                       amount = amount.value()](db::transaction& tx) -> result<json_text> {
                                 const auto funded = db::transactions::fund(tx, hash, address, amount);
                                 if (!funded) return tl::unexpected{funded.error()};
                                 if (!*funded) return fail(errc::invalid_params, too_much);
                                 return '"' + hash + '"';
                               };
                             }}});
}

}  // namespace quorate::rpc::methods
