// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/metrics.hpp"
#include "net/server.hpp"
#include "rpc/endpoint.hpp"
#include "tests/common/http_client.hpp"

namespace quorate::tests {

/// Waits until `holds`, up to half a minute; false then. For events that are sure to come soon when all is well.
bool eventually(const std::function<bool()>& holds);

/// An application of two rules. The body of a call says what becomes of it:
/// "later:KEY" waits for `answer(KEY, …)`; "drop" is never answered; "throw" throws; anything else is echoed at once.
/// GET /ping is answered, every other path is 404. A WebSocket is greeted with "hello"; what it then says is answered
/// by the same rules, and "push:N" makes N events of a hundred bytes.
class fake_endpoint : public rpc::endpoint {
 public:
  started post(std::string body, rpc::caller who, done_function done) override;
  started get(std::string_view path, done_function done) override;
  std::shared_ptr<rpc::conversation> converse(rpc::caller who, std::shared_ptr<rpc::voice> to) override;

  /// Answers a waiting call, from the calling thread. False when nothing waits under this key.
  bool answer(const std::string& key, std::string body, int status = 200);
  /// Takes the waiting call's door away, to be used whenever.
  done_function take(const std::string& key);
  bool waits(const std::string& key) const;
  bool was_abandoned(const std::string& key) const;
  std::size_t calls() const;
  rpc::caller last_caller() const;
  std::string last_path() const;
  /// To every socket that is open. How many of them took it.
  std::size_t push(const std::string& text);
  std::size_t conversations() const;

 private:
  class waiting_call;
  class fake_conversation;

  mutable std::mutex mutex_;
  std::map<std::string, done_function> waiting_;
  std::set<std::string> abandoned_;
  std::size_t calls_ = 0;
  rpc::caller last_caller_;
  std::string last_path_;
  std::map<const void*, std::shared_ptr<rpc::voice>> voices_;
};

/// A server on a free port of 127.0.0.1 with the fake application. Change `settings` before `start`.
class http_fixture : public ::testing::Test {
 protected:
  http_fixture();
  ~http_fixture() override;

  void start();
  http_client client() { return http_client(server->port()); }
  /// Value of a counter or gauge of the server.
  std::uint64_t count(const std::string& name, const actors::metrics::labels& labels = {});
  std::int64_t open_connections();
  std::uint64_t refused(const std::string& why) { return count("quorate_http_refused_total", {{"why", why}}); }
  /// The server still answers a new client.
  void expect_service();

  fake_endpoint endpoint;
  actors::metrics::registry metrics;
  net::server_settings settings;
  std::unique_ptr<net::server> server;
};

}  // namespace quorate::tests
