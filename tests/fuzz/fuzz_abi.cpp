// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/abi.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

/// A parameter list up to the first zero byte, then data: types read back as they are written, and values that were
/// decoded can be encoded, which decodes to the same values.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view all = fuzz::text_of(data, size);
  const auto end = all.find('\0');
  const auto signature = chain::parse_abi_signature(all.substr(0, end));
  if (!signature) return 0;
  const auto again = chain::parse_abi_signature(signature->text());
  check(again && again->text() == signature->text());
  if (end == std::string_view::npos) return 0;
  const auto values = chain::decode_abi(signature->inputs, chain::as_bytes(all.substr(end + 1)));
  if (!values) return 0;
  const auto encoded = chain::encode_abi(signature->inputs, *values);
  check(encoded.has_value());
  const auto back = chain::decode_abi(signature->inputs, *encoded);
  check(back.has_value() && *back == *values);
  return 0;
}
