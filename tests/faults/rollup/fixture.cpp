// SPDX-License-Identifier: MIT
#include "tests/faults/rollup/fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace quorate::tests {

deployers::deployers(const std::vector<const quorate_process*>& servers, std::size_t threads, std::size_t each,
                     manners with)
    : bears_silence_{with.bears_silence} {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this, &server = *servers[i % servers.size()], account = with.first + i, each] {
      deploy(server, account, each);
    });
}

deployers::~deployers() {
  for (auto& one : threads_) one.join();
}

void deployers::deploy(const quorate_process& server, std::size_t account, std::size_t each) {
  const signing_account signer{account};
  for (std::size_t nonce = 0; nonce < each; ++nonce) {
    const auto raw = signer.deploy(nonce);
    auto answer = server.call("eth_sendRawTransaction", chain::json::array({raw}));
    while (bears_silence_ && !answer.has_result()) {
      std::this_thread::sleep_for(20ms);
      answer = server.call("eth_sendRawTransaction", chain::json::array({raw}));
    }
    ++sent_;
    const std::lock_guard lock{mutex_};
    if (answer.has_result())
      hashes_.push_back(answer.body.at("result").get<std::string>());
    else
      refused_.push_back(std::to_string(answer.http_status) + " " + chain::dump_json(answer.body));
  }
}

std::vector<std::string> deployers::join() {
  for (auto& one : threads_) one.join();
  threads_.clear();
  EXPECT_TRUE(refused_.empty()) << refused_.size() << " refused, the first: " << refused_.front();
  return hashes_;
}

void rollup_test::SetUp() {
  url_ = postgres().create_database("rollup");
  node = std::make_unique<evm_node>(GetParam());
}

serve_options rollup_test::options(std::map<std::string, std::string> more, std::uint16_t port) const {
  serve_options out;
  out.database_url = url_;
  out.settings = {{"hardhat.url", "http://127.0.0.1:" + std::to_string(port != 0 ? port : node->port())},
                  {"hardhat.call_timeout", "2s"}};
  for (auto& [key, value] : more) out.settings[key] = value;
  return out;
}

quorate_process& rollup_test::start(std::map<std::string, std::string> more, std::uint16_t port) {
  servers.push_back(std::make_unique<quorate_process>(options(std::move(more), port)));
  servers.back()->start();
  return *servers.back();
}

std::size_t rollup_test::open_rows() {
  return std::stoul(ask("SELECT count(*) FROM quorate.forwards WHERE state IN ('waiting', 'signed')"));
}
std::size_t rollup_test::done_rows() {
  return std::stoul(ask("SELECT count(*) FROM quorate.forwards WHERE state = 'done'"));
}

bool rollup_test::eventually(const std::function<bool()>& holds, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

std::uint64_t rollup_test::next_nonce(const char* block) const {
  const auto count = node->ask("eth_getTransactionCount", chain::json::array({account, block}));
  return std::stoull(count.get<std::string>(), nullptr, 16);
}

std::map<std::string, std::size_t> rollup_test::announced() const {
  std::map<std::string, std::size_t> out;
  for (const auto& event : node->events()) ++out[chain::to_hex_0x(event.id)];
  return out;
}

void rollup_test::expect_recorded_once(const std::vector<std::string>& hashes) const {
  const auto on_chain = announced();
  EXPECT_EQ(on_chain.size(), hashes.size());
  std::size_t missing = 0, doubled = 0;
  for (const auto& hash : hashes) {
    const auto found = on_chain.find(hash);
    missing += found == on_chain.end() ? 1 : 0;
    doubled += found != on_chain.end() && found->second != 1 ? 1 : 0;
  }
  EXPECT_EQ(missing, 0U) << "of " << hashes.size();
  EXPECT_EQ(doubled, 0U);
  EXPECT_EQ(ask("SELECT count(*) FROM quorate.forwards WHERE state = 'done' AND rollup_id = hash AND block > 0"),
            std::to_string(hashes.size()));
  EXPECT_EQ(ask("SELECT count(*) FROM quorate.forwards"), std::to_string(hashes.size()));
  EXPECT_EQ(ask("SELECT coalesce(string_agg(DISTINCT state || ': ' || error, '; '), '') FROM quorate.forwards "
                "WHERE state <> 'done'"),
            "");
}

double rollup_test::metric(const quorate_process& of, const std::string& name) {
  const auto text = of.get("/metrics").second;
  const auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}

std::string rollup_test::last_error_of_web3(const quorate_process& of) {
  for (const auto& one : of.result("dev_getActors"))
    if (one.at("name") == "web3") return one.at("last_error");
  return {};
}

}  // namespace quorate::tests
