// SPDX-License-Identifier: MIT
#include "chain/datetime.hpp"
#include "chain/utf8.hpp"
#include "db/contracts.hpp"
#include "engine/host/failure.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/lint.hpp"
#include "rpc/methods/run_replies.hpp"
#include "rpc/methods/schema.hpp"

/// gen_getContractSchema, gen_getContractSchemaForCode, sim_lintContract (docs/spec/json-rpc.md §7.4, genvm.md §1.7).
namespace quorate::rpc::methods {

namespace {

using engine::host::run_result;

/// The run's budget, and a little more for the call.
constexpr std::chrono::seconds schema_budget{30};
constexpr std::chrono::seconds schema_patience{35};
constexpr const char* schema_method = "#get-schema";

/// A contract of nobody, that has this code and nothing else.
void run_for_schema(const services& with, actors::request_context& context, const chain::bytes& code,
                    std::function<result<json_text>(const run_result&)> finish) {
  if (!with.runs) return context.reply(no_engine());
  auto view = std::make_shared<engine::host::account_view>();
  view->accepted.set_code(code);
  engine::host::run_request request;
  request.message.datetime = chain::format_datetime(with.now());
  request.may = {false, false, false, false};
  request.is_sync = true;
  request.calldata = chain::encode_calldata(chain::make_call(schema_method, {})).value_or(chain::bytes{});
  request.budget = schema_budget;
  const actors::contract_runs::known_accounts known{{request.message.contract, std::move(view)}};
  start_run(*with.runs, context, std::move(request), known, std::move(finish));
}

/// decisions.md Q28.
tl::unexpected<error> schema_failure(const run_result& outcome) {
  constexpr const char* kinds[] = {"RETURN", "USER_ERROR", "VM_ERROR", "INTERNAL_ERROR"};
  const auto why = engine::host::classify(outcome);
  const json data{
      {"stdout", outcome.standard_output},
      {"stderr", outcome.standard_error},
      {"genvm_log", outcome.log},
      {"error_code", why.code.empty() ? json(nullptr) : json(why.code)},
      {"result", {{"kind", kinds[static_cast<std::size_t>(outcome.kind)]}, {"message", outcome.message()}}}};
  return fail(errc::engine_failed, "Contract schema failed", chain::dump_json(data));
}

result<json_text> schema_of(const run_result& outcome) {
  const auto* text = outcome.is_returned() ? std::get_if<std::string>(&outcome.data.held) : nullptr;
  if (!text) return schema_failure(outcome);
  const auto parsed = chain::parse_json(*text);
  if (!parsed || !parsed->is_object()) return schema_failure(outcome);
  return chain::dump_json(*parsed);
}

void add_schema_of_contract(method_table& table, const services& with) {
  using found_row = std::optional<db::contracts::contract_row>;
  const auto start = [with](const call& c, actors::request_context& context) {
    const auto address = c.params[0].get<std::string>();
    context.run<found_row>(
        db::access::single_statement, [address](db::transaction& tx) { return db::contracts::read(tx, address); },
        [with, address, &context](result<found_row> row) {
          if (!row) return context.reply(tl::unexpected{std::move(row.error())});
          if (!*row || (*row)->data.empty()) return context.reply(no_contract(address));
          const auto view = actors::view_of((*row)->data, 0);
          if (!view) return context.reply(tl::unexpected{view.error()});
          const auto code = (*view)->accepted.code();
          if (code.empty()) return context.reply(fail(errc::invalid_params, "Contract not deployed."));
          run_for_schema(with, context, code, schema_of);
        });
  };
  table.add(
      {.name = "gen_getContractSchema",
       .summary = "What a contract's constructor and methods take and give.",
       .params = {{.name = "contract_address",
                   .type = param_type::address,
                   .help = "20 bytes in hex, any letter case."}},
       .result_schema = schema::object({{"ctor", json{{"type", "object"}}}, {"methods", json{{"type", "object"}}}}),
       .handler = steps{start},
       .patience = schema_patience});
}

/// Hex, or else the source itself: both are sent.
chain::bytes code_in(const std::string& text) {
  if (auto bytes = chain::from_hex(text)) return std::move(*bytes);
  return {text.begin(), text.end()};
}

void add_schema_of_code(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    run_for_schema(with, context, code_in(c.params[0].get_ref<const std::string&>()), schema_of);
  };
  table.add(
      {.name = "gen_getContractSchemaForCode",
       .summary = "The same of a contract that is not deployed.",
       .params = {{.name = "contract_code_hex", .type = param_type::string, .help = "The code in hex, or the source."}},
       .result_schema = schema::object({{"ctor", json{{"type", "object"}}}, {"methods", json{{"type", "object"}}}}),
       .handler = steps{start},
       .patience = schema_patience});
}

void add_lint(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    const auto source = c.params[0].get<std::string>();
    const auto file = c.params[1].get<std::string>();
    run_for_schema(with, context, {source.begin(), source.end()},
                   [file](const run_result& outcome) -> result<json_text> {
                     return chain::dump_json(lint_report(outcome, file));
                   });
  };
  table.add(
      {.name = "sim_lintContract",
       .summary = "What the engine finds wrong with a contract before it runs: syntax, header, schema.",
       .params = {{.name = "source_code", .type = param_type::string, .help = "The source."},
                  {.name = "filename",
                   .type = param_type::string,
                   .required = false,
                   .fallback = "contract.py",
                   .help = "What findings call it."}},
       .result_schema = schema::object({{"results", json{{"type", "array"}}}, {"summary", json{{"type", "object"}}}}),
       .handler = steps{start},
       .patience = schema_patience});
}

}  // namespace

void add_contract_schemas(method_table& table, const services& with) {
  add_schema_of_contract(table, with);
  add_schema_of_code(table, with);
  add_lint(table, with);
}

}  // namespace quorate::rpc::methods
