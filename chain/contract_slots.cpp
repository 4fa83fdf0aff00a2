// SPDX-License-Identifier: MIT
#include "chain/contract_slots.hpp"

#include "chain/keccak.hpp"
#include "chain/little_endian.hpp"

namespace quorate::chain {

namespace {

constexpr std::size_t length_size = 4;

/// sha3_256(root ‖ offset).
word256 slot_at(std::uint8_t offset) {
  bytes seed(36);
  seed[32] = offset;
  return sha3_256(seed);
}

}  // namespace

const word256& code_slot() {
  static const word256 id = slot_at(1);
  return id;
}

const word256& locked_slot() {
  static const word256 id = slot_at(2);
  return id;
}

const word256& upgraders_slot() {
  static const word256 id = slot_at(3);
  return id;
}

bytes code_slot_content(bytes_view code) {
  bytes out;
  out.reserve(length_size + code.size());
  append_little_endian(out, code.size(), length_size);
  append(out, code);
  return out;
}

std::optional<bytes> code_in_slot(bytes_view content) {
  if (content.size() < length_size) return std::nullopt;
  const auto length = from_little_endian(content.first(length_size));
  const auto rest = content.subspan(length_size);
  if (length > rest.size()) return std::nullopt;
  const auto code = rest.first(length);
  return bytes{code.begin(), code.end()};
}

}  // namespace quorate::chain
