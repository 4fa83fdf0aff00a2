// SPDX-License-Identifier: MIT
#pragma once

#include <map>

#include "engine/host/types.hpp"

namespace quorate::engine::host {

/// The slots of one contract in one of its states (docs/spec/genvm.md §1.3 "contract state JSON").
class contract_state {
 public:
  contract_state() = default;
  /// From the map of slots, base64 to base64. errc::internal for anything else: such a row is damaged.
  static result<contract_state> from_json(const chain::json& slots);
  /// From `current_state.data` of a contract's row: its `accepted` or `finalized` state. Old rows without that level
  /// are the accepted state.
  static result<contract_state> from_row(const chain::json& data, bool finalized);

  /// What is beyond the end of a slot is zero.
  void read(const chain::word256& slot, std::uint32_t offset, std::span<std::uint8_t> out) const;
  void apply(const std::vector<storage_change>& changes);
  /// The content of the code slot without its length; empty when there is none.
  chain::bytes code() const;
  void set_code(chain::bytes_view code);

  chain::json to_json() const;
  /// `contract_state_hash`: SHA-256 of the JSON with sorted keys, in hex.
  std::string hash() const;

 private:
  std::map<chain::word256, chain::bytes> slots_{};
};

}  // namespace quorate::engine::host
