// SPDX-License-Identifier: MIT
#include "tests/common/demo_server.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "chain/json.hpp"

namespace quorate::tests {

namespace {

using rpc::call;
using rpc::json_text;
using rpc::param;
using rpc::param_type;

std::int64_t number(const call& c, std::size_t i) { return c.params[i].get<std::int64_t>(); }

std::vector<param> integers(std::initializer_list<const char*> names) {
  std::vector<param> out;
  for (const char* name : names) out.push_back({.name = name, .type = param_type::integer});
  return out;
}

result<json_text> sum(const call& c) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < c.params.size(); ++i) total += number(c, i);
  return std::to_string(total);
}

rpc::method balance() {
  return {
      .name = "balance",
      .params = {{.name = "account", .type = param_type::string}},
      .handler = rpc::keyed_read{db::read_kind::balance,
                                 [](const call& c) -> result<std::string> { return c.params[0].get<std::string>(); },
                                 [](const call&, const db::read_value& value) -> result<json_text> {
                                   if (std::holds_alternative<std::monostate>(value)) return json_text{"null"};
                                   return '"' + chain::to_decimal(std::get<chain::integer>(value)) + '"';
                                 }}};
}

rpc::method count() {
  return {.name = "count",
          .params = integers({"n"}),
          .handler = rpc::unit{db::access::read_only, [](const call& c) -> result<db::unit_of_work<json_text>> {
                                 const auto n = number(c, 0);
                                 if (n < 0) return fail(errc::application, "n is negative");
                                 return [n](db::transaction&) -> result<json_text> { return std::to_string(n); };
                               }}};
}

/// A row that is large: rendered in a request actor.
rpc::method code() {
  return {
      .name = "code",
      .params = {{.name = "account", .type = param_type::string}},
      .handler = rpc::keyed_read{db::read_kind::contract_code,
                                 [](const call& c) -> result<std::string> { return c.params[0].get<std::string>(); },
                                 [](const call&, const db::read_value& value) -> result<json_text> {
                                   return chain::dump_json(std::get<std::string>(value));
                                 }}};
}

}  // namespace

rpc::method demo_server::list() {
  return {.name = "list", .handler = rpc::unit{db::access::read_only, [this](const call&) -> result<rpc::work> {
                                                 return rpc::work::rows<std::vector<int>>(
                                                     [](db::transaction&) -> result<std::vector<int>> {
                                                       return std::vector{1, 2, 3};
                                                     },
                                                     [this](const std::vector<int>& rows) {
                                                       ++formatted;
                                                       return chain::dump_json(rows);
                                                     });
                                               }}};
}

namespace {

rpc::method walk() {
  return {.name = "walk",
          .level = rpc::log_level::info,
          .handler = rpc::steps{[](const call&, actors::request_context& context) {
            context.run<int>(
                db::access::read_only, [](db::transaction&) -> result<int> { return 20; },
                [&context](result<int> first) {
                  if (!first) return context.reply(tl::unexpected{first.error()});
                  context.run<int>(
                      db::access::read_write, [](db::transaction&) -> result<int> { return 22; },
                      [&context, first = *first](result<int> second) {
                        context.reply(std::to_string(first + second.value()));
                      });
                });
          }}};
}

}  // namespace

demo_server::demo_server(rpc::settings settings) {
  const auto on_the_spot = [&](std::string name, std::vector<param> params, auto answer) {
    methods.add({.name = std::move(name), .params = std::move(params), .handler = rpc::immediate{std::move(answer)}});
  };
  const auto hear = [this](const call& c) -> result<json_text> {
    heard.push_back(chain::dump_json(c.params));
    return json_text{};
  };
  on_the_spot("subtract", integers({"minuend", "subtrahend"}),
              [](const call& c) -> result<json_text> { return std::to_string(number(c, 0) - number(c, 1)); });
  on_the_spot("sum", integers({"a", "b", "c"}), sum);
  on_the_spot("update", integers({"a", "b", "c", "d", "e"}), hear);
  on_the_spot("notify_hello", integers({"n"}), hear);
  on_the_spot("notify_sum", integers({"a", "b", "c"}), hear);
  on_the_spot("get_data", {}, [](const call&) -> result<json_text> { return R"(["hello",5])"; });
  on_the_spot("echo", {{.name = "value"}},
              [](const call& c) -> result<json_text> { return chain::dump_json(c.params[0]); });
  on_the_spot("follow", {}, [](const call& c) -> result<json_text> {
    if (!c.who.socket) return fail(errc::method_not_found, "no socket");
    return c.who.socket->subscribe(actors::feed::pending, {}).map([](const std::string& id) { return '"' + id + '"'; });
  });
  on_the_spot("unfollow", {{.name = "id", .type = param_type::string}}, [](const call& c) -> result<json_text> {
    return c.who.socket->unsubscribe(c.params[0].get<std::string>()) ? "true" : "false";
  });
  on_the_spot("boom", {}, [](const call&) -> result<json_text> { throw std::runtime_error{"column \"x\" missing"}; });
  methods.add({.name = "closed",
               .params = integers({"n"}),
               .gate = rpc::gate::admin,
               .level = rpc::log_level::info,
               .handler = rpc::immediate{[](const call&) -> result<json_text> { return R"("secret result")"; }}});
  methods.add(
      {.name = "signed",
       .params = integers({"n"}),
       .gate = rpc::gate::admin_or_signature,
       .handler = rpc::immediate{[](const call& c) -> result<json_text> { return c.trusted ? "true" : "false"; }}});
  methods.add(balance());
  methods.add(count());
  methods.add(code());
  methods.add(list());
  methods.add(walk());
  dispatcher.emplace(rpc::dispatcher::parts{.methods = methods,
                                            .settings = std::move(settings),
                                            .reads = reads,
                                            .front = front,
                                            .metrics = metrics,
                                            .request_id_prefix = "t",
                                            .now = [this] { return now; },
                                            .events = &events});
}

rpc::reply demo_server::post(std::string body, rpc::caller who) {
  auto begun =
      dispatcher->post(std::move(body), std::move(who), [](rpc::reply) { ADD_FAILURE() << "the reply came late"; });
  EXPECT_TRUE(begun.answer);
  EXPECT_FALSE(begun.running);
  return begun.answer.value_or(rpc::reply{});
}

rpc::endpoint::started demo_server::start(std::string body, std::optional<rpc::reply>& later) {
  return dispatcher->post(std::move(body), {}, [&later](rpc::reply r) {
    EXPECT_FALSE(later) << "answered twice";
    later = std::move(r);
  });
}

chain::json demo_server::ask(std::string body) {
  const rpc::reply r = post(std::move(body));
  return r.body.empty() ? chain::json{} : chain::parse_json(r.body).value();
}

std::uint64_t demo_server::calls(const std::string& method, const std::string& outcome) {
  return metrics.counter("quorate_rpc_calls_total", "", {{"method", method}, {"outcome", outcome}}).value();
}

}  // namespace quorate::tests
