// SPDX-License-Identifier: MIT
#include "engine/python/vm/fields.hpp"
#include "engine/python/vm/machine.hpp"

/// Everything that contracts ask for by gl_call (engine/sdk/_genlayer_wasi.pyi).
namespace quorate::engine::python {

namespace {

using chain::address20;
using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

/// A number below 2^256.
vm_result<integer> amount(const calldata_map& payload, const char* name) {
  const auto* value = find_as<integer>(payload, name);
  if (!value) return refuse(vm_errno::inval);
  if (*value < 0 || (*value != 0 && msb(*value) >= 256)) return refuse(vm_errno::overflow);
  return *value;
}

bool names_moment(const calldata_map& payload) {
  const auto* on = find_as<std::string>(payload, "on");
  return on && (*on == "accepted" || *on == "finalized");
}

bool has_members(const calldata_map& payload, std::size_t count) { return payload.size() == count; }

/// Emissions travel inside of lists and mappings, which count for the limit of nesting.
bool travels(const calldata_value& value) {
  calldata_value wrapped = value;
  for (int level = 0; level < 4; ++level) {
    calldata_array around;
    around.push_back(std::move(wrapped));
    wrapped.held = std::move(around);
  }
  return chain::encode_calldata(wrapped).has_value();
}

}  // namespace

vm_result<std::optional<bytes>> machine::gl_call(chain::bytes_view request) {
  auto decoded = chain::decode_calldata(request);
  auto* outer = decoded ? std::get_if<calldata_map>(&decoded->held) : nullptr;
  if (!outer || outer->size() != 1) return refuse(vm_errno::inval);
  auto& [kind, value] = *outer->begin();
  if (kind == "Return") return finish_returned(value);
  if (kind == "Rollback") return finish_user_error(value);
  if (debug_) outside_.trace("gl_call " + chain::to_hex(request));
  auto* payload = std::get_if<calldata_map>(&value.held);
  if (!payload) return refuse(vm_errno::inval);
  if (kind == "PostMessage") return post_message(std::move(*payload));
  if (kind == "DeployContract") return deploy_contract(std::move(*payload));
  if (kind == "EthSend") return eth_send(std::move(*payload));
  if (kind == "EmitEvent") return emit_event(std::move(*payload));
  if (kind == "EthCall") return eth_call(*payload);
  if (kind == "CallContract") return call_contract(*payload);
  if (kind == "Sandbox") return sandbox(*payload);
  if (kind == "RunNondet") return run_nondet(*payload);
  if (kind == "ExecPrompt" || kind == "ExecPromptTemplate" || kind == "WebRender" || kind == "WebRequest") {
    return module(request);
  }
  if (kind == "Trace") return trace(*payload);
  return refuse(vm_errno::inval);
}

machine::answer machine::finish_returned(const chain::calldata_value& value) {
  auto data = chain::encode_calldata(value);
  if (!data) return refuse(vm_errno::inval);
  run_report report{result_kind::returned, std::move(*data), {}, {}, std::move(nondet_results_), disagreement_};
  if (kind_ == entry_kind::main) {
    auto changes = storage_.changes();
    if (!changes) return refuse(changes.error());
    report.storage = std::move(*changes);
  } else {
    report.storage = storage_.written();
  }
  report.emissions = std::move(emissions_);
  outside_.end(report);
}

machine::answer machine::finish_user_error(const chain::calldata_value& value) {
  const auto* message = std::get_if<std::string>(&value.held);
  if (!message) return refuse(vm_errno::inval);
  outside_.end(
      {result_kind::user_error, {message->begin(), message->end()}, {}, {}, std::move(nondet_results_), disagreement_});
}

vm_status machine::spend(const calldata_map& payload) {
  const auto value = amount(payload, "value");
  if (!value) return refuse(value.error());
  if (*value > balance_) return refuse(vm_errno::inbalance);
  if (emissions_.size() >= most_emissions) end_with_error("OOM receipt");
  balance_ -= *value;
  return {};
}

machine::answer machine::emit(const char* type, calldata_map payload) {
  payload.insert_or_assign("type", calldata_value{type});
  emissions_.emplace_back(std::move(payload));
  return std::nullopt;
}

machine::answer machine::post_message(calldata_map payload) {
  if (!may_.send) return refuse(vm_errno::forbidden);
  const auto* data = find(payload, "calldata");
  if (!has_members(payload, 4) || !find_as<address20>(payload, "address") || !data || !names_moment(payload)) {
    return refuse(vm_errno::inval);
  }
  if (!travels(*data)) return refuse(vm_errno::inval);
  if (auto spent = spend(payload); !spent) return refuse(spent.error());
  return emit("PostMessage", std::move(payload));
}

machine::answer machine::deploy_contract(calldata_map payload) {
  if (!may_.send) return refuse(vm_errno::forbidden);
  const auto* data = find(payload, "calldata");
  if (!has_members(payload, 5) || !find_as<bytes>(payload, "code") || !data || !names_moment(payload)) {
    return refuse(vm_errno::inval);
  }
  if (!travels(*data)) return refuse(vm_errno::inval);
  if (auto salt = amount(payload, "salt_nonce"); !salt) return refuse(salt.error());
  if (auto spent = spend(payload); !spent) return refuse(spent.error());
  return emit("DeployContract", std::move(payload));
}

machine::answer machine::eth_send(calldata_map payload) {
  if (!may_.send) return refuse(vm_errno::forbidden);
  if (!has_members(payload, 3) || !find_as<address20>(payload, "address") || !find_as<bytes>(payload, "calldata")) {
    return refuse(vm_errno::inval);
  }
  if (auto spent = spend(payload); !spent) return refuse(spent.error());
  return emit("EthSend", std::move(payload));
}

machine::answer machine::emit_event(calldata_map payload) {
  if (!may_.send) return refuse(vm_errno::forbidden);
  const auto* topics = find_as<calldata_array>(payload, "topics");
  const auto* blob = find(payload, "blob");
  if (!has_members(payload, 2) || !topics || topics->size() > 4 || !blob) return refuse(vm_errno::inval);
  for (const auto& topic : *topics) {
    const auto* held = std::get_if<bytes>(&topic.held);
    if (!held || held->size() != 32) return refuse(vm_errno::inval);
  }
  if (!std::holds_alternative<calldata_map>(blob->held) || !travels(*blob)) return refuse(vm_errno::inval);
  if (emissions_.size() >= most_emissions) end_with_error("OOM receipt");
  return emit("EmitEvent", std::move(payload));
}

/// Studio has no Ethereum chain below it to ask (docs/spec/genvm.md §1.4).
machine::answer machine::eth_call(const calldata_map& payload) {
  if (!find_as<address20>(payload, "address") || !find_as<bytes>(payload, "calldata")) return refuse(vm_errno::inval);
  return refuse(vm_errno::forbidden);
}

machine::answer machine::call_contract(const calldata_map& payload) {
  if (!may_.call || message_.depth() >= deepest_call) return refuse(vm_errno::forbidden);
  const auto* callee = find_as<address20>(payload, "address");
  const auto* data = find(payload, "calldata");
  const auto* state = find_as<std::string>(payload, "state");
  if (!callee || !data || !state) return refuse(vm_errno::inval);
  const bool is_final = *state == "latest_final";
  if (!is_final && *state != "latest_non_final") return refuse(vm_errno::inval);
  auto encoded = chain::encode_calldata(*data);
  if (!encoded) return refuse(vm_errno::inval);
  auto report = outside_.call_contract(message_.for_callee(*callee, std::move(*encoded)), may_.for_callee(),
                                       is_final ? storage_mode::latest_final : storage_mode::latest_non_final);
  if (!report) return refuse(report.error());
  if (report->kind == result_kind::vm_error) outside_.end(*report);
  return report->result();
}

machine::answer machine::sandbox(const calldata_map& payload) {
  const auto* data = find_as<bytes>(payload, "data");
  const auto* may_write = find_as<bool>(payload, "allow_write_ops");
  if (!data || !may_write) return refuse(vm_errno::inval);
  auto report = run_forked(entry_kind::sandbox, may_.for_sandbox(*may_write), *data, nullptr);
  if (report.kind != result_kind::returned) return report.result();
  // A sandbox may have taken over its own report; what it may not do is not taken over.
  if (!may_.write || !*may_write) report.storage.clear();
  if (!may_.send || !*may_write) report.emissions.clear();
  integer spent = 0;
  for (const auto& emission : report.emissions) {
    const auto* map = std::get_if<calldata_map>(&emission.held);
    if (!map) return refuse(vm_errno::inval);
    if (const auto* value = find_as<integer>(*map, "value")) spent += *value;
  }
  if (spent < 0 || spent > balance_) return refuse(vm_errno::inbalance);
  if (auto taken = storage_.absorb(report.storage); !taken) return refuse(taken.error());
  balance_ -= spent;
  for (auto& emission : report.emissions) emissions_.push_back(std::move(emission));
  return report.result();
}

run_report machine::run_block(const bytes& data, const bytes* stage) {
  return run_forked(entry_kind::consensus_stage, permissions::for_block(), data, stage);
}

machine::answer machine::run_nondet(const calldata_map& payload) {
  if (!may_.nondet || (is_sync_ && !leader_results_)) return refuse(vm_errno::forbidden);
  const auto* leader = find_as<bytes>(payload, "data_leader");
  const auto* validator = find_as<bytes>(payload, "data_validator");
  if (!leader || !validator) return refuse(vm_errno::inval);
  const std::size_t call = nondet_results_.size();
  if (!leader_results_) {
    auto result = run_block(*leader, nullptr).result();
    nondet_results_.emplace_back(result);
    return result;
  }
  if (call >= leader_results_->size() || (*leader_results_)[call].empty())
    end_with_error("absent_leader_nondet_output");
  const bytes result = (*leader_results_)[call];
  nondet_results_.emplace_back(result);
  if (!is_sync_) {
    const auto report = run_block(*validator, &result);
    const bool agrees =
        report.kind == result_kind::returned && report.data == *chain::encode_calldata(calldata_value{true});
    if (!agrees && !disagreement_) disagreement_ = static_cast<std::uint32_t>(call);
  }
  return result;
}

machine::answer machine::module(chain::bytes_view request) {
  if (may_.deterministic) return refuse(vm_errno::forbidden);
  auto answered = outside_.ask_module(request);
  if (!answered) return refuse(answered.error());
  return std::move(*answered);
}

machine::answer machine::trace(const calldata_map& payload) {
  if (const auto* line = find_as<std::string>(payload, "Message")) {
    outside_.trace(*line);
    return std::nullopt;
  }
  if (!find(payload, "RuntimeMicroSec")) return refuse(vm_errno::inval);
  // A clock would differ between nodes.
  return *chain::encode_calldata(number(0));
}

}  // namespace quorate::engine::python
