// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "actors/contract_runs.hpp"
#include "chain/address.hpp"
#include "db/contracts.hpp"
#include "engine/host/receipt.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/call_request.hpp"
#include "rpc/methods/run_replies.hpp"
#include "rpc/methods/schema.hpp"

/// gen_call, sim_call and eth_call: a contract runs, nothing is kept (docs/spec/json-rpc.md §7.5, §7.6).
namespace quorate::rpc::methods {

namespace {

using db::contracts::call_ground;
using engine::host::run_result;

/// Longer than the run's own budget, so that its answer is the one that is heard.
constexpr std::chrono::seconds call_patience{630};

/// One call on its way; lives in the continuations of its request actor.
struct running_run {
  call_request call{};
  std::shared_ptr<void> slot{};
  call_ground ground{};
  engine::host::account_view_ptr account{};  // the contract's, as it was before
  actors::time_point started{};
};
using running_run_ptr = std::shared_ptr<running_run>;
/// What a run that returned is answered with.
using answer_function = std::function<json_text(const running_run&, const run_result&)>;

tl::unexpected<error> all_slots_busy(const services& with) {
  return fail(
      errc::server_busy,
      "Server busy: all " + std::to_string(with.runs->limits().slots) + " execution slots occupied, retry later",
      R"({"retry_after_seconds":2})");
}

tl::unexpected<error> called_too_often(const services& with, const std::string& contract) {
  const auto& limits = with.runs->limits();
  const auto seconds = std::chrono::duration<double>(limits.window).count();
  const json window = seconds;
  return fail(errc::call_rate_limited,
              "Rate limit exceeded: max " + std::to_string(limits.calls) + " gen_call/sim_call requests per " +
                  chain::dump_json(window) + "s per contract address",
              chain::dump_json(json{{"address", contract}, {"retry_after_seconds", seconds}}));
}

/// Calls that are counted are gen_call and sim_call.
tl::unexpected<error> no_validators_error(bool counts) {
  if (counts) return fail(errc::no_validators, "No validators available to execute the call");
  return fail(errc::application, "No validators available to execute eth_call", R"({"reason":"no_validators"})");
}

engine::host::account_view_ptr with_value(const engine::host::account_view_ptr& view, const call_request& call) {
  if (call.type == call_type::read || call.value == 0) return view;
  auto out = std::make_shared<engine::host::account_view>(*view);
  out->balance += call.value;
  return out;
}

/// A read of the finalized state sees nothing else.
engine::host::account_view_ptr as_asked(const engine::host::account_view_ptr& view, const call_request& call) {
  if (!call.of_finalized_state) return with_value(view, call);
  auto out = std::make_shared<engine::host::account_view>(*view);
  out->accepted = out->finalized;
  return out;
}

json receipt_of(const running_run& running, const run_result& outcome) {
  auto state = running.call.type == call_type::deploy ? engine::host::contract_state{} : running.account->accepted;
  if (outcome.is_returned()) state.apply(outcome.storage);
  engine::host::receipt_context context;
  context.calldata = running.call.payload.calldata;
  context.node_config = node_config_of(running.ground.validator);
  context.processing_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(actors::clock::now() - running.started);
  auto out = engine::host::make_receipt(outcome, context, state);
  chain::make_json_safe(out);
  return out;
}

/// `params` null: eth_call does not repeat them.
result<json_text> answer_of(const running_run& running, const run_result& outcome, const json& params,
                            const answer_function& of_returned) {
  if (outcome.kind == engine::host::result_kind::internal_error) return engine_failure(outcome);
  if (outcome.is_returned()) return of_returned(running, outcome);
  json data{{"receipt", receipt_of(running, outcome)}};
  if (!params.is_null()) data["params"] = params;
  return fail(errc::application, "execution failed", chain::dump_json(data));
}

/// The contract before the run.
result<engine::host::account_view_ptr> account_of(const running_run& running) {
  const auto row = running.ground.contract.value_or(db::contracts::contract_row{});
  const auto& call = running.call;
  if (call.type == call_type::deploy || call.state) {
    auto out = std::make_shared<engine::host::account_view>();
    out->balance = row.balance;
    if (call.state) out->accepted = out->finalized = *call.state;
    return out;
  }
  if (row.data.empty()) return no_contract(call.to);
  return actors::view_of(row.data, row.balance);
}

void run_contract(const services& with, actors::request_context& context, const running_run_ptr& running,
                  const json& params, const answer_function& of_returned) {
  auto view = account_of(*running);
  if (!view) return context.reply(tl::unexpected{std::move(view.error())});
  auto request = to_run(running->call, with.now());
  request.message.chain_id = with.chain_id;
  request.host_data = host_data_of(running->ground.validator, running->call.model);
  running->account = std::move(*view);
  running->started = actors::clock::now();
  const actors::contract_runs::known_accounts known{
      {running->call.contract, as_asked(running->account, running->call)}};
  start_run(*with.runs, context, std::move(request), known, [running, params, of_returned](const run_result& outcome) {
    return answer_of(*running, outcome, params, of_returned);
  });
}

void start_call(const services& with, actors::request_context& context, result<call_request> call, bool counts,
                const json& params, const answer_function& of_returned) {
  if (!with.runs) return context.reply(no_engine());
  auto running = std::make_shared<running_run>();
  running->slot = with.runs->take_slot();
  if (!running->slot) return context.reply(all_slots_busy(with));
  if (!call) return context.reply(tl::unexpected{std::move(call.error())});
  running->call = std::move(*call);
  if (counts && !with.runs->admit(running->call.to)) return context.reply(called_too_often(with, running->call.to));
  context.run<call_ground>(
      db::access::single_statement,
      [address = running->call.to](db::transaction& tx) { return db::contracts::read_ground(tx, address); },
      [with, running, params, of_returned, counts, &context](result<call_ground> ground) {
        if (!ground) return context.reply(tl::unexpected{std::move(ground.error())});
        running->ground = std::move(*ground);
        // eth_call asks in the first validator's name.
        if (!counts && running->ground.validator) {
          running->call.sender = running->call.origin = address_bytes(running->ground.validator->address.value_or(""));
        }
        const bool brings_model = !running->call.model.is_null();
        if (!running->ground.validator && !brings_model) return context.reply(no_validators_error(counts));
        run_contract(with, context, running, params, of_returned);
      });
}

/// The bytes behind the code of the result.
std::string returned_hex(const run_result& outcome) {
  const auto receipt = outcome.receipt();
  return chain::to_hex(chain::bytes_view{receipt}.subspan(1));
}

void add_gen_call(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    start_call(with, context, read_call(c.params[0]), true, c.params[0],
               [](const running_run&, const run_result& outcome) { return '"' + returned_hex(outcome) + '"'; });
  };
  table.add(
      {.name = "gen_call",
       .summary = "Runs a contract and forgets what it changed: a read, or a rehearsal of a write or a deploy.",
       .params =
           {{.name = "params",
             .type = param_type::object,
             .help = "type (read, write, deploy), to, from, data; optional value, origin_address, "
                     "transaction_hash_variant (latest-final), sim_config (validators, genvm_datetime; contract_state: "
                     "a receipt's, instead of what is stored)."}},
       .result_schema = schema::text("hex digits, without 0x, of the calldata that was returned"),
       .level = log_level::info,
       .handler = steps{start},
       .patience = call_patience});
}

void add_sim_call(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    start_call(with, context, read_call(c.params[0]), true, c.params[0],
               [](const running_run& running, const run_result& outcome) {
                 return chain::dump_json(receipt_of(running, outcome));
               });
  };
  table.add({.name = "sim_call",
             .summary = "As gen_call, answered with the whole receipt.",
             .params = {{.name = "params", .type = param_type::object, .help = "As of gen_call."}},
             .result_schema = json{{"type", "object"}},
             .level = log_level::info,
             .handler = steps{start},
             .patience = call_patience});
}

