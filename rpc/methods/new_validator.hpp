// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "db/validators.hpp"
#include "rpc/methods/services.hpp"

/// What the methods that write validators have in common (docs/spec/json-rpc.md §7.2).
namespace quorate::rpc::methods {

inline constexpr std::int64_t least_stake = 1, most_stake = 2'147'483'647;
inline constexpr const char* stake_help = "1 to 2147483647; weighs in the choice of validators. Decimal text, too.";

/// A parameter of param_type::amount (command lines send text) as a stake. errc::invalid_params with its name.
result<std::int64_t> checked_stake(const json& amount, std::string_view name);

/// A validator with a new account of its own; its private key goes into the database and nowhere else.
result<db::validators::new_validator> with_new_account(const services& with, std::int64_t stake,
                                                       db::llm_provider model);

tl::unexpected<error> no_such_validator(const std::string& address);

}  // namespace quorate::rpc::methods
