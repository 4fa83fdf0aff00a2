// SPDX-License-Identifier: MIT
#include "engine/host/host_requests.hpp"
#include "tests/fuzz/check.hpp"

/// What a run sends to its host; a hostile contract can send anything. The same requests come out however the bytes
/// arrive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::engine::host;
  const auto count = [&](std::size_t step) {
    host_request_reader reader;
    std::size_t out = 0;
    for (std::size_t at = 0; at < size; at += step) {
      reader.take({data + at, std::min(step, size - at)});
      for (;;) {
        const auto next = reader.next();
        if (!next) return out;
        if (!*next) break;
        ++out;
      }
    }
    return out;
  };
  quorate::fuzz::check(count(size + 1) == count(1));
  return 0;
}
