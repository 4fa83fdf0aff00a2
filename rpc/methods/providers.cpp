// SPDX-License-Identifier: MIT
#include "db/providers.hpp"

#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/provider_rules.hpp"
#include "rpc/methods/schema.hpp"

/// The registry of models (docs/spec/json-rpc.md §7.2).
namespace quorate::rpc::methods {

namespace {

json model_schema() {
  return schema::object({{"provider", schema::text()},
                         {"model", schema::text()},
                         {"config", json{{"type", "object"}}},
                         {"plugin", schema::text()},
                         {"plugin_config", json{{"type", "object"}}},
                         {"id", schema::integer()},
                         {"is_available", schema::boolean()},
                         {"is_model_available", schema::boolean()},
                         {"is_default", schema::boolean()}});
}

std::string format_model(const checked_model& model) {
  const auto& what = model.row.what;
  json_object out;
  out.text("provider", what.provider).text("model", what.model).raw("config", compact_json(what.config));
  out.text("plugin", what.plugin).raw("plugin_config", compact_json(what.plugin_config));
  // A row's plugin is always one that is there: upstream says so of every row, too.
  out.number("id", model.row.id).boolean("is_available", true).boolean("is_model_available", model.answers);
  out.boolean("is_default", model.row.is_default);
  return out.str();
}

/// errc::duplicate in the words of the caller.
error in_words_of_keys(error e) {
  if (e.code != errc::duplicate) return e;
  return {errc::invalid_params,
          "Invalid parameter params: there is a provider of this provider, model and plugin already",
          {},
          {}};
}

/// Runs one writing unit of work and answers with its value.
template <class T, class Format>
void write_registry(actors::request_context& context, db::unit_of_work<T> work, Format format) {
  context.run<T>(db::access::read_write, std::move(work), [&context, format](const result<T>& value) {
    context.reply(value.map([&](const T& done) -> json_text { return format(done); }).map_error(in_words_of_keys));
  });
}

void list_models(const services& with, actors::request_context& context) {
  read_and_check(
      with.check_models, context, [](std::vector<db::llm_provider_row> rows) { return rows; },
      [&context](const result<std::vector<checked_model>>& models) {
        context.reply(models.map([](const auto& all) { return json_array(all, format_model); }));
      });
}

void add_model(const call& c, actors::request_context& context) {
  auto what = read_provider(c.params[0], "params");
  if (!what) return context.reply(tl::unexpected{std::move(what.error())});
  write_registry<std::int64_t>(
      context, [what = std::move(*what)](db::transaction& tx) { return db::providers::add(tx, what); },
      [](std::int64_t id) { return std::to_string(id); });
}

void change_model(const call& c, actors::request_context& context) {
  auto what = read_provider(c.params[1], "params");
  if (!what) return context.reply(tl::unexpected{std::move(what.error())});
  const auto id = c.params[0].get<std::int64_t>();
  write_registry<bool>(
      context, [id, what = std::move(*what)](db::transaction& tx) { return db::providers::update(tx, id, what); },
      [](bool) { return "null"; });
}

void remove_model(const call& c, actors::request_context& context) {
  const auto id = c.params[0].get<std::int64_t>();
  write_registry<bool>(
      context, [id](db::transaction& tx) { return db::providers::remove(tx, id); }, [](bool) { return "null"; });
}

constexpr const char* provider_help =
    "Members provider, model, plugin, config, plugin_config; plugin is openai-compatible, ollama, anthropic, google or "
    "custom; plugin_config names api_key_env_var and api_url.";

}  // namespace

void add_providers(method_table& table, const services& with) {
  const param what{.name = "params", .type = param_type::object, .help = provider_help};
  const param id{.name = "id", .type = param_type::integer, .help = "Of the row; nothing happens for an unknown one."};
  table.add({.name = "sim_getProvidersAndModels",
             .summary = "Every model of the registry, by id, and whether it can be used now.",
             .params = {},
             .result_schema = schema::array_of(model_schema()),
             .level = log_level::info,
             .handler = steps{[with](const call&, actors::request_context& context) { list_models(with, context); }}});
  table.add({.name = "sim_resetDefaultsLlmProviders",
             .summary = "Puts the models that come with the server in the place of all others.",
             .params = {},
             .result_schema = schema::null(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = unit{db::access::read_write, [with](const call&) -> result<work> {
                               return db::unit_of_work<json_text>{[with](db::transaction& tx) {
                                 return db::providers::reset(tx, with.defaults->rows()).map([]() -> json_text {
                                   return "null";
                                 });
                               }};
                             }}});
  table.add({.name = "sim_addProvider",
             .summary = "Adds a model to the registry; returns the row's id.",
             .params = {what},
             .result_schema = schema::integer(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{add_model}});
  table.add({.name = "sim_updateProvider",
             .summary = "Changes all of a row of the registry; what was changed is no default any more.",
             .params = {id, what},
             .result_schema = schema::null(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{change_model}});
  table.add({.name = "sim_deleteProvider",
             .summary = "Takes a model out of the registry.",
             .params = {id},
             .result_schema = schema::null(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{remove_model}});
}

}  // namespace quorate::rpc::methods
