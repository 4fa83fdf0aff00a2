// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "chain/signature.hpp"
#include "engine/python/vm/machine.hpp"

namespace quorate::engine::python {

/// The run's side of the host socket (docs/spec/genvm.md §1.4). Blocking; the processes of one run share it and take
/// turns.
class host_link {
 public:
  /// `busy` is in memory that the processes share: it stays set when one of them dies within an exchange.
  host_link(int stream, std::atomic<bool>& busy) : stream_{stream}, busy_{&busy} {}

  /// vm_errno::forbidden if the host refuses, vm_errno::io if it is gone.
  vm_status read(storage_mode mode, const chain::address20& account, const slot_id& slot, std::uint32_t offset,
                 std::span<std::uint8_t> out);
  vm_result<chain::integer> balance(const chain::address20& account);

  /// A process died in the middle of a request: nothing that comes from the host makes sense any more.
  bool is_torn() const { return busy_->load(std::memory_order_relaxed); }

 private:
  vm_status ask(chain::bytes_view request, std::span<std::uint8_t> reply);

  int stream_;
  std::atomic<bool>* busy_;
};

}  // namespace quorate::engine::python
