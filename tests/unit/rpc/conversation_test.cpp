// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/common/demo_server.hpp"

/// What a WebSocket says and hears, without a socket.
namespace quorate::rpc {
namespace {

class written_voice final : public voice {
 public:
  bool push(std::shared_ptr<const std::string> text) override {
    said.push_back("event " + *text);
    return true;
  }
  void answer(std::string text) override { said.push_back(std::move(text)); }
  std::vector<std::string> take() { return std::exchange(said, {}); }
  std::vector<std::string> said;
};

using lines = std::vector<std::string>;

caller of_session(std::string id) {
  caller who;
  who.session_id = std::move(id);
  return who;
}

class conversations : public testing::Test {
 protected:
  explicit conversations(settings s = {}) : server{std::move(s)} {}

  std::shared_ptr<conversation> begin(const std::shared_ptr<written_voice>& to, caller who = {}) {
    auto talk = server.dispatcher->converse(std::move(who), to);
    EXPECT_TRUE(to->take().front().starts_with(R"({"event":"connect","data":{"id":")"));
    return talk;
  }
  /// Says one thing that is answered at once.
  lines say(std::string text) {
    EXPECT_EQ(talk->receive(std::move(text), [] { ADD_FAILURE() << "it was answered on the way"; }), nullptr);
    return ear->take();
  }
  bool hears(const std::string& room) { return server.events.heard_in(room); }

  tests::demo_server server;
  std::shared_ptr<written_voice> ear = std::make_shared<written_voice>();
  std::shared_ptr<conversation> talk = begin(ear);
};

TEST_F(conversations, join_and_leave_rooms_by_any_spelling) {
  EXPECT_TRUE(hears("__broadcast__"));
  const std::string address = "0x" + std::string(40, 'A'), hash = "0x" + std::string(64, 'B');
  EXPECT_EQ(say(R"({"event":"subscribe","data":[")" + address + "\",\"" + hash + R"("]})"),
            (lines{R"({"event":"subscribed","data":{"room":")" + address + R"("}})",
                   R"({"event":"subscribed","data":{"room":")" + hash + R"("}})"}));
  EXPECT_TRUE(hears("0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa"));
  EXPECT_TRUE(hears("0x" + std::string(64, 'b')));
  say(R"({"event":"unsubscribe","data":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})");
  EXPECT_FALSE(hears("0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa"));
  say(R"({"event":"unsubscribe","data":"__broadcast__"})");
  EXPECT_FALSE(hears("__broadcast__"));
}

TEST_F(conversations, that_begin_with_a_call_hear_no_broadcasts) {
  EXPECT_EQ(say(R"({"id":1,"method":"get_data"})").back(), R"({"jsonrpc":"2.0","result":["hello",5],"id":1})");
  EXPECT_FALSE(hears("__broadcast__"));
  auto page = std::make_shared<written_voice>();
  const auto other = begin(page);
  other->receive(R"({"event":"ping"})", {});
  page->take();
  other->receive(R"({"id":1,"method":"get_data"})", {});
  EXPECT_TRUE(hears("__broadcast__")) << "a page may call, too";
  EXPECT_EQ(page->take().size(), 3u) << "call, success, reply";
}

TEST_F(conversations, end_in_no_room) {
  say(R"({"event":"subscribe","data":["a"]})");
  say(R"({"id":1,"method":"follow"})");
  talk->end();
  EXPECT_TRUE(server.events.rooms.empty());
  EXPECT_TRUE(server.events.watchers.empty());
}

