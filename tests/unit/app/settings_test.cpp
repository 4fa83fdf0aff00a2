// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include <gtest/gtest.h>

namespace quorate::app {
namespace {

using std::chrono::milliseconds;

config::values with(std::string_view key, config::setting value) {
  config::values v;
  v.set(key, {std::move(value), config::source::flag, "test"});
  return v;
}

TEST(app_settings, cancel_grace_reaches_the_pool) {
  EXPECT_EQ(pool_settings_of(with("database.pool.cancel_grace", milliseconds{700})).cancel_grace, milliseconds{700});
}

/// The pool's timeout may be raised while connections are open; what the server was told must not be in the way.
TEST(app_settings, server_allows_what_a_call_may_take) {
  const auto v = with("database.pool.timeout", milliseconds{2'000});
  EXPECT_EQ(pool_settings_of(v).timeout, milliseconds{2'000});
  EXPECT_EQ(connect_settings_of(v, "host=x").statement_timeout, v.duration("rpc.call_timeout"));
}

TEST(app_settings, rules_for_submissions_reach_the_methods) {
  auto values = with("rpc.pending_per_sender", std::int64_t{7});
  values.set("rpc.accept_any_chain_id", {true, config::source::flag, "test"});
  const auto rules = submission_rules_of(values);
  EXPECT_EQ(rules.caps.per_sender, 7);
  EXPECT_EQ(rules.caps.per_contract, 0);
  EXPECT_TRUE(rules.any_chain_id);
  EXPECT_EQ(rules.max_rotations, 3);
  EXPECT_EQ(rules.consensus_main, "0x0000000000000000000000000000000000000000");
}

TEST(app_settings, the_nodes_address_is_read_as_studio_reads_it) {
  const auto read = [](const std::string& url) {
    const auto found = node_address_of(with("hardhat.url", url));
    return found ? found->host + "|" + std::to_string(found->port) + "|" + found->path : found.error().message;
  };
  EXPECT_EQ(read("http://hardhat"), "hardhat|8545|/");
  EXPECT_EQ(read("hardhat"), "hardhat|8545|/");
  EXPECT_EQ(read("http://127.0.0.1:9/rpc"), "127.0.0.1|9|/rpc");
  EXPECT_EQ(read("http://[::1]:9"), "::1|9|/");
  EXPECT_EQ(read("embedded"), "127.0.0.1|8545|/");
  for (const auto* wrong :
       {"https://x", "http://", "http://x:0", "http://x:99999", "http://x:1:2", "http://u@x", "[::1"})
    EXPECT_NE(read(wrong).find("hardhat.url: "), std::string::npos) << wrong;
}

TEST(app_settings, a_node_has_a_key_and_a_contract) {
  const auto usual = web3_settings_of(config::values{});
  ASSERT_TRUE(usual);
  EXPECT_EQ(chain::to_hex_0x(chain::address_of(usual->key).value()), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  EXPECT_GT(usual->lease, 2 * usual->call_timeout);
  EXPECT_FALSE(web3_settings_of(with("hardhat.private_key", std::string{"12"})));
  EXPECT_FALSE(web3_settings_of(with("hardhat.contract", std::string{"0x12"})));
}

TEST(app_settings, with_a_node_clients_are_told_of_its_contract) {
  EXPECT_FALSE(submission_rules_of(config::values{}).forward);
  const auto rules = submission_rules_of(with("hardhat.url", std::string{"http://x"}));
  EXPECT_TRUE(rules.forward);
  EXPECT_EQ(rules.consensus_main, "0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575");
}

TEST(app_settings, as_many_reads_may_wait_as_calls_are_admitted) {
  const auto values = with("rpc.in_flight_limit", std::int64_t{123'456});
  EXPECT_EQ(read_settings_of(values).queue_limit, 123'456U);
  EXPECT_EQ(front_settings_of(values).in_flight, 123'456U);
}

}  // namespace
}  // namespace quorate::app
