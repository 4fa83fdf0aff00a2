// SPDX-License-Identifier: MIT
#include "engine/python/vm/slots.hpp"

namespace quorate::engine::python {

namespace {

slot_id slot_at(std::uint8_t offset) {
  chain::bytes seed(36);
  seed[32] = offset;
  return chain::sha3_256(seed);
}

}  // namespace

const slot_id& code_slot() {
  static const slot_id id = slot_at(1);
  return id;
}

const slot_id& locked_slot() {
  static const slot_id id = slot_at(2);
  return id;
}

const slot_id& upgraders_slot() {
  static const slot_id id = slot_at(3);
  return id;
}

chain::bytes code_content(chain::bytes_view code) {
  chain::bytes out;
  out.reserve(code.size() + 4);
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(code.size() >> shift));
  out.insert(out.end(), code.begin(), code.end());
  return out;
}

std::uint32_t little_endian(std::span<const std::uint8_t, 4> data) {
  return std::uint32_t{data[0]} | std::uint32_t{data[1]} << 8 | std::uint32_t{data[2]} << 16 |
         std::uint32_t{data[3]} << 24;
}

}  // namespace quorate::engine::python
