// SPDX-License-Identifier: MIT
#include "engine/python/determinism/world.hpp"

#include <algorithm>
#include <cstring>

#include "chain/little_endian.hpp"

namespace quorate::engine::python {

namespace {

/// One run per process, and one thread in it: plain variables, which the functions of libc can reach.
std::optional<timespec> frozen;

struct entropy_stream {
  bool seeded = false;
  chain::hash256 seed{};
  std::uint64_t counter = 0;
};
entropy_stream entropy;

}  // namespace

void freeze_clock(timespec now) noexcept { frozen = now; }
std::optional<timespec> frozen_clock() noexcept { return frozen; }

void seed_entropy(const chain::hash256& seed) noexcept { entropy = {true, seed, 0}; }
void release_entropy() noexcept { entropy = {}; }

bool fill_entropy(std::span<std::uint8_t> out) {
  if (!entropy.seeded) return false;
  while (!out.empty()) {
    chain::bytes input{entropy.seed.begin(), entropy.seed.end()};
    chain::append_little_endian(input, entropy.counter++, sizeof entropy.counter);
    const auto drawn = chain::sha3_256(input);
    const std::size_t count = std::min(out.size(), drawn.size());
    std::memcpy(out.data(), drawn.data(), count);
    out = out.subspan(count);
  }
  return true;
}

}  // namespace quorate::engine::python
