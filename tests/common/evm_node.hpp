// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "chain/json.hpp"
#include "chain/rollup.hpp"
#include "tests/common/command.hpp"

namespace quorate::tests {

/// A real Ethereum node on a port of its own, with ConsensusMain on its chain. The programs come from npm by their
/// locks. Throws std::runtime_error, with the end of the node's output, when it does not do what a test needs.
class evm_node {
 public:
  enum class kind { hardhat, anvil };
  explicit evm_node(kind which);
  ~evm_node();
  evm_node(const evm_node&) = delete;
  evm_node& operator=(const evm_node&) = delete;

  /// On the same port every time, with a new chain.
  void start();
  void kill();
  void sigstop() const;
  void sigcont() const;
  std::uint16_t port() const { return port_; }
  std::string url() const;

  /// The result of a call that must succeed.
  chain::json ask(const std::string& method, chain::json params = chain::json::array()) const;
  /// Every NewTransaction on the chain.
  std::vector<chain::new_transaction> events() const;
  /// Another user of an account that the node knows: one plain transfer.
  void use_account(const std::string& address) const;
  /// Sets an account's nonce.
  void set_nonce(const std::string& address, std::uint64_t to) const;

 private:
  bool answers() const;
  void deploy() const;
  [[noreturn]] void give_up(const std::string& what) const;

  kind which_;
  temporary_directory folder_;
  std::uint16_t port_;
  pid_t pid_ = -1;
};

/// Connections of this process to this port of 127.0.0.1 that are established now.
std::size_t connections_to(pid_t pid, std::uint16_t port);

}  // namespace quorate::tests
