// SPDX-License-Identifier: MIT
#include "tests/common/tcp_gate.hpp"
#include "tests/faults/rollup/fixture.hpp"

/// Deploys and calls are recorded on a real node, whatever happens to it: no client's request fails, nothing is
/// recorded twice, all of it is in the end.
namespace quorate::tests {
namespace {

class forwarding : public rollup_test {};

TEST_P(forwarding, the_event_names_what_the_client_was_told) {
  auto& quorate = start();
  const signing_account signer{7};
  const auto deployed =
      quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(0)})).get<std::string>();
  const auto contract = quorate.result("eth_getTransactionByHash", chain::json::array({deployed})).at("to_address");
  const auto contract_bytes = chain::parse_address(contract.get<std::string>()).value();
  const auto called = quorate.result("eth_sendRawTransaction", chain::json::array({signer.run(1, contract_bytes)}));
  ASSERT_TRUE(all_recorded());
  expect_recorded_once({deployed, called.get<std::string>()});
  for (const auto& event : node->events()) {
    EXPECT_EQ(event.recipient, contract_bytes);
    EXPECT_EQ(event.activator, signer.address());
  }
  // What is found in the receipt of a client is what stands on the chain.
  const auto log = quorate.result("eth_getTransactionReceipt", chain::json::array({deployed})).at("logs").at(0);
  EXPECT_EQ(chain::new_transactions_in({{"logs", {log}}}).at(0), node->events().at(0));
  EXPECT_EQ(quorate.result("sim_getConsensusContract", chain::json::array({"ConsensusMain"})).at("address"),
            "0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575");
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, fifty_senders_share_one_connection) {
  auto& quorate = start();
  deployers crowd{{&quorate}, 50, 8};
  std::size_t most = 0;
  ASSERT_TRUE(eventually([&] {
    most = std::max(most, connections_to(quorate.pid(), node->port()));
    return crowd.sent() == 400 && open_rows() == 0;
  }));
  EXPECT_EQ(most, 1U);
  expect_recorded_once(crowd.join());
  EXPECT_TRUE(eventually([&] { return metric(quorate, "quorate_rollup_open") == 0; }));
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, a_node_that_dies_and_comes_back_gets_the_rest) {
  auto& quorate = start();
  deployers crowd{{&quorate}, 8, 50};
  ASSERT_TRUE(eventually([] { return done_rows() >= 60; }));
  // Held still, so that what stands on the chain that dies is known to the last.
  ::kill(quorate.pid(), SIGSTOP);
  const auto before = announced();
  node->kill();
  ::kill(quorate.pid(), SIGCONT);
  auto hashes = deployers{{&quorate}, 8, 5, {.first = 2000}}.join();  // answered all the same
  ASSERT_TRUE(eventually([&] { return metric(quorate, "quorate_rollup_breaker") > 0; }));
  EXPECT_NE(last_error_of_web3(quorate), "");
  node->start();
  const auto first = crowd.join();
  hashes.insert(hashes.end(), first.begin(), first.end());
  ASSERT_TRUE(all_recorded());
  EXPECT_EQ(done_rows(), hashes.size());
  const auto after = announced();
  std::size_t in_both = 0;
  for (const auto& hash : hashes) {
    const auto old_one = before.find(hash), new_one = after.find(hash);
    EXPECT_TRUE(old_one != before.end() || new_one != after.end()) << hash << " is nowhere";
    if (new_one != after.end()) {
      EXPECT_EQ(new_one->second, 1U) << hash;
    }
    in_both += old_one != before.end() && new_one != after.end() ? 1 : 0;
  }
  // The new chain lacks what the old one took with it, and has again what nobody had been told of yet: one batch at
  // the most.
  EXPECT_LE(in_both, 32U);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, a_frozen_node_holds_up_nobody_and_doubles_nothing) {
  auto& quorate = start({{"hardhat.call_timeout", "500ms"}});
  std::vector<std::string> hashes;
  const auto keep = [&](const std::vector<std::string>& more) {
    hashes.insert(hashes.end(), more.begin(), more.end());
  };
  for (std::size_t times = 1; times <= 3; ++times) {
    const auto before = done_rows();
    deployers crowd{{&quorate}, 8, 20, {.first = 1000 * times}};
    ASSERT_TRUE(eventually([&] { return done_rows() > before; }));
    node->sigstop();
    keep(deployers{{&quorate}, 8, 5, {.first = 1000 * times + 500}}.join());
    keep(crowd.join());
    EXPECT_TRUE(eventually([&] { return metric(quorate, "quorate_rollup_breaker") > 0; }));
    node->sigcont();
    ASSERT_TRUE(all_recorded());
  }
  expect_recorded_once(hashes);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, a_slow_and_resetting_network_delays_and_doubles_nothing) {
  tcp_gate gate{node->port()};
  auto& quorate = start({}, gate.port());
  deployers crowd{{&quorate}, 4, 20};
  gate.delay(30ms);
  for (int times = 0; times < 5; ++times) {
    const auto before = done_rows();
    ASSERT_TRUE(eventually([&] { return done_rows() > before || open_rows() == 0; }));
    gate.reset_all();
  }
  EXPECT_LE(gate.open_connections(), 1U);
  gate.limit_bytes(3000);
  ASSERT_TRUE(eventually([&] { return metric(quorate, "quorate_rollup_breaker") > 0 || open_rows() == 0; }));
  gate.forward();
  const auto hashes = crowd.join();
  ASSERT_TRUE(all_recorded());
  expect_recorded_once(hashes);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, nonces_taken_by_others_are_left_to_them) {
  auto& quorate = start({{"hardhat.idle_close", "1min"}});  // what it thinks the nonce is, it keeps thinking
  const signing_account late{7};
  std::vector<std::string> hashes;
  const auto deploy_and_await = [&](std::uint64_t nonce) {
    hashes.push_back(quorate.result("eth_sendRawTransaction", chain::json::array({late.deploy(nonce)})));
    return eventually(
        [&] { return ask("SELECT state FROM quorate.forwards WHERE hash = '" + hashes.back() + "'") == "done"; });
  };
  // Between two transactions: Hardhat allows it then only, and Anvil gives nobody the nonce of one that it has.
  const auto meanwhile = [&](const std::function<void(std::uint64_t)>& action) {
    ::kill(quorate.pid(), SIGSTOP);
    EXPECT_TRUE(eventually([&] { return next_nonce("latest") == next_nonce("pending"); }));
    action(next_nonce("latest"));
    ::kill(quorate.pid(), SIGCONT);
  };
  deployers crowd{{&quorate}, 8, 40};
  ASSERT_TRUE(eventually([] { return done_rows() >= 20; }));
  meanwhile([&](std::uint64_t) { node->use_account(account); });
  ASSERT_TRUE(deploy_and_await(0));
  EXPECT_GE(metric(quorate, "quorate_rollup_nonce_resyncs_total"), 1);
  meanwhile([&](std::uint64_t next) { node->set_nonce(account, next + 1000); });
  ASSERT_TRUE(deploy_and_await(1));
  EXPECT_GE(metric(quorate, "quorate_rollup_nonce_resyncs_total"), 2);
  const auto others = crowd.join();
  hashes.insert(hashes.end(), others.begin(), others.end());
  ASSERT_TRUE(all_recorded());
  expect_recorded_once(hashes);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, a_node_that_mines_nothing_is_waited_for_and_seen) {
  auto& quorate = start({{"hardhat.patience", "200ms"}});
  node->ask("evm_setAutomine", chain::json::array({false}));
  deployers crowd{{&quorate}, 4, 10};
  const auto hashes = crowd.join();  // every reply came all the same
  EXPECT_TRUE(eventually([&] { return metric(quorate, "quorate_rollup_not_mined") > 0; }));
  EXPECT_NE(quorate.log().find("does not mine it"), std::string::npos);
  EXPECT_TRUE(announced().empty());
  node->ask("evm_setAutomine", chain::json::array({true}));
  ASSERT_TRUE(eventually([&] {
    node->ask("evm_mine");
    return open_rows() == 0;
  }));
  expect_recorded_once(hashes);
  EXPECT_EQ(metric(quorate, "quorate_rollup_not_mined"), 0);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, a_killed_quorate_loses_none_and_doubles_none) {
  auto& quorate = start();
  deployers crowd{{&quorate}, 8, 40, {.bears_silence = true}};
  for (int times = 0; times < 3; ++times) {
    const auto before = done_rows();
    ASSERT_TRUE(eventually([&] { return done_rows() >= before + 20 || (crowd.sent() == 320 && open_rows() == 0); }));
    quorate.kill();
    quorate.start();
  }
  const auto hashes = crowd.join();
  ASSERT_TRUE(all_recorded());
  expect_recorded_once(hashes);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, what_a_node_holds_back_for_good_goes_under_another_hash) {
  if (GetParam() == evm_node::kind::hardhat) GTEST_SKIP() << "Hardhat holds nothing back";
  node->set_nonce(account, 10);
  node->ask("evm_setAutomine", chain::json::array({false}));
  auto& quorate = start();
  const signing_account signer{7};
  std::vector<std::string> hashes;
  hashes.push_back(quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(0)})));
  ASSERT_TRUE(eventually([&] { return next_nonce("pending") == next_nonce("latest") + 1; }));
  quorate.kill();
  // Anvil queues what comes a nonce too early, and looks at it no more when the gap closes by other means.
  const auto nonce = next_nonce("latest");
  node->ask("anvil_dropAllTransactions");
  node->set_nonce(account, nonce - 1);
  node->ask("eth_sendRawTransaction",
            chain::json::array({ask("SELECT '0x' || encode(raw, 'hex') FROM quorate.forwards")}));
  node->set_nonce(account, nonce);
  ASSERT_EQ(next_nonce("pending"), nonce);
  node->ask("evm_setAutomine", chain::json::array({true}));
  quorate.start();
  hashes.push_back(quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(1)})));
  ASSERT_TRUE(all_recorded());
  expect_recorded_once(hashes);
  EXPECT_NE(quorate.log().find("it was refused"), std::string::npos);
  EXPECT_EQ(quorate.stop(), 0);
}

