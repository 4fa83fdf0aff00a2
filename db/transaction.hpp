// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <unordered_set>

#include "chain/result.hpp"

namespace pqxx {
class transaction_base;
}

namespace quorate::db {

/// The statements one connection has been taught already, by the address of their definition.
using known_statements = std::unordered_set<const void*>;

/// The running database transaction a unit of work is given. Only the statements in db/ look inside.
class transaction {
 public:
  /// A null pointer is what fake sessions of the pool tests pass.
  explicit transaction(pqxx::transaction_base* native, known_statements* known = nullptr) noexcept
      : native_{native}, known_{known} {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Throws std::logic_error when there is no real transaction behind this one.
  pqxx::transaction_base& native() const;

  /// What the connection remembers of earlier transactions; null when it remembers nothing.
  known_statements* known() const noexcept { return known_; }

 private:
  pqxx::transaction_base* native_;
  known_statements* known_;
};

/// A plain function over a transaction: a value commits, an error or an exception rolls back. It may be run again after
/// a serialization failure, so it keeps no state of its own between runs. It never waits for anything but PostgreSQL.
template <class T>
using unit_of_work = std::function<result<T>(transaction&)>;

/// How the unit of work talks to PostgreSQL; decides the number of round trips.
enum class access {
  single_statement,  // one statement, its own implicit transaction: one round trip. Reads only.
  read_only,         // BEGIN READ ONLY … COMMIT: several reads of one snapshot each
  read_write,        // BEGIN … COMMIT
};

}  // namespace quorate::db
