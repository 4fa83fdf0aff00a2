// SPDX-License-Identifier: MIT
#include "tests/common/socket_client.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// Events over a real socket of a real server, and between two servers on one database (docs/spec/json-rpc.md §4).
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;
using chain::json;

constexpr const char* someone = "0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa";

/// Which statuses a client has been told of one transaction, in order.
std::vector<std::string> statuses_of(socket_client& c, const std::string& last) {
  std::vector<std::string> out;
  while (out.empty() || out.back() != last) {
    const auto e = c.wait_for("transaction_status_updated").at("data");
    EXPECT_EQ(e.at("data").at("status"), e.at("data").at("new_status"));
    EXPECT_EQ(e.at("data").at("hash"), e.at("transaction_hash"));
    out.push_back(e.at("data").at("status"));
  }
  return out;
}

class sockets_of_a_server : public testing::Test {
 protected:
  sockets_of_a_server() : url_{postgres_server::shared().create_database("sockets")} {}

  std::unique_ptr<quorate_process> serve(std::map<std::string, std::string> settings = {}) const {
    const bool may_ask = !settings.contains("rpc.hosted");
    auto made = std::make_unique<quorate_process>(serve_options{url_, {}, std::move(settings)});
    made->start();
    // It is ready a moment before it listens, and what was notified before that is told nobody.
    if (may_ask)
      made->wait_until("listening",
                       [&] { return made->result("dev_getPoolStatus").at("pool").at("listener") == true; });
    return made;
  }
  static std::string fund(const quorate_process& q) {
    return q.result("sim_fundAccount", json::array({someone, 5})).get<std::string>();
  }

  std::string url_;
};

