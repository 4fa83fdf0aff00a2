// SPDX-License-Identifier: MIT
#include "db/admin.hpp"
#include "db/detail/statement.hpp"

namespace quorate::db::finality_window {

namespace {

const detail::statement read{"finality_window_get",
                             "SELECT value::bigint FROM quorate.settings WHERE name = 'finality_window'"};
// Announced in the transaction that changes it, so every process follows at once (docs/spec/decisions.md Q21, defect
// B21).
const detail::statement write{"finality_window_set",
                              "WITH stored AS (INSERT INTO quorate.settings (name, value) VALUES ('finality_window', "
                              "$1::bigint::text) ON CONFLICT "
                              "(name) DO UPDATE SET value = EXCLUDED.value, updated_at = now() RETURNING name, value) "
                              "SELECT pg_notify('quorate_settings', name), pg_notify('quorate_events', 'window ' || "
                              "value) FROM stored"};

}  // namespace

result<std::optional<std::int64_t>> get(transaction& tx) {
  const auto rows = execute(tx, read);
  if (rows.empty()) return std::optional<std::int64_t>{};
  return detail::integer<std::int64_t>(rows[0][0]);
}

status set(transaction& tx, std::int64_t seconds) {
  execute(tx, write, seconds);
  return {};
}

}  // namespace quorate::db::finality_window
