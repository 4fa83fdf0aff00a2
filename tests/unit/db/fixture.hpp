// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/notifications.hpp"
#include "db/pg_connector.hpp"
#include "tests/common/postgres_server.hpp"

namespace quorate::db::tests {

using quorate::tests::postgres_server;

inline std::unique_ptr<connector> connector_to(std::string url,
                                               std::chrono::milliseconds statement_timeout = std::chrono::seconds{30}) {
  connect_settings settings;
  settings.url = std::move(url);
  settings.statement_timeout = statement_timeout;
  auto made = make_pg_connector(settings);
  if (!made) throw std::runtime_error{made.error().message};
  return std::move(*made);
}

inline std::unique_ptr<session> open_session(connector& from) {
  auto opened = from.open(std::chrono::seconds{10});
  if (!opened) throw std::runtime_error{opened.error().detail};
  return std::move(*opened);
}

inline std::unique_ptr<session> open_session(const std::string& url) { return open_session(*connector_to(url)); }

/// Runs a unit of work and returns what it returned.
template <class Work>
auto in_transaction(session& on, Work work, access mode = access::read_write) {
  using answer = decltype(work(std::declval<transaction&>()));
  answer kept = fail(errc::internal, "the unit of work was never run");
  run_options options;
  options.mode = mode;
  const auto left = on.run(options, [&](transaction& tx) -> status {
    kept = work(tx);
    if (!kept) return tl::unexpected<error>{kept.error()};
    return {};
  });
  if (!left.value) kept = tl::unexpected<error>{left.value.error()};
  return kept;
}

/// A suite with a database of its own, made once, holding the schema.
template <class Suite>
class database_test : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { url_ = server().create_database(name()); }
  static postgres_server& server() { return postgres_server::shared(); }
  static std::string name() { return ::testing::UnitTest::GetInstance()->current_test_suite()->name(); }
  static void sql(const std::string& text) { server().exec(text, name()); }
  static std::string value(const std::string& text) { return server().value(text, name()); }

  /// Payloads by channel, in their order: what was notified since it was last asked.
  static std::map<std::string, std::vector<std::string>> heard_by(listener& ears) {
    sql("NOTIFY quorate_settings, 'no more'");
    std::map<std::string, std::vector<std::string>> heard;
    while (true) {
      const auto news = ears.wait(std::chrono::seconds{10});
      if (!news || news->empty()) throw std::runtime_error{"the listener heard nothing"};
      for (const auto& one : *news) heard[one.channel].push_back(one.payload);
      auto& settings = heard[std::string{channels::settings}];
      if (settings.empty() || settings.back() != "no more") continue;
      settings.pop_back();
      return heard;
    }
  }

  /// Every test starts with empty tables.
  void SetUp() override {
    sql("TRUNCATE current_state, transactions, validators, llm_provider, snapshots; DELETE FROM quorate.settings WHERE "
        "name <> "
        "'schema_version'; SELECT setval('quorate.faucet_nonce', 0, false)");
  }

  static inline std::string url_;
};

}  // namespace quorate::db::tests
