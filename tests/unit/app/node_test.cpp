// SPDX-License-Identifier: MIT
#include "app/node.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "chain/json.hpp"
#include "db/validators.hpp"
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

/// The incident's lesson (docs/spec/seed.md S5): whoever works for a long time after a read holds no connection
/// meanwhile.
TEST(node, a_method_that_works_on_after_its_read_holds_no_connection) {
  std::atomic<int> working = 0;
  std::atomic<bool> enough = false;
  node_options options;
  options.conninfo = tests::postgres_server::shared().create_database("node_slow");
  options.settings.set("server.port", {std::int64_t{0}, config::source::flag, "--port"});
  options.extend = [&](rpc::method_table& table) {
    // Looks again every few milliseconds, as a validator's run would take its time.
    const auto work_on = [&](actors::request_context& context) {
      ++working;
      const auto look = std::make_shared<std::function<void()>>();
      *look = [&, weak = std::weak_ptr{look}] {
        if (enough) return context.reply(std::string{"true"});
        context.after(std::chrono::milliseconds{5}, [keep = weak.lock()] { (*keep)(); });
      };
      (*look)();
    };
    table.add({.name = "slow_work",
               .summary = "Reads, then works.",
               .handler = rpc::steps{[=](const rpc::call&, auto& context) {
                 context.template run<std::int64_t>(
                     db::access::read_only, [](db::transaction& tx) { return db::validators::count(tx); },
                     [&context, work_on](const result<std::int64_t>&) { work_on(context); });
               }}});
  };
  auto started = node::start(std::move(options));
  ASSERT_TRUE(started) << started.error().message << " " << started.error().detail;
  const auto ask = [port = (*started)->port()](const std::string& method) {
    const auto reply =
        tests::http_client{port}.post("/api", R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"("})");
    return chain::parse_json(reply.body).value().at("result");
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 60; ++i) callers.emplace_back([&] { EXPECT_EQ(ask("slow_work"), true); });
  while (working < 60) std::this_thread::yield();
  // The loops take a connection now and then for a moment; that none is held is seen when they do not.
  chain::json pool;
  do {
    pool = ask("dev_getPoolStatus").at("pool");
  } while (pool.at("checked_out") != 0);
  EXPECT_EQ(working, 60) << "more calls in work than the pool has connections, and nobody waits";
  EXPECT_EQ(pool.at("waiting"), 0);
  enough = true;
  for (auto& caller : callers) caller.join();
  EXPECT_TRUE((*started)->shutdown(std::chrono::seconds{20}));
}

}  // namespace
}  // namespace quorate::app
