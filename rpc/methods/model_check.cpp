// SPDX-License-Identifier: MIT
#include "rpc/methods/model_check.hpp"

#include <algorithm>
#include <utility>

#include "rpc/methods/model_backends.hpp"

namespace quorate::rpc::methods {

namespace {

using chain::json;
using registry_rows = std::vector<db::llm_provider_row>;

/// Before the call's own time is over, so that the rest of the answer finds its way.
constexpr std::chrono::seconds time_to_answer{1};
constexpr std::chrono::seconds longest_check{30};

using name_test = std::function<bool(const std::string& name)>;

std::vector<json> described(const std::vector<db::llm_provider>& models) {
  std::vector<json> out;
  out.reserve(models.size());
  for (const auto& one : models) out.push_back(model_of(one));
  return out;
}

std::vector<bool> flags_of_keys(const std::vector<json>& models, const name_test& is_set) {
  std::vector<bool> flags;
  flags.reserve(models.size());
  for (const auto& one : models) {
    const auto name = key_variable_of(one);
    flags.push_back(name.empty() || is_set(name));
  }
  return flags;
}

/// The prompt is short and its answer a word, as each of them costs somebody money.
json check_request(const std::vector<json>& models, const std::vector<bool>& asked) {
  json configs = json::array();
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (asked[i]) configs.push_back(check_config_of(models[i]));
  }
  return {{"configs", std::move(configs)},
          {"test_prompts",
           {{{"system_message", ""},
             {"user_message", "Answer with the word ok and nothing else."},
             {"temperature", 0.2},
             {"max_tokens", 200}}}}};
}

/// Takes the flag from every model that did not answer. The engine counts those that it was asked for.
void keep_those_that_answered(const json& answers, std::vector<bool>& flags) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i]) places.push_back(i);
  }
  std::fill(flags.begin(), flags.end(), false);
  if (!answers.is_array()) return;
  for (const json& one : answers) {
    if (!one.is_object() || one.value("available", json()) != true) continue;
    const auto place = chain::as_integer(one.value("config_index", json()));
    if (place && *place >= 0 && *place < places.size()) flags[places[static_cast<std::size_t>(*place)]] = true;
  }
}

result<std::vector<checked_model>> with_flags(registry_rows rows, const std::vector<bool>& flags) {
  if (flags.size() != rows.size()) return fail(errc::internal, {}, {}, "the check of models has lost some of them");
  std::vector<checked_model> out;
  out.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({std::move(rows[i]), flags[i]});
  return out;
}

}  // namespace

model_check check_by_environment(name_test is_set) {
  return [is_set = std::move(is_set)](const std::vector<db::llm_provider>& models, actors::time_point,
                                      const std::function<void(std::vector<bool>)>& done) {
    done(flags_of_keys(described(models), is_set));
  };
}

model_check check_by_asking(ask_models ask, name_test is_set) {
  return [ask = std::move(ask), is_set = std::move(is_set)](const std::vector<db::llm_provider>& rows,
                                                            actors::time_point until,
                                                            const std::function<void(std::vector<bool>)>& done) {
    const auto models = described(rows);
    auto flags = flags_of_keys(models, is_set);
    if (std::find(flags.begin(), flags.end(), true) == flags.end()) return done(std::move(flags));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - actors::clock::now());
    const auto limit = std::clamp<std::chrono::milliseconds>(left - time_to_answer, time_to_answer, longest_check);
    auto request = check_request(models, flags);
    ask(std::move(request), limit,
        [flags = std::move(flags), done, end = actors::clock::now() + limit](const result<json>& answers) mutable {
          if (answers) {
            keep_those_that_answered(*answers, flags);
          } else if (actors::clock::now() >= end) {
            flags.assign(flags.size(), false);  // they are silent
          }
          done(std::move(flags));
        });
  };
}

void read_and_check(const model_check& check, actors::request_context& context,
                    std::function<result<registry_rows>(registry_rows)> wanted,
                    std::function<void(result<std::vector<checked_model>>)> then) {
  context.run<registry_rows>(
      db::access::single_statement, db::providers::all,
      [&context, check, wanted = std::move(wanted), then = std::move(then)](result<registry_rows> read) {
        auto rows = std::move(read).and_then(wanted);
        if (!rows) return then(tl::unexpected{std::move(rows.error())});
        std::vector<db::llm_provider> models;
        models.reserve(rows->size());
        for (const auto& row : *rows) models.push_back(row.what);
        check(std::move(models), context.deadline(),
              [resume = context.resumer(), rows = std::move(*rows), then](std::vector<bool> flags) {
                resume([rows, then, flags = std::move(flags)] { then(with_flags(rows, flags)); });
              });
      });
}

}  // namespace quorate::rpc::methods
