// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/providers.hpp"
#include "db/rows.hpp"
#include "db/transaction.hpp"

/// The validators (docs/spec/database.md §2.8). Their private keys go in and never come out (decisions.md Q15). Every
/// write is told on channels::events in its own transaction.
namespace quorate::db::validators {

struct new_validator {
  std::string address;      // EIP-55
  std::string private_key;  // 0x and 64 hex digits
  std::int64_t stake = 0;   // fits int4
  llm_provider model;
};

result<std::vector<validator_row>> all(transaction& tx);  // by id
result<std::optional<validator_row>> by_address(transaction& tx, std::string_view address);
/// By id; unknown ones are left out.
result<std::vector<validator_row>> by_ids(transaction& tx, const std::vector<std::int64_t>& ids);
result<std::int64_t> count(transaction& tx);

/// Their rows, in the same order. Each address gets an account, too, unless it has one.
result<std::vector<validator_row>> create(transaction& tx, const std::vector<new_validator>& wanted);
/// The row as it is now; empty: nobody has this address. The column is not unique in the database: the oldest row, the
/// one that by_address() finds, is changed.
result<std::optional<validator_row>> update(transaction& tx, std::string_view address, std::int64_t stake,
                                            const llm_provider& model);
/// False: nobody has this address. Every row of it goes; its account stays.
result<bool> remove(transaction& tx, std::string_view address);
status remove_all(transaction& tx);

}  // namespace quorate::db::validators
