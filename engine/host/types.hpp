// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "chain/calldata.hpp"

/// The host side of contract execution (docs/spec/genvm.md §1): what a run is asked for, and what it answers. The same
/// for our own engine and for an external GenVM manager.
namespace quorate::engine::host {

struct run_message {
  chain::address20 contract{};
  chain::address20 sender{};
  chain::address20 origin{};
  std::uint64_t chain_id = 0;
  chain::integer value = 0;  // wei
  bool is_init = false;
  /// ISO 8601; when empty the engine is told none, and its clock is the default of genvm.md §1.2.
  std::string datetime{};
};

/// What a run may do; told to the engine, and what comes back is held to it.
struct run_permissions {
  bool write = true;
  bool send = true;
  bool call = true;
  bool nondet = true;

  static run_permissions view() { return {false, false, true, true}; }
};

struct run_request {
  run_message message{};
  run_permissions may{};
  /// View calls and schemas; false for transactions.
  bool is_sync = false;
  chain::bytes calldata{};
  /// Of a deployment.
  std::optional<chain::bytes> code{};
  /// For validators: by call number, empty where the leader had none. Not set for leaders.
  std::optional<std::vector<chain::bytes>> leader_results{};
  /// studio_llm_id, mock_response, … (genvm.md §1.2).
  chain::json host_data = chain::json::object();
  /// The run and all its attempts: 600 s, 30 s for schemas.
  std::chrono::milliseconds budget{600'000};
  /// `:latest` and `:test` runners.
  bool debug = true;
};

/// genvm.md §1.3.
enum class result_kind : std::uint8_t { returned, user_error, vm_error, internal_error };

/// A changed stretch of a slot, in whole pages of 32 bytes.
struct storage_change {
  chain::word256 slot{};
  std::uint32_t offset = 0;  // bytes; a multiple of 32
  chain::bytes data{};
};

struct run_result {
  result_kind kind = result_kind::internal_error;
  /// What was returned; or, of an error, its text, or a mapping with `message`, `causes`, `fatal`, `ctx`.
  chain::calldata_value data{};
  std::vector<storage_change> storage{};
  /// As they came, each a mapping with a `type`.
  chain::calldata_array emissions{};
  std::vector<chain::bytes> nondet_results{};
  /// The first block whose leader's result this validator did not accept.
  std::optional<std::uint32_t> disagreement{};
  std::string standard_output{};
  std::string standard_error{};
  chain::json log = chain::json::array();

  bool is_returned() const { return kind == result_kind::returned; }
  /// An error's text.
  std::string message() const;
  /// `Receipt.result`: kind, and calldata or UTF-8 (genvm.md §1.3).
  chain::bytes receipt() const;
};

run_result vm_error(std::string code);
run_result internal_error(std::string message);

}  // namespace quorate::engine::host