/// ConsensusData's getLatestPendingTxCount(address), which clients ask by eth_call.
constexpr std::string_view consensus_data = "0x88B0F18613Db92Bf970FfE264E02496e20a74D16";
constexpr std::string_view pending_count_selector = "fe4cfca7";

/// The first word of its arguments as an address; empty when this is another call.
std::optional<result<std::string>> pending_count_of(const json& params) {
  const auto to = params.find("to"), data = params.find("data");
  if (to == params.end() || !to->is_string() || data == params.end() || !data->is_string()) return std::nullopt;
  if (chain::normalize_address(to->get_ref<const std::string&>()) != consensus_data) return std::nullopt;
  const auto digits = chain::without_prefix(data->get_ref<const std::string&>());
  if (!digits.starts_with(pending_count_selector)) return std::nullopt;
  constexpr std::size_t before_address = 8 + 24, call_digits = 8 + 64;
  auto address =
      digits.size() >= call_digits ? chain::normalize_address(digits.substr(before_address, 40)) : std::nullopt;
  if (!address) {
    return fail(errc::invalid_params, "Invalid parameters for getLatestPendingTxCount",
                R"({"error":"the call has no address"})");
  }
  return std::move(*address);
}

void answer_pending_count(actors::request_context& context, const result<std::string>& address) {
  if (!address) return context.reply(tl::unexpected{address.error()});
  context.run<std::int64_t>(
      db::access::single_statement,
      [address = *address](db::transaction& tx) { return db::contracts::pending(tx, address); },
      [&context](result<std::int64_t> count) {
        context.reply(count.map([](std::int64_t n) { return fmt::format("\"0x{:064x}\"", n); }));
      });
}

bool is_empty_member(const json& params, const char* name) {
  const auto found = params.find(name);
  return found == params.end() || found->is_null() || *found == "";
}

void start_eth_call(const services& with, const json& params, actors::request_context& context) {
  if (is_empty_member(params, "to") || is_empty_member(params, "data")) return context.reply(R"("0x")");
  if (const auto address = pending_count_of(params)) return answer_pending_count(context, *address);
  // What upstream answers to those who do not say who they are.
  if (is_empty_member(params, "from")) return context.reply(fmt::format("\"0x{:064x}\"", 1));
  if (!params["from"].is_string() || !chain::is_address(params["from"].get_ref<const std::string&>())) {
    return context.reply(fail(errc::invalid_params, "params.from must be an address of 40 hex digits", "{}"));
  }
  start_call(with, context, read_ethereum_call(params), false, nullptr,
             [](const running_run&, const run_result& outcome) { return "\"0x" + returned_hex(outcome) + '"'; });
}

void add_eth_call(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    start_eth_call(with, c.params[0], context);
  };
  table.add({.name = "eth_call",
             .summary = "A read of a contract in its accepted state, in Ethereum's words; the first validator asks.",
             .params = {{.name = "params", .type = param_type::object, .help = "to, from, data."},
                        {.name = "block_tag", .required = false, .fallback = "latest", .help = "Not looked at."}},
             .result_schema = schema::hex(),
             .handler = steps{start},
             .ignore_extra_params = true,
             .patience = call_patience});
}

}  // namespace

void add_calls(method_table& table, const services& with) {
  add_gen_call(table, with);
  add_sim_call(table, with);
  add_eth_call(table, with);
}

}  // namespace quorate::rpc::methods
