// SPDX-License-Identifier: MIT
#include "engine/python/link/frames.hpp"
#include "engine/python/link/orders.hpp"
#include "engine/python/vm/effects.hpp"
#include "tests/fuzz/check.hpp"

/// What comes from the process of a run, which a hostile contract may have taken over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::engine::python;
  frame_reader reader;
  reader.take({data, size});
  while (const auto next = reader.next()) {
    if (next->kind == frame_kind::report) {
      const auto report = decode_report(next->content);
      if (report && check_effects(*report, {})) quorate::fuzz::check(decode_report(encode_report(*report)).has_value());
    } else if (next->kind == frame_kind::call) {
      const auto call = decode_call(next->content);
      if (call) quorate::fuzz::check(decode_call(encode_call(*call)).has_value());
    } else if (next->kind == frame_kind::opening) {
      const auto opening = decode_opening(next->content);
      if (opening) quorate::fuzz::check(decode_opening(encode_opening(*opening)).has_value());
    }
  }
  return 0;
}
