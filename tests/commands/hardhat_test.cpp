// SPDX-License-Identifier: MIT
// The Hardhat node of `serve --hardhat embedded`, and what is said when it cannot be had.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/common/command.hpp"
#include "tests/common/evm_node.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/quorate_process.hpp"
#include "tests/common/signed_calls.hpp"

namespace quorate::tests {
namespace {

using namespace std::chrono_literals;

/// A data directory's process is told from others' by the port of its node.
pid_t node_on(std::uint16_t port) {
  const auto found = processes_with(std::string{"--port\0", 7} + std::to_string(port));
  return found.size() == 1 ? found.front() : -1;
}

std::string recorded(const quorate_process& quorate) {
  const auto text = quorate.get("/metrics").second;
  const std::string name = "quorate_rollup_forwards_total{outcome=\"done\"} ";
  const auto at = text.find(name);
  return at == std::string::npos ? "none" : text.substr(at + name.size(), text.find('\n', at) - at - name.size());
}

TEST(embedded_hardhat, is_started_records_comes_back_and_ends_with_its_owner) {
  const auto port = free_port();
  quorate_process quorate{{.settings = {{"hardhat.port", std::to_string(port)}}, .more = {"--hardhat", "embedded"}}};
  quorate.start();
  const signing_account signer{5};
  quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(0)}));
  quorate.wait_until(
      "the first is recorded", [&] { return recorded(quorate) == "1"; }, 180s);
  const auto first = node_on(port);
  ASSERT_GT(first, 0);
  ::kill(first, SIGKILL);
  quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(1)}));
  quorate.wait_until("the second is recorded", [&] { return recorded(quorate) == "2"; });
  const auto second = node_on(port);
  ASSERT_GT(second, 0);
  EXPECT_NE(second, first);
  EXPECT_NE(quorate.log().find("the embedded Hardhat node is down; starting it again"), std::string::npos);
  EXPECT_EQ(quorate.stop(), 0);
  EXPECT_EQ(node_on(port), -1);
}

TEST(embedded_hardhat, says_what_is_missing_before_it_serves) {
  const temporary_directory place;
  const auto serve = [&](std::vector<std::string> more, const std::map<std::string, std::string>& environment = {}) {
    std::vector<std::string> words{"serve", "--port", "0", "--data-dir", (place.path() / "data").string()};
    words.insert(words.end(), more.begin(), more.end());
    return run_quorate(words, environment);
  };
  const auto no_npm = serve({"--hardhat", "embedded"}, {{"PATH", "/nonexistent"}});
  EXPECT_EQ(no_npm.code, 1);
  EXPECT_TRUE(no_npm.says("node is not on this machine")) << no_npm.text;
  EXPECT_TRUE(no_npm.says("apt-get install nodejs npm")) << no_npm.text;
  const auto no_folder = serve({"--hardhat", "embedded", "--set", "hardhat.directory=" + place.path().string()});
  EXPECT_EQ(no_folder.code, 1);
  EXPECT_TRUE(no_folder.says("hardhat.directory: there is no start in")) << no_folder.text;
  const auto no_url = serve({"--hardhat", "https://node"});
  EXPECT_EQ(no_url.code, 1);
  EXPECT_TRUE(no_url.says("only http:// is spoken")) << no_url.text;
}

TEST(doctor_of_the_node, says_whether_it_answers_and_has_the_contract) {
  const auto ask = [](const std::string& url) {
    return run_quorate({"doctor", "--port", std::to_string(free_port()), "--hardhat", url});
  };
  const auto away = ask("http://127.0.0.1:" + std::to_string(free_port()));
  EXPECT_TRUE(away.says("until it answers, records wait")) << away.text;
  const evm_node node{evm_node::kind::hardhat};
  EXPECT_TRUE(ask(node.url()).says("answers and has ConsensusMain (chain 61127)"));
  node.ask("hardhat_setCode", chain::json::array({"0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575", "0x"}));
  EXPECT_TRUE(ask(node.url()).says("has no contract at 0xb7278a61aa25c888815afc32ad3cc52ff24fe575"));
  EXPECT_TRUE(ask("embedded").says("hardhat: embedded, starts from " + (source_dir() / "hardhat").string()));
}

}  // namespace
}  // namespace quorate::tests
