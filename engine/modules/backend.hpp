// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "chain/json.hpp"
#include "chain/result.hpp"

namespace quorate::engine::modules {

/// How a provider is spoken to (docs/spec/genvm.md §4.3).
enum class plugin : std::uint8_t { openai_compatible, ollama, anthropic, google, custom };
std::string_view name(plugin p);
std::optional<plugin> find_plugin(std::string_view name);

/// One model at one provider, as a validator has it.
struct backend {
  std::string id = {};  // node-<address>
  plugin kind = plugin::openai_compatible;
  std::string host = {};  // the API's URL; for custom the very URL that is posted to
  std::string key = {};   // a secret: it is in requests' headers or query, and nowhere else
  std::string model = {};
  bool use_max_completion_tokens = false;
  chain::json config = chain::json::object();  // the validator's settings for the model
};

using backends = std::map<std::string, backend, std::less<>>;

/// What a key may name; usually variables of this process. Who may set a provider's URL and the name of its key can
/// have every variable that is found here sent there: leave out what is no provider's key.
using environment = std::function<std::optional<std::string>(const std::string& variable)>;

/// `{"backends": {id: {"enabled"?, "host", "provider", "key"?, "models": {model: {"use_max_completion_tokens"?,
/// "meta"?:
/// {"config"?}}}}}}`: of each backend the first model counts, and one that is not enabled is left out. A key may hold
/// `${ENV[NAME]}`, which is the variable's value, or nothing where it is not set. errc::invalid_params
/// "backends.<id>.…".
result<backends> read_backends(const chain::json& config, const environment& variables);

/// `${ENV[NAME]}` replaced, wherever it stands.
std::string with_variables(std::string_view text, const environment& variables);

/// Key `timeout` (seconds, 1 to 60) of an anthropic model's settings: it is ours to keep, the API does not know it.
std::optional<std::chrono::milliseconds> own_time_limit(const backend& of);

}  // namespace quorate::engine::modules
