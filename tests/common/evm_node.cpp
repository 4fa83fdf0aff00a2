// SPDX-License-Identifier: MIT
#include "tests/common/evm_node.hpp"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "chain/consensus_main.hpp"
#include "net/http_client.hpp"
#include "tests/common/child.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/quorate_process.hpp"

namespace quorate::tests {
namespace {

using namespace std::chrono_literals;
using chain::json;
namespace fs = std::filesystem;

constexpr auto start_patience = 180s;  // the first start installs packages
constexpr const char* contract = "0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575";

void run_once(const std::string& program) {
  const auto done = run({program});
  if (done.code != 0) throw std::runtime_error{program + " failed: " + done.text};
}

/// The program out of the package for this machine.
fs::path anvil_program() {
  const auto folder = source_dir() / "tests" / "common" / "anvil";
  run_once((folder / "install").string());
  for (const auto& entry : fs::directory_iterator{folder / "node_modules" / "@foundry-rs"})
    if (fs::exists(entry.path() / "bin" / "anvil")) return entry.path() / "bin" / "anvil";
  throw std::runtime_error{"no anvil for this machine"};
}

std::string inode_of(const fs::path& descriptor) {
  std::error_code gone;
  const auto target = fs::read_symlink(descriptor, gone).string();
  return target.starts_with("socket:[") ? target.substr(8, target.size() - 9) : std::string{};
}

}  // namespace

evm_node::evm_node(kind which) : which_{which}, port_{free_port()} {
  run_once((source_dir() / "hardhat" / "prepare").string());
  start();
}

evm_node::~evm_node() { kill(); }

std::string evm_node::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

void evm_node::start() {
  const auto port = std::to_string(port_);
  const auto log = folder_.path() / "log";
  if (which_ == kind::hardhat)
    pid_ = spawn_child(
        {"env", "HARDHAT_DEPLOYMENTS=" + folder_.path().string(), (source_dir() / "hardhat" / "start").string(), port},
        log);
  else
    pid_ = spawn_child({anvil_program().string(), "--host", "127.0.0.1", "--port", port, "--chain-id", "61127",
                        "--gas-price", "0", "--base-fee", "0", "--gas-limit", "20000000000", "--silent"},
                       log);
  const auto until = std::chrono::steady_clock::now() + start_patience;
  while (!answers()) {
    if (std::chrono::steady_clock::now() > until) give_up("the node did not start");
    std::this_thread::sleep_for(10ms);
  }
  if (which_ == kind::anvil) deploy();
}

void evm_node::deploy() const {
  const auto done = run({"env", "HARDHAT_DEPLOYMENTS=" + folder_.path().string(), "node",
                         (source_dir() / "hardhat" / "scripts" / "deploy.js").string(), url()});
  if (done.code != 0) give_up("the contract was not deployed: " + done.text);
}

void evm_node::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait_child(pid_);
  pid_ = -1;
}

void evm_node::sigstop() const { ::kill(pid_, SIGSTOP); }
void evm_node::sigcont() const { ::kill(pid_, SIGCONT); }

bool evm_node::answers() const {
  const auto got = net::http_post_json("127.0.0.1", port_, "/",
                                       R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]})", 1s);
  return got && got->status == 200;
}

json evm_node::ask(const std::string& method, json params) const {
  const auto got = net::http_post_json(
      "127.0.0.1", port_, "/",
      chain::dump_json({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}}), 30s);
  if (!got) give_up(method + ": " + got.error().message);
  auto body = chain::parse_json(got->body, {.depth = 64, .elements = 10'000'000});
  if (!body || !body->contains("result")) give_up(method + " answered " + got->body);
  return std::move((*body)["result"]);
}

std::vector<chain::new_transaction> evm_node::events() const {
  const auto logs = ask("eth_getLogs", json::array({{{"fromBlock", "0x0"},
                                                     {"toBlock", "latest"},
                                                     {"address", contract},
                                                     {"topics", {chain::to_hex_0x(chain::new_transaction_topic())}}}}));
  return chain::new_transactions_in(json{{"logs", logs}});
}

void evm_node::use_account(const std::string& address) const {
  ask("eth_sendTransaction",
      json::array({{{"from", address}, {"to", address}, {"value", "0x0"}, {"gas", "0x5208"}, {"gasPrice", "0x0"}}}));
}

void evm_node::set_nonce(const std::string& address, std::uint64_t to) const {
  ask(which_ == kind::hardhat ? "hardhat_setNonce" : "anvil_setNonce",
      json::array({address, chain::to_hex_quantity(to)}));
}

void evm_node::give_up(const std::string& what) const {
  std::ifstream in{folder_.path() / "log"};
  std::ostringstream text;
  text << in.rdbuf();
  const auto said = text.str();
  throw std::runtime_error{what + "; it said:\n" + (said.size() > 2000 ? said.substr(said.size() - 2000) : said)};
}

std::size_t connections_to(pid_t pid, std::uint16_t port) {
  std::set<std::string> sockets;
  std::error_code gone;
  const fs::path process = fs::path{"/proc"} / std::to_string(pid);
  for (const auto& entry : fs::directory_iterator{process / "fd", gone})
    if (auto inode = inode_of(entry.path()); !inode.empty()) sockets.insert(std::move(inode));
  // sl local remote state tx:rx tr:when retrnsmt uid timeout inode
  std::ifstream table{process / "net" / "tcp"};
  std::string line;
  std::getline(table, line);
  std::size_t count = 0;
  while (std::getline(table, line)) {
    std::istringstream words{line};
    std::string slot, local, remote, state, queues, timer, retransmit, uid, timeout, inode;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmit >> uid >> timeout >> inode;
    const auto colon = remote.find(':');
    if (state != "01" || colon == std::string::npos || !sockets.contains(inode)) continue;
    if (std::stoul(remote.substr(colon + 1), nullptr, 16) == port) ++count;
  }
  return count;
}

}  // namespace quorate::tests
