// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "chain/address.hpp"
#include "chain/json.hpp"
#include "chain/keccak.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/envelope.hpp"

/// What the JSON-RPC side costs per call, without sockets, actors and database.
namespace quorate {
namespace {

const std::string balance_body =
    R"({"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","latest"]})";

struct instant_reads final : actors::reads {
  void read(actors::pending_read one) override { one.done(db::read_value{chain::integer{1'000'000'000'000'000'000}}); }
};

struct open_front final : actors::front {
  bool admit() override { return ++calls > 0; }
  void leave() override { --calls; }
  std::size_t in_flight() const override { return calls; }
  bool draining() const override { return false; }
  std::shared_ptr<actors::call_ticket> start(actors::call_start) override { return nullptr; }
  std::atomic<std::size_t> calls{0};
};

struct server {
  server() {
    methods.add({.name = "eth_chainId",
                 .handler = rpc::immediate{[](const rpc::call&) -> result<rpc::json_text> { return R"("0xeec7")"; }}});
    methods.add({.name = "eth_getBalance",
                 .params = {{.name = "account", .type = rpc::param_type::address},
                            {.name = "block", .type = rpc::param_type::block, .required = false, .fallback = "latest"}},
                 .handler = rpc::keyed_read{
                     db::read_kind::balance,
                     [](const rpc::call& c) -> result<std::string> { return c.params[0].get<std::string>(); },
                     [](const rpc::call&, const db::read_value& value) -> result<rpc::json_text> {
                       return '"' + chain::to_hex_quantity(std::get<chain::integer>(value)) + '"';
                     }}});
    dispatcher.emplace(
        rpc::dispatcher::parts{.methods = methods, .settings = {}, .reads = reads, .front = front, .metrics = metrics});
  }
  rpc::method_table methods;
  instant_reads reads;
  open_front front;
  actors::metrics::registry metrics;
  std::optional<rpc::dispatcher> dispatcher;
};

void post(benchmark::State& state, const std::string& body) {
  server s;
  for (auto _ : state) {
    auto begun = s.dispatcher->post(body, {}, [](rpc::reply) {});
    benchmark::DoNotOptimize(begun.answer->body.data());
  }
}

void call_balance(benchmark::State& state) { post(state, balance_body); }
void call_chain_id(benchmark::State& state) {
  post(state, R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]})");
}
BENCHMARK(call_balance);
BENCHMARK(call_chain_id);

void read_envelope(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(rpc::read_request(balance_body, {}, 100));
}
BENCHMARK(read_envelope);

void parse_tree(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(chain::parse_json(balance_body));
}
BENCHMARK(parse_tree);

void normalize_address(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain::normalize_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
  }
}
BENCHMARK(normalize_address);

void keccak_of_an_address(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain::keccak256(std::string_view{"5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}));
  }
}
BENCHMARK(keccak_of_an_address);

}  // namespace
}  // namespace quorate
