// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/calldata.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

/// What is accepted has one encoding, the one that was given; its text forms are total.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const chain::bytes_view input{data, size};
  const auto value = chain::decode_calldata(input);
  if (!value) return 0;
  const auto again = chain::encode_calldata(*value);
  check(again.has_value() && std::equal(again->begin(), again->end(), input.begin(), input.end()));
  const std::string text = chain::calldata_text(*value);
  check(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20; }));
  const chain::json shown = chain::calldata_to_json(*value);
  check(chain::calldata_from_json(shown).has_value());
  return 0;
}
