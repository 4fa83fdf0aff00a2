// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/payload.hpp"
#include "chain/rlp.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

static chain::bytes encode_item(const chain::rlp_item& item) {
  if (!item.is_list) return chain::rlp_string(item.data);
  std::vector<chain::bytes> items;
  for (const auto& entry : item.items) items.push_back(encode_item(entry));
  return chain::rlp_list(items);
}

/// What is accepted has one spelling, the one that was given; every payload is such an item.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const chain::bytes_view input{data, size};
  const auto item = chain::decode_rlp(input);
  if (item) {
    const chain::bytes again = encode_item(*item);
    check(std::equal(again.begin(), again.end(), input.begin(), input.end()));
  }
  check(item || !chain::decode_run_payload(input));
  check(item || !chain::decode_deploy_payload(input));
  const auto read = chain::decode_read_data(chain::to_hex_0x(input));
  if (read && size > 0 && data[0] >= 0xc0) check(read == chain::decode_run_payload(input)->calldata);
  return 0;
}
