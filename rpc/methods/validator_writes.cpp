// SPDX-License-Identifier: MIT
#include <utility>

#include "db/validators.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/validator_format.hpp"
#include "rpc/methods/new_validator.hpp"
#include "rpc/methods/provider_rules.hpp"
#include "rpc/methods/schema.hpp"

/// Validators are created one by one, changed and deleted (docs/spec/json-rpc.md §7.2). Each change is told to every
/// process and every socket by the statement that makes it.
namespace quorate::rpc::methods {

namespace {

/// The parameters behind the stake, in this order.
struct model_params {
  std::string provider, model;
  json config, plugin, plugin_config;
};

model_params model_params_of(const call& c, std::size_t first) {
  return {.provider = c.params[first].get<std::string>(),
          .model = c.params[first + 1].get<std::string>(),
          .config = c.params[first + 2],
          .plugin = c.params[first + 3],
          .plugin_config = c.params[first + 4]};
}

/// Neither null nor empty: what upstream takes for given in a change.
bool is_given(const json& value) { return !value.empty() && value != ""; }

/// A default under the caller's name for it may still break a rule.
result<db::llm_provider> checked_again(const db::llm_provider& found) {
  auto config = chain::parse_json(found.config), plugin_config = chain::parse_json(found.plugin_config);
  if (!config || !plugin_config) return fail(errc::internal, {}, {}, "a default that is no JSON");
  return check_provider({found.provider, found.model, found.plugin, std::move(*config), std::move(*plugin_config)});
}

/// All three, or the default.
result<db::llm_provider> model_of_new(const provider_defaults& defaults, const model_params& asked) {
  if (asked.config.is_null() || asked.plugin.is_null() || asked.plugin_config.is_null())
    return defaults.find(asked.provider, asked.model).and_then(checked_again);
  return check_provider(
      {asked.provider, asked.model, asked.plugin.get<std::string>(), asked.config, asked.plugin_config});
}

/// Plugin and its configuration, or those of the default; the default's value is not touched (decisions.md Q22).
result<db::llm_provider> model_of_changed(const provider_defaults& defaults, const model_params& asked) {
  const bool has_config = is_given(asked.config);
  if (is_given(asked.plugin) && is_given(asked.plugin_config)) {
    return check_provider({asked.provider, asked.model, asked.plugin.get<std::string>(),
                           has_config ? asked.config : json::object(), asked.plugin_config});
  }
  auto found = defaults.find(asked.provider, asked.model);
  if (found && has_config) found->config = chain::dump_json(asked.config);
  return found.and_then(checked_again);
}

using created_rows = std::vector<db::validator_row>;

void create_validator(const services& with, const call& c, actors::request_context& context) {
  const auto stake = checked_stake(c.params[0], "stake");
  if (!stake) return context.reply(tl::unexpected{stake.error()});
  auto wanted = model_of_new(*with.defaults, model_params_of(c, 1)).and_then([&](db::llm_provider model) {
    return with_new_account(with, *stake, std::move(model));
  });
  if (!wanted) return context.reply(tl::unexpected{std::move(wanted.error())});
  reply_after_commit<created_rows>(
      context, [all = std::vector{std::move(*wanted)}](db::transaction& tx) { return db::validators::create(tx, all); },
      {}, [](const created_rows& rows) { return format_validator(rows.front()); });
}

void change_validator(const services& with, const call& c, actors::request_context& context) {
  const auto stake = checked_stake(c.params[1], "stake");
  if (!stake) return context.reply(tl::unexpected{stake.error()});
  auto model = model_of_changed(*with.defaults, model_params_of(c, 2));
  if (!model) return context.reply(tl::unexpected{std::move(model.error())});
  reply_after_commit<db::validator_row>(
      context,
      [address = c.params[0].get<std::string>(), stake = *stake,
       model = std::move(*model)](db::transaction& tx) -> result<db::validator_row> {
        auto row = db::validators::update(tx, address, stake, model);
        if (!row) return tl::unexpected{std::move(row.error())};
        if (!*row) return no_such_validator(address);
        return std::move(**row);
      },
      {}, format_validator);
}

result<work> deletion(const call& c) {
  return db::unit_of_work<json_text>{
      [address = c.params[0].get<std::string>()](db::transaction& tx) -> result<json_text> {
        const auto known = db::validators::remove(tx, address);
        if (!known) return tl::unexpected{known.error()};
        if (!*known) return no_such_validator(address);
        return chain::dump_json(address);
      }};
}

result<work> deletion_of_all(const call&) {
  return db::unit_of_work<json_text>{
      [](db::transaction& tx) { return db::validators::remove_all(tx).map([]() -> json_text { return "[]"; }); }};
}

/// What follows the stake.
std::vector<param> model_declared(std::vector<param> before, const char* when_null) {
  before.push_back({.name = "provider", .type = param_type::string, .help = "As in sim_getProvidersAndModels."});
  before.push_back({.name = "model", .type = param_type::string, .help = "As the provider calls it."});
  before.push_back({.name = "config", .type = param_type::object, .required = false, .help = "Of the model."});
  before.push_back(
      {.name = "plugin", .type = param_type::string, .required = false, .help = "Who talks to the model."});
  before.push_back({.name = "plugin_config", .type = param_type::object, .required = false, .help = when_null});
  return before;
}

}  // namespace

void add_validator_writes(method_table& table, const services& with) {
  const param stake{.name = "stake", .type = param_type::amount, .help = stake_help};
  const param address{.name = "validator_address", .type = param_type::address, .help = "20 bytes in hex."};
  table.add({.name = "sim_createValidator",
             .summary = "Creates a validator with a new account.",
             .params = model_declared({stake},
                                      "api_key_env_var and api_url. Where one of these three is null, all are "
                                      "the default's."),
             .result_schema = validator_schema(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{
                 [with](const call& c, actors::request_context& context) { create_validator(with, c, context); }}});
  table.add({.name = "sim_updateValidator",
             .summary = "Gives a validator another stake and model.",
             .params = model_declared({address, stake},
                                      "api_key_env_var and api_url. Where this or the plugin is null "
                                      "or empty, both are the default's, and the config, too, unless "
                                      "it is given."),
             .result_schema = validator_schema(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{
                 [with](const call& c, actors::request_context& context) { change_validator(with, c, context); }}});
  table.add({.name = "sim_deleteValidator",
             .summary = "Deletes a validator; returns its address. Its account stays.",
             .params = {address},
             .result_schema = schema::address(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = unit{db::access::read_write, deletion}});
  table.add({.name = "sim_deleteAllValidators",
             .summary = "Deletes every validator.",
             .params = {},
             .result_schema = schema::array_of(validator_schema()),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = unit{db::access::read_write, deletion_of_all}});
}

}  // namespace quorate::rpc::methods