TEST_P(forwarding, several_processes_take_turns_and_one_takes_over) {
  auto& first = start();
  auto& second = start();
  auto& third = start();
  deployers crowd{{&first, &second, &third}, 9, 30, {.bears_silence = true}};
  ASSERT_TRUE(eventually([] { return done_rows() >= 40; }));
  const auto holder = ask("SELECT split_part(holder, '-', 1) FROM quorate.leases WHERE name = 'rollup'");
  const auto holding = std::find_if(servers.begin(), servers.end(),
                                    [&](const auto& one) { return std::to_string(one->pid()) == holder; });
  ASSERT_NE(holding, servers.end());
  (*holding)->kill();
  (*holding)->start();
  const auto hashes = crowd.join();
  ASSERT_TRUE(all_recorded());
  expect_recorded_once(hashes);
  for (const auto& one : servers) EXPECT_EQ(one->stop(), 0);
}

TEST_P(forwarding, a_reply_may_wait_for_the_record) {
  auto& quorate = start({{"hardhat.reply_wait", "30s"}});
  const signing_account signer{7};
  for (std::uint64_t nonce = 0; nonce < 10; ++nonce) {
    const auto hash = quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(nonce)}));
    EXPECT_EQ(announced().count(hash.get<std::string>()), 1U);
  }
  // A node that is away is waited for until that is known.
  node->kill();
  for (std::uint64_t nonce = 10; metric(quorate, "quorate_rollup_breaker") != 1; ++nonce)
    quorate.result("eth_sendRawTransaction", chain::json::array({signer.deploy(nonce)}));
  EXPECT_TRUE(quorate.call("eth_sendRawTransaction", chain::json::array({signer.deploy(1000)})).has_result());
  EXPECT_EQ(quorate.stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(hardhat, forwarding, testing::Values(evm_node::kind::hardhat));
INSTANTIATE_TEST_SUITE_P(anvil, forwarding, testing::Values(evm_node::kind::anvil));

}  // namespace
}  // namespace quorate::tests