TEST_F(conversations, tell_the_name_of_a_subscription_before_anything_of_it) {
  server.front.hold = true;
  // A batch is answered as a whole: what is subscribed to in it begins when the slow entry is done.
  bool done = false;
  const auto running = talk->receive(R"([{"id":1,"method":"follow"},{"id":2,"method":"walk"}])", [&] { done = true; });
  ASSERT_NE(running, nullptr);
  server.events.publish(actors::feed::pending, "early", {});
  ear->take();
  server.front.release();
  EXPECT_TRUE(done);
  ASSERT_EQ(ear->take().size(), 1u);
  server.events.publish(actors::feed::pending, "1", {});
  EXPECT_EQ(ear->take(), lines{"event 0x1 1"});
  EXPECT_EQ(say(R"({"id":3,"method":"unfollow","params":["0x1"]})"),
            lines{R"({"jsonrpc":"2.0","result":true,"id":3})"});
  EXPECT_EQ(say(R"({"id":3,"method":"unfollow","params":["0x1"]})"),
            lines{R"({"jsonrpc":"2.0","result":false,"id":3})"});
  server.events.publish(actors::feed::pending, "2", {});
  EXPECT_TRUE(ear->take().empty());
}

TEST_F(conversations, subscribe_to_nothing_once_they_have_ended) {
  server.front.hold = true;
  const auto running = talk->receive(R"([{"id":1,"method":"follow"},{"id":2,"method":"walk"}])", [] {});
  talk->end();
  server.front.release();
  EXPECT_TRUE(server.events.watchers.empty());
}

TEST_F(conversations, answer_notifications_with_silence_and_garbage_with_an_error) {
  EXPECT_TRUE(say(R"({"method":"notify_sum","params":[1,2,3]})").empty());
  EXPECT_EQ(server.heard, lines{"[1,2,3]"});
  EXPECT_NE(say("[]").front().find("-32600"), std::string::npos);
  EXPECT_NE(say(R"([1,{"method":"x","id":1}])").front().find("-32601"), std::string::npos);
  EXPECT_EQ(say("nonsense"), lines{R"({"event":"error","data":"Invalid JSON"})"});
  talk->receive_binary();
  EXPECT_EQ(ear->take(), lines{R"({"event":"error","data":"Invalid message; expected text"})"});
}

class limited_conversations : public conversations {
 protected:
  limited_conversations()
      : conversations([] {
          settings s;
          s.socket_topics = 2;
          return s;
        }()) {}
};

TEST_F(limited_conversations, have_so_many_topics_and_subscriptions_and_no_more) {
  say(R"({"event":"subscribe","data":["a","b"]})");
  EXPECT_EQ(say(R"({"event":"subscribe","data":["a"]})").size(), 1u) << "no new one";
  EXPECT_EQ(say(R"({"event":"subscribe","data":"c"})"),
            lines{R"({"event":"error","data":"Too many topics; at most 2"})"});
  EXPECT_EQ(say(R"({"event":"unsubscribe","data":["a","b","c"]})"),
            lines{R"({"event":"error","data":"Too many topics in one message"})"});
  say(R"({"event":"unsubscribe","data":"a"})");
  EXPECT_NE(say(R"({"event":"subscribe","data":"c"})").front().find("subscribed"), std::string::npos);
  say(R"({"event":"unsubscribe","data":"c"})");
  EXPECT_NE(say(R"({"event":"subscribe","data":")" + std::string(257, 'x') + "\"}").front().find("too long"),
            std::string::npos);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(say(R"({"id":1,"method":"follow"})").back().find("error"), std::string::npos);
  EXPECT_NE(say(R"({"id":1,"method":"follow"})").back().find("-32000"), std::string::npos);
}

// -- what others hear of calls --------------------------------------------------------------------------------------

class call_events : public conversations {
 protected:
  call_events() { say(R"({"event":"ping"})"); }
  /// Events that a call over HTTP brings about, as JSON.
  std::vector<chain::json> heard_of(std::string body, caller who = {}) {
    server.post(std::move(body), std::move(who));
    std::vector<chain::json> out;
    for (const auto& line : ear->take()) out.push_back(chain::parse_json(line.substr(6)).value());
    return out;
  }
};

