// SPDX-License-Identifier: MIT
#include "rpc/methods/new_validator.hpp"

#include <fmt/format.h>

#include <utility>

#include "chain/address.hpp"
#include "chain/hex.hpp"
#include "chain/signature.hpp"
#include "chain/u256.hpp"

namespace quorate::rpc::methods {

result<std::int64_t> checked_stake(const json& amount, std::string_view name) {
  const auto stake = chain::parse_decimal(amount.get_ref<const std::string&>());
  if (!stake || *stake < least_stake || *stake > most_stake) {
    return fail(errc::invalid_params,
                fmt::format("Invalid parameter {}: expected an integer from {} to {}", name, least_stake, most_stake));
  }
  return static_cast<std::int64_t>(*stake);
}

result<db::validators::new_validator> with_new_account(const services& with, std::int64_t stake,
                                                       db::llm_provider model) {
  const auto key = chain::make_private_key(with.random_bytes);
  const auto bytes = chain::address_of(key);
  if (!bytes) return tl::unexpected{bytes.error()};
  return db::validators::new_validator{.address = chain::address_text(*bytes).value_or(std::string{}),
                                       .private_key = chain::to_hex_0x(key),
                                       .stake = stake,
                                       .model = std::move(model)};
}

tl::unexpected<error> no_such_validator(const std::string& address) {
  return fail(errc::not_found, "Validator doesn't exist.", data_of("validator_address", address));
}

}  // namespace quorate::rpc::methods
