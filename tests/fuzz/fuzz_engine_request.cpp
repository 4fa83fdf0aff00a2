// SPDX-License-Identifier: MIT
#include "engine/python/manager/request.hpp"
#include "tests/fuzz/check.hpp"

/// The body of POST /genvm/run. What is taken can be handed on to a run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::engine::python;
  const auto request = decode_request({data, size});
  if (request) quorate::fuzz::check(decode_order(encode_order(request->order)).has_value());
  return 0;
}
