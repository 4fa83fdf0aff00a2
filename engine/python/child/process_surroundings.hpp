// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/child/run_process.hpp"
#include "engine/python/link/host_link.hpp"

namespace quorate::engine::python {

/// A machine's surroundings in the process of a run: the host's socket, the manager's control stream, and forks of
/// itself.
class process_surroundings final : public surroundings {
 public:
  process_surroundings(run_streams streams, const chain::address20& contract, storage_mode mode);

  vm_status read(const slot_id& slot, std::uint32_t offset, std::span<std::uint8_t> out) override;
  vm_result<chain::integer> balance(const chain::address20& account) override;
  vm_result<run_report> call_contract(const run_message& message, const permissions& may, storage_mode mode) override;
  vm_result<chain::bytes> ask_module(chain::bytes_view request) override;
  void trace(std::string_view line) override;
  run_report fork(const std::function<void()>& body) override;
  run_report run_nested(entry_kind kind, const chain::bytes& data, const chain::bytes* stage) override;

 protected:
  void finish(const run_report& report) override;

 private:
  run_streams streams_;
  chain::address20 contract_;
  storage_mode mode_;
  host_link host_;
  int report_stream_;
};

}  // namespace quorate::engine::python
