// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <functional>
#include <set>

#include "engine/python/vm/message.hpp"
#include "engine/python/vm/pages.hpp"
#include "engine/python/vm/permissions.hpp"
#include "engine/python/vm/report.hpp"

namespace quorate::engine::python {

/// Which state a contract that is called is read from (docs/spec/genvm.md §1.4, storage modes).
enum class storage_mode : std::uint8_t { current, latest_final, latest_non_final };

/// What a machine reaches outside of itself.
class surroundings : public committed_storage {
 public:
  virtual vm_result<chain::integer> balance(const chain::address20& account) = 0;
  /// Runs another contract to its end; its report.
  virtual vm_result<run_report> call_contract(const run_message& message, const permissions& may,
                                              storage_mode mode) = 0;
  /// Asks the language-model or the web module: calldata of a request, calldata of the answer; vm_errno::io when there
  /// is none.
  virtual vm_result<chain::bytes> ask_module(chain::bytes_view request) = 0;
  virtual void trace(std::string_view line) = 0;
  /// Runs the body in a copy of this process, which ends by `end`; its report, or what its end means.
  virtual run_report fork(const std::function<void()>& body) = 0;
  /// The Python entry for such a run: an exit code as VM error, if it comes back.
  virtual run_report run_nested(entry_kind kind, const chain::bytes& data, const chain::bytes* stage) = 0;
  /// Hands the report on and ends this process.
  [[noreturn]] void end(const run_report& report) {
    finish(report);
    std::abort();
  }

 protected:
  /// Does not return.
  virtual void finish(const run_report& report) = 0;
};

struct machine_settings {
  run_message message;
  permissions may{};
  bool is_sync = false;
  /// A leader has none; an entry is empty where the leader had no result (genvm.md §1.5).
  std::optional<std::vector<chain::bytes>> leader_results{};
  /// Of the running contract.
  chain::integer balance = 0;
  /// Slots that this run may not write to.
  std::set<slot_id> locked{};
  /// Every request but those that end the run is traced, as `gl_call` and its hex digits.
  bool debug = false;
};

/// One run: what engine/sdk/_genlayer_wasi.pyi promises, but for Python.
class machine {
 public:
  static constexpr std::size_t deepest_call = 64;
  /// Emissions of a run, and bytes of storage that it may change.
  static constexpr std::size_t most_emissions = 10'000;
  static constexpr std::size_t most_storage = std::size_t{16} << 20;

  machine(machine_settings settings, surroundings& outside);

  vm_status storage_read(chain::bytes_view slot, std::uint64_t offset, std::span<std::uint8_t> out);
  vm_status storage_write(chain::bytes_view slot, std::uint64_t offset, chain::bytes_view data);
  vm_result<chain::integer> balance(chain::bytes_view account);
  vm_result<chain::integer> self_balance() const;
  /// The answer, or nothing for requests without. Does not return from `Return` and `Rollback`.
  vm_result<std::optional<chain::bytes>> gl_call(chain::bytes_view request);

  /// Before the constructor runs, a deployment's code is in its place (genvm.md §1.7), whatever the run may do.
  vm_status place_code(chain::bytes_view code);
  /// Ends the run with this VM error.
  [[noreturn]] void end_with_error(std::string_view code);

 private:
  using answer = vm_result<std::optional<chain::bytes>>;

  answer finish_returned(const chain::calldata_value& value);
  answer finish_user_error(const chain::calldata_value& value);
  answer post_message(chain::calldata_map payload);
  answer deploy_contract(chain::calldata_map payload);
  answer eth_send(chain::calldata_map payload);
  answer emit_event(chain::calldata_map payload);
  answer emit(const char* type, chain::calldata_map payload);
  answer eth_call(const chain::calldata_map& payload);
  answer call_contract(const chain::calldata_map& payload);
  answer sandbox(const chain::calldata_map& payload);
  answer run_nondet(const chain::calldata_map& payload);
  answer module(chain::bytes_view request);
  answer trace(const chain::calldata_map& payload);
  vm_status spend(const chain::calldata_map& payload);
  run_report run_block(const chain::bytes& data, const chain::bytes* stage);
  run_report run_forked(entry_kind kind, const permissions& may, const chain::bytes& data, const chain::bytes* stage);
  void become(entry_kind kind, const permissions& may);

  run_message message_;
  permissions may_;
  bool is_sync_;
  bool debug_;
  std::optional<std::vector<chain::bytes>> leader_results_;
  chain::integer balance_;
  std::set<slot_id> locked_;
  surroundings& outside_;
  page_overlay storage_;
  entry_kind kind_ = entry_kind::main;
  chain::calldata_array emissions_{};
  chain::calldata_array nondet_results_{};
  std::optional<std::uint32_t> disagreement_{};
};

}  // namespace quorate::engine::python
