// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/submission_gateway.hpp"
#include "rpc/methods/all.hpp"

namespace quorate::rpc::methods::tests {

/// A pool that runs each job inside submit(): on a database session when there is one, else on a null transaction.
/// Answers with `refusal` when that is set.
class inline_pool : public actors::pool {
 public:
  void submit(actors::job_ptr work) override;
  void cancel(actors::job_ptr) override {}
  void inspect(std::function<void(actors::pool_snapshot)> done) override { done(figures); }
  void configure(actors::pool_settings settings, std::function<void(status)> done) override;
  void adjust(std::function<result<actors::pool_settings>(actors::pool_settings)> change,
              std::function<void(status)> done) override;
  void pause() override { figures.paused = true; }
  void resume() override { figures.paused = false; }
  void drain(actors::time_point deadline, std::function<void()> done) override;
  void evict() override { ++figures.generation; }

  actors::pool_snapshot figures;
  std::optional<error> refusal;
  std::function<status(const actors::job&)> run;  // empty: the null transaction
  std::vector<std::string> labels;                // of the jobs submitted
  actors::time_point drained_until;
};

/// The request actor of one call, answering at once.
class inline_context : public actors::request_context {
 public:
  explicit inline_context(inline_pool& pool) : pool_{pool} {}
  /// Time passes at once.
  void after(actors::duration, std::function<void()> then) override { then(); }
  void reply(result<std::string> value) override {
    if (!answer) answer = std::move(value);
  }
  actors::time_point deadline() const override { return deadline_; }
  const std::string& label() const override { return label_; }
  std::function<void(std::function<void()>)> resumer() override {
    return [](const std::function<void()>& then) { then(); };
  }
  std::optional<result<std::string>> answer;

 private:
  void submit(actors::job_ptr work) override { pool_.submit(std::move(work)); }
  inline_pool& pool_;
  actors::time_point deadline_ = actors::clock::now() + std::chrono::seconds{30};
  std::string label_ = "test";
};

/// The whole method table over an inline pool, with a clock that stands at 1780308001 and random bytes of 0x5f.
class methods_test : public ::testing::Test {
 protected:
  methods_test();

  /// Calls a method with parameters that the binding has checked already; omitted optional ones take their fallback. A
  /// keyed read is given `stored`, or asks the database when there is one.
  result<std::string> call(const std::string& name, std::vector<json> params = {},
                           std::optional<db::read_value> stored = {}, bool trusted = true);
  /// The result as a tree; fails the test on an error.
  json answer(const std::string& name, std::vector<json> params = {}, std::optional<db::read_value> stored = {});

  inline_pool pool;
  actors::metrics::registry metrics;
  actors::submission_gateway gateway{pool, metrics, [this] { ++wakes; }};
  std::int64_t now = 1780308001;
  std::int64_t window = 30;
  int wakes = 0;
  bool draining = false;
  std::vector<actors::actor_figures> actor_kinds;
  std::set<std::string> keys;  // the environment variables that are set
  /// What random_bytes gives.
  std::function<void(std::span<std::uint8_t>)> draw = [](std::span<std::uint8_t> out) {
    std::fill(out.begin(), out.end(), std::uint8_t{0x5f});
  };
  services with;
  method_table table;
  /// Set by tests with a database: runs `body` in a transaction of this kind.
  std::function<status(db::access, const actors::job::body_function&)> database;
};

/// A row as an insert leaves it: a call from 0xAb… to 0xCd…, PENDING.
db::transaction_row pending_call();
db::read_value stored(db::transaction_row row);

inline const std::string some_hash = "0x9c" + std::string(60, '0') + "01";
inline const std::string sender = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
inline const std::string recipient = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

}  // namespace quorate::rpc::methods::tests
