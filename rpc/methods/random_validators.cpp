// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chain/utf8.hpp"
#include "db/validators.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/draw.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/format/validator_format.hpp"
#include "rpc/methods/new_validator.hpp"
#include "rpc/methods/schema.hpp"

/// Validators whose models are drawn from those of the registry that would answer (docs/spec/json-rpc.md §7.2).
namespace quorate::rpc::methods {

namespace {

constexpr std::int64_t most_at_once = 1000;

using names = std::vector<std::string>;
using stored_models = std::vector<db::llm_provider_row>;
using rows_made = std::vector<db::validator_row>;

struct random_request {
  std::int64_t count = 1, min_stake = least_stake, max_stake = least_stake;
  names providers, models;  // empty: any
};

/// Those whose member is one of `wanted`; `what` names the parameter that left nothing.
result<stored_models> limited(stored_models rows, const names& wanted, std::string db::llm_provider::*member,
                              std::string_view what) {
  if (wanted.empty()) return rows;
  std::erase_if(rows, [&](const db::llm_provider_row& row) {
    return std::find(wanted.begin(), wanted.end(), row.what.*member) == wanted.end();
  });
  if (!rows.empty()) return rows;
  return fail(errc::invalid_params,
              fmt::format("Invalid parameter limit_{0}: Requested {0} '{{{1}}}' do not match any stored {0}. Please "
                          "review your stored providers.",
                          what, chain::excerpt(fmt::format("{}", fmt::join(wanted, ", ")))));
}

result<std::vector<db::validators::new_validator>> drawn(const services& with, const random_request& asked,
                                                         const std::vector<checked_model>& models) {
  std::vector<const db::llm_provider*> answering;
  for (const auto& one : models)
    if (one.answers) answering.push_back(&one.row.what);
  if (answering.empty()) return fail(errc::application, "No providers available.");
  std::vector<db::validators::new_validator> out;
  for (std::int64_t n = 0; n < asked.count; ++n) {
    const auto range = static_cast<std::uint64_t>(asked.max_stake - asked.min_stake) + 1;
    const auto stake = asked.min_stake + static_cast<std::int64_t>(draw_below(with.random_bytes, range));
    auto made = with_new_account(with, stake, *answering[draw_below(with.random_bytes, answering.size())]);
    if (!made) return tl::unexpected{std::move(made.error())};
    out.push_back(std::move(*made));
  }
  return out;
}

void create_random(const services& with, actors::request_context& context, const random_request& asked,
                   std::function<json_text(const rows_made&)> format) {
  const auto wanted = [asked](stored_models rows) {
    return limited(std::move(rows), asked.providers, &db::llm_provider::provider, "providers")
        .and_then([&](stored_models left) {
          return limited(std::move(left), asked.models, &db::llm_provider::model, "models");
        });
  };
  read_and_check(with.check_models, context, wanted,
                 [with, &context, asked, format = std::move(format)](const result<std::vector<checked_model>>& models) {
                   auto all = models.and_then([&](const auto& some) { return drawn(with, asked, some); });
                   if (!all) return context.reply(tl::unexpected{std::move(all.error())});
                   reply_after_commit<rows_made>(
                       context,
                       [all = std::move(*all)](db::transaction& tx) { return db::validators::create(tx, all); }, {},
                       format);
                 });
}

result<random_request> random_request_of(const call& c) {
  random_request asked;
  asked.count = c.params[0].get<std::int64_t>();
  if (asked.count < 0 || asked.count > most_at_once)
    return fail(errc::invalid_params,
                fmt::format("Invalid parameter count: expected an integer from 0 to {}", most_at_once));
  const auto least = checked_stake(c.params[1], "min_stake"), most = checked_stake(c.params[2], "max_stake");
  for (const auto& stake : {least, most})
    if (!stake) return tl::unexpected{stake.error()};
  if (*least > *most)
    return fail(errc::invalid_params, "Invalid parameter max_stake: expected an integer of at least min_stake");
  asked.min_stake = *least;
  asked.max_stake = *most;
  if (!c.params[3].is_null()) asked.providers = c.params[3].get<names>();
  if (!c.params[4].is_null()) asked.models = c.params[4].get<names>();
  return asked;
}

json_text format_made(const rows_made& rows) { return json_array(rows, format_validator); }
json_text format_first(const rows_made& rows) { return format_validator(rows.front()); }

void create_one(const services& with, const call& c, actors::request_context& context) {
  const auto stake = checked_stake(c.params[0], "stake");
  if (!stake) return context.reply(tl::unexpected{stake.error()});
  random_request asked;
  asked.min_stake = asked.max_stake = *stake;
  create_random(with, context, asked, format_first);
}

void create_many(const services& with, const call& c, actors::request_context& context) {
  const auto asked = random_request_of(c);
  if (!asked) return context.reply(tl::unexpected{asked.error()});
  create_random(with, context, *asked, format_made);
}

}  // namespace

void add_random_validators(method_table& table, const services& with) {
  table.add(
      {.name = "sim_createRandomValidator",
       .summary = "Creates a validator with one of the models that would answer.",
       .params = {{.name = "stake", .type = param_type::amount, .help = stake_help}},
       .result_schema = validator_schema(),
       .gate = gate::admin,
       .level = log_level::info,
       .handler = steps{[with](const call& c, actors::request_context& context) { create_one(with, c, context); }}});
  table.add(
      {.name = "sim_createRandomValidators",
       .summary = "Creates validators with stakes and models that are drawn at random, all of them or none.",
       .params = {{.name = "count", .type = param_type::integer, .help = "0 to 1000."},
                  {.name = "min_stake", .type = param_type::amount, .help = stake_help},
                  {.name = "max_stake", .type = param_type::amount, .help = "At least min_stake."},
                  {.name = "limit_providers",
                   .type = param_type::strings,
                   .required = false,
                   .help = "Only these; null or empty: any of the registry."},
                  {.name = "limit_models",
                   .type = param_type::strings,
                   .required = false,
                   .help = "Only these; null or empty: any of the registry."}},
       .result_schema = schema::array_of(validator_schema()),
       .gate = gate::admin,
       .level = log_level::info,
       .handler = steps{[with](const call& c, actors::request_context& context) { create_many(with, c, context); }}});
}

}  // namespace quorate::rpc::methods
