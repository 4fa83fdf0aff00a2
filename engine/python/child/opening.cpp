// SPDX-License-Identifier: MIT
#include "engine/python/child/opening.hpp"

#include <algorithm>
#include <array>

#include "chain/contract_slots.hpp"
#include "chain/little_endian.hpp"
#include "engine/python/child/process_surroundings.hpp"

namespace quorate::engine::python {

namespace {

/// Bytes that a list of upgraders or of locked slots may have.
constexpr std::size_t longest_list = std::size_t{1} << 20;

/// The content of a slot that starts with a count of items; one read for what is short.
std::optional<chain::bytes> read_counted(process_surroundings& outside, const slot_id& slot, std::size_t item,
                                         std::size_t most) {
  chain::bytes out(1024);
  if (!outside.read(slot, 0, out)) return std::nullopt;
  const std::uint64_t size = chain::from_little_endian(chain::bytes_view{out}.first(4)) * item;
  if (size > most) return std::nullopt;
  const std::size_t known = out.size();
  out.resize(size + 4);
  if (out.size() > known && !outside.read(slot, static_cast<std::uint32_t>(known), std::span{out}.subspan(known))) {
    return std::nullopt;
  }
  out.erase(out.begin(), out.begin() + 4);
  return out;
}

}  // namespace

std::optional<chain::bytes> read_code(process_surroundings& outside) {
  auto code = read_counted(outside, chain::code_slot(), 1, longest_code);
  if (code && code->empty()) return std::nullopt;
  return code;
}

std::optional<run_opening> read_opening(process_surroundings& outside, const run_message& message) {
  run_opening out;
  auto balance = outside.balance(message.contract());
  const auto upgraders = read_counted(outside, chain::upgraders_slot(), 20, longest_list);
  if (!balance || !upgraders) return std::nullopt;
  out.balance = std::move(*balance);
  for (std::size_t at = 0; at < upgraders->size(); at += 20) {
    if (std::equal(message.sender().begin(), message.sender().end(),
                   upgraders->begin() + static_cast<std::ptrdiff_t>(at))) {
      return out;
    }
  }
  const auto locked = read_counted(outside, chain::locked_slot(), 32, longest_list);
  if (!locked) return std::nullopt;
  for (std::size_t at = 0; at < locked->size(); at += 32) {
    slot_id slot;
    std::copy_n(locked->begin() + static_cast<std::ptrdiff_t>(at), slot.size(), slot.begin());
    out.locked.insert(slot);
  }
  return out;
}

}  // namespace quorate::engine::python
