// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <string>

#include "chain/address.hpp"
#include "chain/json.hpp"
#include "chain/keccak.hpp"
#include "chain/u256.hpp"

/// What every call pays in chain/: reading JSON, checking an address, writing a quantity.
namespace quorate::chain {
namespace {

const std::string call =
    R"({"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x52908400098527886E0F7030069857D2E4169EE7","latest"]})";

void read_a_call(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(call));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * call.size()));
}
BENCHMARK(read_a_call);

void write_a_call(benchmark::State& state) {
  const auto tree = *parse_json(call);
  for (auto _ : state) benchmark::DoNotOptimize(dump_json(tree));
}
BENCHMARK(write_a_call);

void refuse_a_depth_bomb(benchmark::State& state) {
  const std::string bomb(static_cast<std::size_t>(state.range(0)), '[');
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(bomb));
}
BENCHMARK(refuse_a_depth_bomb)->Arg(1'000)->Arg(200'000);

void keccak_of(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(keccak256(data));
}
BENCHMARK(keccak_of)->Arg(20)->Arg(1024);

void normalize_an_address(benchmark::State& state) {
  const std::string text = "0x52908400098527886e0f7030069857d2e4169ee7";
  for (auto _ : state) benchmark::DoNotOptimize(normalize_address(text));
}
BENCHMARK(normalize_an_address);

void wei_from_decimal_to_hex(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(to_hex_quantity(*parse_decimal("1000000000000000000000")));
}
BENCHMARK(wei_from_decimal_to_hex);

}  // namespace
}  // namespace quorate::chain
