// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/common/evm_node.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"
#include "tests/common/signed_calls.hpp"

namespace quorate::tests {

using namespace std::chrono_literals;

/// Threads that deploy one contract after another, each from an account of its own, until they have sent `each`.
/// What the server answered is remembered; an answer that is no hash fails the test, unless `bears_silence`:
/// then the same bytes are sent again until there is one, as a client does whose server was restarted.
class deployers {
 public:
  struct manners {
    std::size_t first = 1000;  // account of the first thread; the others have the next ones
    bool bears_silence = false;
  };
  deployers(const std::vector<const quorate_process*>& servers, std::size_t threads, std::size_t each,
            manners with = {1000, false});
  ~deployers();
  deployers(const deployers&) = delete;
  deployers& operator=(const deployers&) = delete;

  /// Waits until every thread has sent its share; every hash that was answered.
  std::vector<std::string> join();
  std::size_t sent() const { return sent_.load(); }

 private:
  void deploy(const quorate_process& server, std::size_t account, std::size_t each);

  const bool bears_silence_;
  std::atomic<std::size_t> sent_{0};
  std::mutex mutex_;
  std::vector<std::string> hashes_;
  std::vector<std::string> refused_;
  std::vector<std::thread> threads_;
};

/// A Quorate that forwards to a real node, on a database of its own.
class rollup_test : public testing::TestWithParam<evm_node::kind> {
 protected:
  void SetUp() override;

  serve_options options(std::map<std::string, std::string> more = {}, std::uint16_t port = 0) const;
  /// Starts the first or a further process.
  quorate_process& start(std::map<std::string, std::string> more = {}, std::uint16_t port = 0);

  static postgres_server& postgres() { return postgres_server::shared(); }
  static std::string ask(const std::string& sql) { return postgres().value(sql, "rollup"); }
  static std::size_t open_rows();
  static std::size_t done_rows();
  /// Looks every 10 ms.
  static bool eventually(const std::function<bool()>& holds, std::chrono::seconds patience = 120s);
  static bool all_recorded() {
    return eventually([] { return open_rows() == 0; });
  }
  /// Of Quorate's account, as the node counts; `block`: latest or pending.
  std::uint64_t next_nonce(const char* block) const;
  /// How often each id was announced on the chain.
  std::map<std::string, std::size_t> announced() const;
  /// All of these are on the chain, once, nothing else is, and the database says so.
  void expect_recorded_once(const std::vector<std::string>& hashes) const;
  static double metric(const quorate_process& of, const std::string& name);
  /// What dev_getActors tells of the forwarder.
  static std::string last_error_of_web3(const quorate_process& of);

  static constexpr const char* account = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";  // Hardhat's first
  std::string url_;
  std::unique_ptr<evm_node> node;
  std::vector<std::unique_ptr<quorate_process>> servers;
};

}  // namespace quorate::tests
