// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "db/detail/libpq.hpp"

/// Where libpqxx 6.4 (Debian 12) and 7.10 differ. Both are given a connection that libpq has made already; neither may
/// ever make one by itself.
namespace quorate::db::detail {

#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)

/// Lends `raw` to libpqxx for the lifetime of this object; the owner of `raw` stays who it was.
class lent_connection {
 public:
  explicit lent_connection(PGconn* raw) : connection_{pqxx::connection::seize_raw_connection(raw)} {}
  lent_connection(const lent_connection&) = delete;
  lent_connection& operator=(const lent_connection&) = delete;
  ~lent_connection() { static_cast<void>(std::move(connection_).release_raw_connection()); }
  pqxx::connection& get() noexcept { return connection_; }

 private:
  pqxx::connection connection_;
};

template <class... Args>
pqxx::result exec_prepared(pqxx::transaction_base& tx, const std::string& name, Args&&... args) {
  return tx.exec(pqxx::prepped{name}, pqxx::params{std::forward<Args>(args)...});
}

#else

/// libpqxx 6 reconnects silently when it finds its connection dead: prepared statements and the transaction would be
/// gone without a word. This policy hands over one connection and refuses to make a second.
class lent_policy final : public pqxx::connectionpolicy {
 public:
  explicit lent_policy(PGconn* raw) : pqxx::connectionpolicy{std::string{}}, raw_{raw} {}
  handle do_startconnect(handle) override {
    if (handed_over_) throw pqxx::broken_connection{"the connection is lost"};
    return raw_;
  }
  handle do_completeconnect(handle given) override {
    handed_over_ = true;
    return given;
  }
  /// The owner closes it.
  handle do_disconnect(handle) noexcept override { return nullptr; }

 private:
  PGconn* raw_;
  bool handed_over_ = false;
};

struct lent_policy_holder {
  lent_policy policy;
};

/// Lends `raw` to libpqxx for the lifetime of this object; the owner of `raw` stays who it was.
class lent_connection final : private lent_policy_holder, private pqxx::connection_base {
 public:
  explicit lent_connection(PGconn* raw) : lent_policy_holder{lent_policy{raw}}, pqxx::connection_base{policy} {
    init();
  }
  lent_connection(const lent_connection&) = delete;
  lent_connection& operator=(const lent_connection&) = delete;
  ~lent_connection() { close(); }
  pqxx::connection_base& get() noexcept { return *this; }
};

template <class... Args>
pqxx::result exec_prepared(pqxx::transaction_base& tx, const std::string& name, Args&&... args) {
  return tx.exec_prepared(name, std::forward<Args>(args)...);
}

#endif

}  // namespace quorate::db::detail
