// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chain/calldata.hpp"
#include "chain/contract_slots.hpp"
#include "chain/keccak.hpp"
#include "engine/python/vm/errors.hpp"

namespace quorate::engine::python {

using slot_id = chain::hash256;

/// The unit in which storage changes are reported (docs/spec/genvm.md §1.3).
inline constexpr std::size_t page_size = chain::storage_page_size;
using page = std::array<std::uint8_t, page_size>;
/// A slot has so many bytes.
inline constexpr std::uint64_t slot_size = chain::storage_slot_size;

struct page_key {
  slot_id slot{};
  std::uint32_t index = 0;
  auto operator<=>(const page_key&) const = default;
};

/// Storage as it was before the run.
class committed_storage {
 public:
  virtual ~committed_storage() = default;
  /// Fills `out` from byte `offset` of the slot; vm_errno::io when the host is gone.
  virtual vm_status read(const slot_id& slot, std::uint32_t offset, std::span<std::uint8_t> out) = 0;
};

/// What a run wrote, over what was there. Reads are fetched in blocks and kept: nothing below changes while a run
/// lasts.
class page_overlay {
 public:
  explicit page_overlay(committed_storage& below) : below_{&below} {}

  /// The range must end within slot_size.
  vm_status read(const slot_id& slot, std::uint64_t offset, std::span<std::uint8_t> out);
  vm_status write(const slot_id& slot, std::uint64_t offset, std::span<const std::uint8_t> data);
  /// Keeps what is known of storage already.
  void remember(const slot_id& slot, std::uint32_t offset, std::span<const std::uint8_t> data);

  /// From here on, `written` tells what is written: for a run inside this one, in a process of its own.
  void start_delta() { touched_.clear(); }
  /// A list of [slot, page index, page], ordered.
  chain::calldata_array written() const;
  /// Takes over what `written` of a run on top of this one gave; vm_errno::inval, and nothing taken, when it is no such
  /// list.
  vm_status absorb(const chain::calldata_array& pages);

  /// The list of [slot ‖ index, bytes] that a result carries: pages that differ, sorted, neighbours joined.
  vm_result<chain::calldata_array> changes();

  /// Bytes of changed pages that are held.
  std::size_t size() const { return pages_.size() * page_size; }

 private:
  static constexpr std::size_t block_size = 1024;
  using block = std::array<std::uint8_t, block_size>;
  struct slot_hash {
    std::size_t operator()(const page_key& key) const noexcept;
  };

  vm_result<const block*> block_at(const slot_id& slot, std::uint32_t number);
  vm_status read_committed(const slot_id& slot, std::uint64_t offset, std::span<std::uint8_t> out);
  vm_result<page*> page_for_writing(const page_key& key);

  committed_storage* below_;
  std::map<page_key, page> pages_;
  std::set<page_key> touched_;
  std::unordered_map<page_key, block, slot_hash> blocks_;
};

}  // namespace quorate::engine::python
