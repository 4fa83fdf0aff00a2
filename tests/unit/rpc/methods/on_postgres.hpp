// SPDX-License-Identifier: MIT
#pragma once

#include "db/pg_connector.hpp"
#include "db/session.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods::tests {

/// The methods on a real PostgreSQL: what they write, others read. `Suite` has the `name` of its database.
template <class Suite>
class methods_on_postgres : public methods_test {
 protected:
  static void SetUpTestSuite() {
    auto connector =
        db::make_pg_connector({.url = quorate::tests::postgres_server::shared().create_database(Suite::name)});
    ASSERT_TRUE(connector);
    auto opened = (*connector)->open(std::chrono::seconds{10});
    ASSERT_TRUE(opened) << opened.error().detail;
    session_ = std::move(*opened);
  }
  static void TearDownTestSuite() { session_.reset(); }

  methods_on_postgres() {
    database = [](db::access mode, const actors::job::body_function& body) {
      return session_->run({mode, std::chrono::seconds{30}, {}}, body).value;
    };
  }
  void SetUp() override {
    sql("TRUNCATE current_state, transactions, validators, llm_provider, snapshots; DELETE FROM quorate.settings WHERE "
        "name <> "
        "'schema_version'; SELECT setval('quorate.faucet_nonce', 0, false)");
  }
  static void sql(const std::string& text) { quorate::tests::postgres_server::shared().exec(text, Suite::name); }

  static inline std::unique_ptr<db::session> session_;
};

}  // namespace quorate::rpc::methods::tests
