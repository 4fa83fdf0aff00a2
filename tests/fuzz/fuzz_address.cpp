// SPDX-License-Identifier: MIT
#include "chain/address.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

/// Every accepted spelling has one canonical text, which is its own canonical text and names the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto canonical = chain::normalize_address(text);
  check(canonical.has_value() == chain::is_address(text));
  const auto bytes = chain::from_hex(text);
  if (canonical) {
    check(canonical->size() == chain::address_text_size && chain::is_checksum_address(*canonical));
    check(chain::normalize_address(*canonical) == canonical);
    check(bytes.has_value() && chain::address_text(*bytes) == canonical);
  } else {
    check(!bytes || bytes->size() != 20);
    check(!chain::is_checksum_address(text));
  }
  const auto padded = chain::from_hex(text, chain::odd_digits::pad_left);
  if (padded) check(chain::from_hex(chain::to_hex(*padded)) == padded);
  return 0;
}
