// SPDX-License-Identifier: MIT
#include "engine/python/vm/machine.hpp"

#include <algorithm>

#include "chain/contract_slots.hpp"

namespace quorate::engine::python {

namespace {

vm_result<slot_id> slot_of(chain::bytes_view id) {
  slot_id out;
  if (id.size() != out.size()) return refuse(vm_errno::inval);
  std::ranges::copy(id, out.begin());
  return out;
}

bool fits(std::uint64_t offset, std::size_t size) { return offset <= slot_size && size <= slot_size - offset; }

}  // namespace

machine::machine(machine_settings settings, surroundings& outside)
    : message_{std::move(settings.message)},
      may_{settings.may},
      is_sync_{settings.is_sync},
      debug_{settings.debug},
      leader_results_{std::move(settings.leader_results)},
      balance_{std::move(settings.balance)},
      locked_{std::move(settings.locked)},
      outside_{outside},
      storage_{outside} {}

vm_status machine::storage_read(chain::bytes_view slot, std::uint64_t offset, std::span<std::uint8_t> out) {
  if (!may_.read) return refuse(vm_errno::forbidden);
  const auto id = slot_of(slot);
  if (!id) return refuse(id.error());
  if (!fits(offset, out.size())) return refuse(vm_errno::overflow);
  return storage_.read(*id, offset, out);
}

vm_status machine::storage_write(chain::bytes_view slot, std::uint64_t offset, chain::bytes_view data) {
  if (!may_.write) return refuse(vm_errno::forbidden);
  const auto id = slot_of(slot);
  if (!id) return refuse(id.error());
  if (!fits(offset, data.size())) return refuse(vm_errno::overflow);
  if (locked_.contains(*id)) return refuse(vm_errno::forbidden);
  if (storage_.size() + data.size() > most_storage) end_with_error("OOM storage");
  return storage_.write(*id, offset, data);
}

void machine::end_with_error(std::string_view code) {
  const auto report = run_report::vm_error(code);
  outside_.end(report);
}

vm_status machine::place_code(chain::bytes_view code) {
  return storage_.write(chain::code_slot(), 0, chain::code_slot_content(code));
}

vm_result<chain::integer> machine::balance(chain::bytes_view account) {
  chain::address20 address;
  if (account.size() != address.size()) return refuse(vm_errno::inval);
  std::ranges::copy(account, address.begin());
  return outside_.balance(address);
}

vm_result<chain::integer> machine::self_balance() const {
  if (!may_.deterministic) return refuse(vm_errno::forbidden);
  return balance_;
}

/// In a copy of the process: from here on this is the run inside the run.
void machine::become(entry_kind kind, const permissions& may) {
  kind_ = kind;
  may_ = may;
  emissions_.clear();
  nondet_results_.clear();
  disagreement_.reset();
  storage_.start_delta();
}

run_report machine::run_forked(entry_kind kind, const permissions& may, const chain::bytes& data,
                               const chain::bytes* stage) {
  return outside_.fork([&] {
    become(kind, may);
    outside_.end(outside_.run_nested(kind, data, stage));
  });
}

}  // namespace quorate::engine::python
