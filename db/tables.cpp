// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "chain/utf8.hpp"
#include "db/admin.hpp"
#include "db/detail/statement.hpp"

namespace quorate::db {

namespace {

/// The only tables a client may empty, each with its statement: names never enter SQL text.
const std::array clearable{
    detail::statement{"clear_current_state", "DELETE FROM current_state"},
    detail::statement{"clear_transactions", "DELETE FROM transactions"},
    detail::statement{"clear_validators",
                      "WITH gone AS (DELETE FROM validators) SELECT pg_notify('quorate_events', 'validators deleted')"},
    detail::statement{"clear_llm_provider", "DELETE FROM llm_provider"},
    detail::statement{"clear_snapshots", "DELETE FROM snapshots"},
    detail::statement{"clear_api_tiers", "DELETE FROM api_tiers"},
    detail::statement{"clear_api_keys", "DELETE FROM api_keys"},
};

const detail::statement* find(std::string_view table) {
  const auto* const found = std::find_if(clearable.begin(), clearable.end(), [&](const detail::statement& one) {
    return std::string_view{one.name}.substr(std::string_view{"clear_"}.size()) == table;
  });
  return found == clearable.end() ? nullptr : found;
}

}  // namespace

status clear_tables(transaction& tx, const std::vector<std::string>& tables) {
  for (const auto& table : tables) {
    if (find(table) == nullptr) return fail(errc::invalid_params, "Unknown table: " + chain::excerpt(table));
  }
  for (const auto& table : tables) execute(tx, *find(table));
  return {};
}

}  // namespace quorate::db
