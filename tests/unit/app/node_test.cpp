// SPDX-License-Identifier: MIT
#include "app/node.hpp"

#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "rpc/method.hpp"
#include "tests/common/http_client.hpp"
#include "tests/common/postgres_server.hpp"

namespace quorate::app {
namespace {

TEST(node, an_embedders_methods_are_answered_and_discovered) {
  node_options options;
  options.conninfo = tests::postgres_server::shared().create_database("node");
  options.settings.set("server.port", {std::int64_t{0}, config::source::flag, "--port"});
  options.extend = [](rpc::method_table& table) {
    table.add({.name = "mine_hello",
               .summary = "Says hello.",
               .handler = rpc::immediate{[](const rpc::call&) -> result<rpc::json_text> { return R"("hello")"; }}});
  };
  auto started = node::start(std::move(options));
  ASSERT_TRUE(started) << started.error().message << " " << started.error().detail;
  {
    tests::http_client client{(*started)->port()};
    const auto ask = [&](const std::string& method) {
      const auto reply = client.post("/api", R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"("})");
      return chain::parse_json(reply.body).value().at("result");
    };
    EXPECT_EQ(ask("mine_hello"), "hello");
    EXPECT_EQ(ask("rpc_modules").at("mine"), "1.0");
    std::vector<std::string> listed;
    const auto document = ask("rpc.discover");
    for (const auto& one : document.at("methods")) listed.push_back(one.at("name"));
    for (const auto* name : {"mine_hello", "eth_getBalance", "rpc.discover", "rpc_modules"})
      EXPECT_NE(std::find(listed.begin(), listed.end(), name), listed.end()) << name;
  }
  EXPECT_TRUE((*started)->shutdown(std::chrono::seconds{20}));
}

}  // namespace
}  // namespace quorate::app