TEST_F(call_events, tell_call_and_success_with_parameters_and_result) {
  const auto all = heard_of(R"({"id":1,"method":"subtract","params":[5,3]})");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["event"], "endpoint_call");
  EXPECT_EQ(all[0]["data"]["type"], "debug");
  EXPECT_EQ(all[0]["data"]["data"], (chain::json{{"method", "subtract"}, {"params", {5, 3}}}));
  EXPECT_EQ(all[1]["event"], "endpoint_success");
  EXPECT_EQ(all[1]["data"]["data"]["result"], 2);
  EXPECT_EQ(heard_of(R"({"id":1,"method":"walk"})")[0]["data"]["type"], "info");
}

TEST_F(call_events, tell_errors_as_clients_see_them_and_wrong_parameters_not_at_all) {
  const auto all = heard_of(R"({"id":1,"method":"boom"})");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1]["event"], "endpoint_error");
  EXPECT_EQ(all[1]["data"]["type"], "error");
  EXPECT_EQ(all[1]["data"]["data"]["code"], -32603);
  EXPECT_EQ(all[1].dump().find("missing"), std::string::npos) << "the details are for the log";
  EXPECT_EQ(heard_of(R"({"id":1,"method":"count","params":[-1]})")[1]["data"]["data"]["code"], -32000);
  EXPECT_TRUE(heard_of(R"({"id":1,"method":"subtract","params":["x"]})").empty());
  EXPECT_TRUE(heard_of(R"({"id":1,"method":"nobody"})").empty());
}

TEST_F(call_events, never_tell_of_gated_methods_nor_of_secrets) {
  EXPECT_TRUE(heard_of(R"({"id":1,"method":"closed","params":[1]})").empty());
  EXPECT_TRUE(heard_of(R"({"id":1,"method":"signed","params":[1]})").empty());
  const auto all = heard_of(
      R"({"id":1,"method":"echo","params":[{"private_key":"0x1","a":[{"Private-Key":"0x2","api_key":"k","b":1}]}]})");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["data"]["data"]["params"], chain::parse_json(R"([{"a":[{"b":1}]}])").value());
}

TEST_F(call_events, show_the_two_ends_of_what_is_long) {
  const auto all = heard_of(R"({"id":1,"method":"echo","params":[")" + std::string(5'000, 'x') + R"("]})");
  for (const auto* shown : {&all[0]["data"]["data"]["params"], &all[1]["data"]["data"]["result"]}) {
    const auto text = shown->get<std::string>();
    EXPECT_EQ(text.size(), 1003u);
    EXPECT_EQ(text.substr(500, 3), "...");
  }
  std::string wide;
  while (wide.size() < 3'000) wide += "\xE2\x82\xAC";
  EXPECT_EQ(heard_of(R"({"id":1,"method":"echo","params":[")" + wide + R"("]})").size(), 2u) << "no character is cut";
}

TEST_F(call_events, go_to_the_session_of_the_caller_if_it_has_one) {
  EXPECT_TRUE(heard_of(R"({"id":1,"method":"get_data"})", of_session("s")).empty());
  say(R"({"event":"subscribe","data":"s"})");
  const auto all = heard_of(R"({"id":1,"method":"get_data"})", of_session("s"));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["data"]["client_id"], "s");
}

TEST_F(call_events, cost_no_words_when_nobody_listens) {
  talk->end();
  server.post(R"({"id":1,"method":"get_data"})");
  EXPECT_TRUE(ear->take().empty());
}

class hosted_call_events : public conversations {
 protected:
  hosted_call_events()
      : conversations([] {
          settings s;
          s.hosted = true;
          return s;
        }()) {}
};

TEST_F(hosted_call_events, go_to_their_own_session_alone) {
  say(R"({"event":"subscribe","data":["s"]})");
  server.post(R"({"id":1,"method":"get_data"})");
  EXPECT_TRUE(ear->take().empty());
  server.post(R"({"id":1,"method":"get_data"})", of_session("s"));
  EXPECT_EQ(ear->take().size(), 2u);
}

}  // namespace
}  // namespace quorate::rpc
