// SPDX-License-Identifier: MIT
#include "rpc/socket_message.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

using kind = socket_message::kind;

socket_message read(std::string_view text) { return read_socket_message(text, {}); }

TEST(socket_message, tells_calls_from_events) {
  for (const char* call : {"[]", "[1]", R"({"method":"ping"})", R"({"jsonrpc":"2.0"})", R"( {"id":1,"method":"x"} )"})
    EXPECT_EQ(read(call).what, kind::call) << call;
  EXPECT_EQ(read(R"({"event":"ping","method":"x"})").what, kind::ping) << "an event is an event";
}

TEST(socket_message, reads_topics_as_a_string_or_a_list) {
  EXPECT_EQ(read(R"({"event":"subscribe","data":"t"})").topics, std::vector<std::string>{"t"});
  EXPECT_EQ(read(R"({"data":["a","b","a"],"event":"unsubscribe"})").topics, (std::vector<std::string>{"a", "b", "a"}));
  EXPECT_EQ(read(R"({"event":"subscribe","data":[]})").what, kind::subscribe);
  for (const char* bad : {R"({"event":"subscribe"})", R"({"event":"subscribe","data":[1]})",
                          R"({"event":"subscribe","data":{}})", R"({"event":"subscribe","data":null})"}) {
    EXPECT_EQ(read(bad).what, kind::odd) << bad;
    EXPECT_EQ(read(bad).complaint, "Invalid subscribe payload; expected string or list of strings");
  }
}

TEST(socket_message, gives_a_ping_its_timestamp_back_to_the_digit) {
  EXPECT_EQ(read(R"({"event":"ping","data":{"timestamp":123456789012345678901.5}})").timestamp,
            "123456789012345678901.5");
  EXPECT_EQ(read(R"({"event":"ping","data":{"timestamp":"x"}})").timestamp, R"("x")");
  EXPECT_EQ(read(R"({"event":"ping"})").timestamp, "null");
  EXPECT_EQ(read(R"({"event":"ping","data":{}})").timestamp, "null");
  EXPECT_EQ(read(R"({"event":"ping","data":[1]})").what, kind::odd);
}

TEST(socket_message, names_other_events) {
  EXPECT_EQ(read(R"({"event":"x"})").name, "x");
  for (const char* none : {"{}", R"({"data":1})", R"({"event":null})"}) {
    EXPECT_EQ(read(none).what, kind::other) << none;
    EXPECT_EQ(read(none).name, "None") << none;
  }
  EXPECT_EQ(read(R"({"event":7})").name, "7");
  EXPECT_LT(read(R"({"event":")" + std::string(10'000, 'x') + R"("})").name.size(), 200u);
}

TEST(socket_message, complains_of_the_rest) {
  for (const char* text : {"", "x", "{", R"({"event":"ping"}})", R"({"event":})", "\xff"}) {
    EXPECT_EQ(read(text).what, kind::odd) << text;
    EXPECT_EQ(read(text).complaint, "Invalid JSON") << text;
  }
  EXPECT_EQ(read("7").complaint, "Invalid message; expected an object");
  EXPECT_EQ(read(R"("text")").complaint, "Invalid message; expected an object");
}

TEST(socket_message, writes_events) {
  EXPECT_EQ(event_text("a\"", "1"), R"({"event":"a\"","data":1})");
  EXPECT_EQ(event_words("error", "\n"), R"({"event":"error","data":"\n"})");
}

}  // namespace
}  // namespace quorate::rpc
