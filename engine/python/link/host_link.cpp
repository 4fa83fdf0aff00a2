// SPDX-License-Identifier: MIT
#include "engine/python/link/host_link.hpp"

#include "chain/big_endian.hpp"
#include "chain/little_endian.hpp"
#include "engine/python/link/descriptor.hpp"

#include <algorithm>

namespace quorate::engine::python {

namespace {

/// Of docs/spec/genvm.md §1.4.
enum class host_method : std::uint8_t { storage_read = 0, get_balance = 3 };

}  // namespace

vm_status host_link::ask(chain::bytes_view request, std::span<std::uint8_t> reply) {
  if (is_torn()) return refuse(vm_errno::io);
  busy_->store(true, std::memory_order_relaxed);
  std::uint8_t error = 0;
  if (!write_all(stream_, request) || !read_all(stream_, {&error, 1})) return refuse(vm_errno::io);
  if (error == 0 && !read_all(stream_, reply)) return refuse(vm_errno::io);
  busy_->store(false, std::memory_order_relaxed);
  if (error != 0) return refuse(vm_errno::forbidden);
  return {};
}

vm_status host_link::read(storage_mode mode, const chain::address20& account, const slot_id& slot, std::uint32_t offset,
                          std::span<std::uint8_t> out) {
  chain::bytes request{static_cast<std::uint8_t>(host_method::storage_read), static_cast<std::uint8_t>(mode)};
  request.reserve(64);
  chain::append(request, account);
  chain::append(request, slot);
  chain::append_little_endian(request, offset, sizeof(std::uint32_t));
  chain::append_little_endian(request, out.size(), sizeof(std::uint32_t));
  return ask(request, out);
}

vm_result<chain::integer> host_link::balance(const chain::address20& account) {
  chain::bytes request{static_cast<std::uint8_t>(host_method::get_balance)};
  chain::append(request, account);
  chain::word256 reply;
  if (auto asked = ask(request, reply); !asked) return refuse(asked.error());
  std::ranges::reverse(reply);
  return chain::from_big_endian(reply);
}

}  // namespace quorate::engine::python
