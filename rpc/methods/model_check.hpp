// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/request.hpp"
#include "actors/time.hpp"
#include "chain/json.hpp"
#include "db/providers.hpp"

/// Which models of the registry would answer (docs/spec/json-rpc.md §7.2).
namespace quorate::rpc::methods {

/// Asks for every model, in the order given, whether it answers now. `done` is called once, from any thread, perhaps
/// before this returns, with one flag for each; whoever has not answered by `until` counts as silent.
using model_check = std::function<void(std::vector<db::llm_provider> models, actors::time_point until,
                                       std::function<void(std::vector<bool>)> done)>;

/// The engine's `POST /llm/check` (docs/spec/genvm.md §1.2): `done` is called once, from any thread.
using ask_models = std::function<void(chain::json request, std::chrono::milliseconds limit,
                                      std::function<void(result<chain::json>)> done)>;
/// Asks every model for a word, except those whose key is missing: they would not answer. An engine that cannot be
/// asked leaves what check_by_environment says.
model_check check_by_asking(ask_models ask, std::function<bool(const std::string& name)> is_set);

/// Asks nobody: a model counts as there when the variable that shall hold its key is set, or when it names none,
/// because it needs no key. `is_set`: thread-safe.
model_check check_by_environment(std::function<bool(const std::string& name)> is_set);

struct checked_model {
  db::llm_provider_row row;
  bool answers = false;
};
/// The rows of the registry that `wanted` lets through, by id, each with its flag. No connection is held while the
/// models are asked.
void read_and_check(const model_check& check, actors::request_context& context,
                    std::function<result<std::vector<db::llm_provider_row>>(std::vector<db::llm_provider_row>)> wanted,
                    std::function<void(result<std::vector<checked_model>>)> then);

}  // namespace quorate::rpc::methods
