// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "chain/result.hpp"

namespace pqxx {
class transaction_base;
}

namespace quorate::db {

/// The running database transaction a unit of work is given. Only the statements in db/ look inside.
class transaction {
 public:
  /// A null pointer is what fake sessions of the pool tests pass.
  explicit transaction(pqxx::transaction_base* native) noexcept : native_{native} {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Throws std::logic_error when there is no real transaction behind this one.
  pqxx::transaction_base& native() const;

 private:
  pqxx::transaction_base* native_;
};

/// A plain function over a transaction: a value commits, an error or an exception rolls back. It may be run again after a
/// serialization failure, so it keeps no state of its own between runs. It never waits for anything but PostgreSQL.
template <class T>
using unit_of_work = std::function<result<T>(transaction&)>;

/// How the unit of work talks to PostgreSQL; decides the number of round trips.
enum class access {
  single_statement,  // one statement, its own implicit transaction: one round trip. Reads only.
  read_only,         // BEGIN READ ONLY … COMMIT: several reads of one snapshot each
  read_write,        // BEGIN … COMMIT
};

}  // namespace quorate::db