TEST_F(sockets_of_a_server, greet_and_speak_the_page_s_protocol) {
  const auto q = serve();
  socket_client c{q->port()};
  const auto hello = c.receive_json();
  EXPECT_EQ(hello.at("event"), "connect");
  EXPECT_EQ(hello.at("data").at("id").get<std::string>().find_first_not_of("0123456789"), std::string::npos);
  c.say("ping", {{"timestamp", 1.5}});
  EXPECT_EQ(c.receive(), R"({"event":"pong","data":{"timestamp":1.5}})");
  c.say("subscribe", json::array({"b", "a", "b"}));
  for (const char* room : {"b", "a", "b"})
    EXPECT_EQ(c.receive(), std::string{R"({"event":"subscribed","data":{"room":")"} + room + R"("}})");
  c.say("subscribe", json::array());
  c.say("unsubscribe", "never");
  EXPECT_EQ(c.receive(), R"({"event":"unsubscribed","data":{"room":"never"}})");
  c.say("subscribe", 7);
  EXPECT_EQ(c.receive(), R"({"event":"error","data":"Invalid subscribe payload; expected string or list of strings"})");
  c.say("hello", nullptr);
  EXPECT_EQ(c.receive(), R"({"event":"message","data":"Received event: hello"})");
  for (const char* odd : {"no json", "7"}) {
    c.send(odd);
    EXPECT_EQ(c.receive_json().at("event"), "error") << odd;
  }
  c.send_binary("\x01");
  EXPECT_EQ(c.receive_json().at("event"), "error");
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, tell_of_validators_on_every_server_of_the_database) {
  const auto first = serve(), second = serve();
  socket_client near{first->port()}, far{second->port()};
  for (auto* c : {&near, &far}) EXPECT_EQ(c->receive_json().at("event"), "connect");
  const auto made =
      first->result("sim_createValidator", json::array({8, "openai", "gpt-4o", nullptr, nullptr, nullptr}));
  const auto address = made.at("address");
  const auto changed = first->result("sim_updateValidator", json::array({address, "9", "openai", "gpt-4o", nullptr}));
  first->result("sim_deleteValidator", json::array({address}));
  first->result("sim_deleteAllValidators");
  for (auto* c : {&near, &far}) {
    // Each is read when its turn comes: what is gone by then is not told of.
    const std::map<std::string, json> expected{{"validator_created", nullptr},
                                               {"validator_updated", changed},
                                               {"validator_deleted", {{"address", address}}},
                                               {"all_validators_deleted", json::object()}};
    std::string order;
    while (order.find("all_validators_deleted") == std::string::npos) {
      const auto news = c->receive_json();
      const auto found = expected.find(news.at("event").get<std::string>());
      if (found == expected.end()) continue;
      order += found->first + ' ';
      EXPECT_FALSE(news.at("data").contains("private_key"));
      if (!found->second.is_null()) {
        EXPECT_EQ(news.at("data"), found->second) << found->first;
      }
    }
    EXPECT_TRUE(order.ends_with("validator_deleted all_validators_deleted ")) << order;
  }
  const auto stays = first->result("sim_createValidator", json::array({8, "openai", "gpt-4o"}));
  for (auto* c : {&near, &far}) EXPECT_EQ(c->wait_for("validator_created").at("data"), stays);
  EXPECT_EQ(first->stop(), 0);
  EXPECT_EQ(second->stop(), 0);
}

TEST_F(sockets_of_a_server, tell_of_every_status_in_order_on_every_server_of_the_database) {
  const auto a = serve(), b = serve();
  const auto hash = fund(*a);
  a->wait_until("final", [&] {
    return a->call("gen_getTransactionStatus", json::array({hash})).body.dump().find("FINALIZED") != std::string::npos;
  });
  socket_client at_a{a->port()}, at_b{b->port()}, elsewhere{b->port()};
  for (auto* c : {&at_a, &at_b}) {
    c->say("subscribe", hash);
    c->wait_for("subscribed");
  }
  elsewhere.say("subscribe", std::string(66, 'f'));
  elsewhere.wait_for("subscribed");
  const std::vector<std::string> moves{"PROPOSING", "COMMITTING", "REVEALING", "ACCEPTED", "CANCELED"};
  for (const auto& to : moves) b->result("sim_updateTransactionStatus", json::array({hash, to}));
  for (auto* c : {&at_a, &at_b}) {
    auto told = statuses_of(*c, "CANCELED");
    // That it was final may have been on its way still.
    if (told.front() == "FINALIZED") told.erase(told.begin());
    EXPECT_EQ(told, moves);
  }
  elsewhere.say("ping", json::object());
  elsewhere.wait_for("pong");
  for (const auto& one : elsewhere.heard) EXPECT_NE(one.at("event"), "transaction_status_updated");
  EXPECT_EQ(a->stop(), 0);
  EXPECT_EQ(b->stop(), 0);
}

TEST_F(sockets_of_a_server, tell_what_the_loops_do_after_it_is_committed) {
  const auto q = serve();
  socket_client c{q->port()};
  ASSERT_TRUE(c.call("eth_subscribe", json::array({"newPendingTransactions"})).contains("result"));
  const auto hash = fund(*q);
  const auto pending = c.wait_for("eth_subscription");
  EXPECT_EQ(pending.at("params").at("result"), hash);
  c.say("subscribe", hash);
  c.wait_for("subscribed");
  // The loops may have been quicker than the subscription; what is told afterwards is what is stored.
  const auto stored = [&] {
    return q->result("eth_getTransactionByHash", json::array({hash})).at("status").get<std::string>();
  };
  q->wait_until("final", [&] { return stored() == "FINALIZED"; });
  q->result("sim_updateTransactionStatus", json::array({hash, "PENDING"}));
  // Of the first run as much as came after the subscription; then the second run, whole.
  auto seen = statuses_of(c, "FINALIZED");
  if (seen.size() == 1) seen = statuses_of(c, "FINALIZED");
  EXPECT_EQ(stored(), "FINALIZED");
  EXPECT_EQ(seen, (std::vector<std::string>{"PENDING", "FINALIZED"}));
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, carry_json_rpc_single_and_in_batches) {
  const auto q = serve();
  socket_client c{q->port()};
  EXPECT_EQ(c.call("eth_chainId").at("result"), "0xeec7");
  EXPECT_EQ(c.call("eth_getBalance", json::array({someone, "latest"})).at("result"), "0x0");
  EXPECT_EQ(c.call("no_such").at("error").at("code"), -32601);
  c.send(R"([{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[")" + std::string{someone} +
         R"(","latest"]},{"jsonrpc":"2.0","method":"ping"},{"jsonrpc":"2.0","id":"x","method":"ping"}])");
  const auto batch = c.receive_json();
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch[1].at("id"), "x");
  c.send(R"({"jsonrpc":"2.0","method":"ping"})");
  EXPECT_EQ(c.call("net_version").at("result").get<std::string>().empty(), false) << "a notification has no answer";
  EXPECT_EQ(q->call("eth_subscribe", json::array({"newHeads"})).error_code(), -32601) << "over HTTP";
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, subscribe_as_ethereum_s_clients_do) {
  const auto q = serve();
  socket_client c{q->port()};
  const auto heads = c.call("eth_subscribe", json::array({"newHeads"})).at("result").get<std::string>();
  const auto first = c.wait_for("eth_subscription").at("params");
  EXPECT_EQ(first.at("subscription"), heads);
  const auto second = c.wait_for("eth_subscription").at("params");
  EXPECT_EQ(second.at("result").at("parentHash"), first.at("result").at("hash")) << "heads follow one another";
  EXPECT_EQ(q->result("eth_getBlockByNumber", json::array({second.at("result").at("number"), false})).at("hash"),
            second.at("result").at("hash"));
  EXPECT_EQ(c.call("eth_unsubscribe", json::array({heads})).at("result"), true);
  EXPECT_EQ(c.call("eth_unsubscribe", json::array({heads})).at("result"), false);
  const auto logs = c.call("eth_subscribe", json::array({"logs", {{"address", someone}}})).at("result");
  c.call("eth_subscribe", json::array({"logs", {{"address", "0x0000000000000000000000000000000000000001"}}}));
  EXPECT_EQ(c.call("eth_subscribe", json::array({"logs", {{"topics", 7}}})).at("error").at("code"), -32602);
  EXPECT_EQ(c.call("eth_subscribe", json::array({"syncing"})).at("error").at("code"), -32602);
  c.heard.clear();
  const auto hash = fund(*q);
  const auto log = c.wait_for("eth_subscription").at("params");
  EXPECT_EQ(log.at("subscription"), logs);
  EXPECT_EQ(log.at("result").at("transactionHash"), hash);
  EXPECT_EQ(log.at("result"), q->result("eth_getTransactionReceipt", json::array({hash})).at("logs").at(0));
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, tell_of_calls_but_never_of_what_is_secret) {
  const auto q = serve({{"rpc.admin_api_key", "the-secret"}});
  socket_client c{q->port()}, account{q->port()}, ethereum{q->port()};
  c.wait_for("connect");
  account.say("subscribe", "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  account.say("unsubscribe", "__broadcast__");
  account.wait_for("unsubscribed");
  ethereum.call("eth_chainId");
  q->result("sim_setFinalityWindowTime", {{"seconds", 77}, {"admin_key", "the-secret"}});
  q->result("eth_getBalance", json::array({someone, "latest"}));
  q->result("eth_gasPrice");
  EXPECT_EQ(c.wait_for("finality_window_time_updated").at("data").at("data"), (json{{"time", 77}}));
  EXPECT_EQ(c.wait_for("endpoint_call").at("data").at("data").at("method"), "eth_chainId");
  EXPECT_EQ(c.wait_for("endpoint_success").at("data").at("data").at("method"), "eth_chainId");
  const auto call = c.wait_for("endpoint_call").at("data");
  EXPECT_EQ(call.at("data").at("method"), "eth_gasPrice") << "the balance is told to its account's room only";
  EXPECT_EQ(call.at("scope"), "RPC");
  EXPECT_EQ(c.wait_for("endpoint_success").at("data").at("data").at("result"), "0x0");
  EXPECT_EQ(account.wait_for("endpoint_call").at("data").at("account_address"), someone);
  for (const auto& one : c.heard) EXPECT_EQ(one.dump().find("the-secret"), std::string::npos);
  // Who speaks JSON-RPC hears replies and what it subscribed to.
  ethereum.call("eth_chainId");
  for (const auto& one : ethereum.heard) EXPECT_EQ(one.value("event", ""), "connect") << one.dump();
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, tell_a_hosted_server_s_calls_to_their_own_session_alone) {
  const auto q = serve({{"rpc.hosted", "true"}});
  socket_client calls{q->port(), {.headers = {{"X-Session-Id", "ws-1"}}}}, mine{q->port()}, other{q->port()};
  mine.say("subscribe", "ws-1");
  mine.wait_for("subscribed");
  other.wait_for("connect");
  calls.call("eth_gasPrice");
  q->result("eth_gasPrice");
  other.say("ping", json::object());
  other.wait_for("pong");
  EXPECT_TRUE(other.heard.empty()) << other.heard.front().dump();
  EXPECT_EQ(mine.wait_for("endpoint_success").at("data").at("client_id"), "ws-1");
  EXPECT_EQ(q->stop(), 0);
}

TEST_F(sockets_of_a_server, are_told_1001_at_sigterm) {
  const auto q = serve();
  socket_client c{q->port()};
  c.wait_for("connect");
  q->ask_to_stop();
  EXPECT_EQ(c.wait_for_close(), 1001);
  EXPECT_EQ(q->wait_for_end(), 0);
}

}  // namespace
}  // namespace quorate::tests
