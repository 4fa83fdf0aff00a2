// SPDX-License-Identifier: MIT
#include "db/accounts.hpp"

#include "db/detail/statement.hpp"

namespace quorate::db::accounts {

namespace {

const detail::statement ensure_row{
    "account_ensure", "INSERT INTO current_state (id, data, balance) VALUES ($1, '{}', 0) ON CONFLICT (id) DO NOTHING"};
const detail::statement read_balance{"account_balance", "SELECT balance::text FROM current_state WHERE id = $1"};
// One statement, so that two first credits at once cannot trip over each other (B13), and relative, so that none is
// lost (B6).
const detail::statement add{"account_credit",
                            "INSERT INTO current_state AS a (id, data, balance) VALUES ($1, '{}', $2::numeric) "
                            "ON CONFLICT (id) DO UPDATE SET balance = a.balance + EXCLUDED.balance "
                            "WHERE a.balance + EXCLUDED.balance < 1e78"};
const detail::statement subtract{
    "account_debit",
    "UPDATE current_state SET balance = balance - $2::numeric WHERE id = $1 AND balance >= $2::numeric"};

}  // namespace

status ensure(transaction& tx, std::string_view address) {
  execute(tx, ensure_row, address);
  return {};
}

result<std::optional<chain::integer>> balance(transaction& tx, std::string_view address) {
  const auto rows = execute(tx, read_balance, address);
  if (rows.empty()) return std::optional<chain::integer>{};
  return detail::big_integer(rows[0][0]);
}

result<bool> credit(transaction& tx, std::string_view address, const chain::integer& amount) {
  if (amount <= 0) return true;
  return execute(tx, add, address, amount).affected_rows() == 1;
}

result<bool> debit(transaction& tx, std::string_view address, const chain::integer& amount) {
  if (amount <= 0) return true;
  return execute(tx, subtract, address, amount).affected_rows() == 1;
}

}  // namespace quorate::db::accounts
