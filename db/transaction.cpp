// SPDX-License-Identifier: MIT
#include "db/transaction.hpp"

#include <stdexcept>

namespace quorate::db {

pqxx::transaction_base& transaction::native() const {
  if (native_ == nullptr) throw std::logic_error{"a statement was run on a transaction that has no database"};
  return *native_;
}

}  // namespace quorate::db
