// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <string>

#include "rpc/envelope.hpp"

/// The JSON-RPC envelope: one call, and the biggest batch allowed.
namespace quorate::rpc {
namespace {

std::string batch_of(std::size_t entries) {
  std::string out = "[";
  for (std::size_t i = 0; i < entries; ++i) {
    if (i > 0) out += ',';
    out += R"({"jsonrpc":"2.0","id":)" + std::to_string(i) + R"(,"method":"eth_blockNumber","params":[]})";
  }
  return out + "]";
}

void read_one_request(benchmark::State& state) {
  const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]})";
  for (auto _ : state) benchmark::DoNotOptimize(read_request(body, {}, 100));
}
BENCHMARK(read_one_request);

void read_a_batch(benchmark::State& state) {
  const auto body = batch_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read_request(body, {}, 100));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(read_a_batch)->Arg(10)->Arg(100);

void write_a_result(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_result(out, "\"0x3635c9adc5dea00000\"", "1");
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_a_result);

}  // namespace
}  // namespace quorate::rpc
