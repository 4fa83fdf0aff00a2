// SPDX-License-Identifier: MIT
#include "engine/modules/backend.hpp"

#include <array>
#include <utility>

namespace quorate::engine::modules {

namespace {

using chain::json;

constexpr std::array<std::pair<plugin, std::string_view>, 5> plugin_names{{
    {plugin::openai_compatible, "openai-compatible"},
    {plugin::ollama, "ollama"},
    {plugin::anthropic, "anthropic"},
    {plugin::google, "google"},
    {plugin::custom, "custom"},
}};

/// One backend's entry; where it is wrong, `at` names the member.
class backend_entry {
 public:
  backend_entry(std::string at, const json& entry) : at_{std::move(at)}, entry_{entry} {}

  result<std::string> text(const char* name) const {
    const auto found = entry_.find(name);
    if (found == entry_.end() || !found->is_string()) return wrong(name, "a text is expected");
    return found->get<std::string>();
  }
  result<bool> flag(const char* name, bool otherwise) const {
    const auto found = entry_.find(name);
    if (found == entry_.end()) return otherwise;
    if (!found->is_boolean()) return wrong(name, "true or false is expected");
    return found->get<bool>();
  }
  tl::unexpected<error> wrong(const char* name, const char* what) const {
    return fail(errc::invalid_params, at_ + "." + name + ": " + what);
  }

 private:
  std::string at_;
  const json& entry_;
};

status read_model(const std::string& at, const json& entry, backend& out) {
  const auto models = entry.find("models");
  if (models == entry.end() || !models->is_object() || models->empty() || !models->begin()->is_object())
    return fail(errc::invalid_params, at + ".models: an object with a model is expected");
  out.model = models->begin().key();
  const json& model = *models->begin();
  const auto tokens = backend_entry{at + ".models." + out.model, model}.flag("use_max_completion_tokens", false);
  if (!tokens) return tl::unexpected{tokens.error()};
  out.use_max_completion_tokens = *tokens;
  const auto meta = model.find("meta");
  if (meta == model.end() || !meta->is_object()) return {};
  const auto config = meta->find("config");
  if (config == meta->end() || config->is_null()) return {};
  if (!config->is_object())
    return fail(errc::invalid_params, at + ".models." + out.model + ".meta.config: an object is expected");
  out.config = *config;
  return {};
}

result<std::optional<backend>> read_backend(const std::string& id, const json& value, const environment& variables) {
  const std::string at = "backends." + id;
  if (!value.is_object()) return fail(errc::invalid_params, at + ": an object is expected");
  const backend_entry entry{at, value};
  const auto enabled = entry.flag("enabled", true);
  if (!enabled) return tl::unexpected{enabled.error()};
  if (!*enabled) return std::nullopt;
  backend out{.id = id};
  const auto provider = entry.text("provider");
  if (!provider) return tl::unexpected{provider.error()};
  const auto kind = find_plugin(*provider);
  if (!kind) return entry.wrong("provider", "openai-compatible, ollama, anthropic, google or custom is expected");
  out.kind = *kind;
  auto host = entry.text("host");
  if (!host) return tl::unexpected{host.error()};
  out.host = *std::move(host);
  if (out.host.empty()) return entry.wrong("host", "a URL is expected");
  if (const auto key = value.find("key"); key != value.end() && !key->is_null()) {
    if (!key->is_string()) return entry.wrong("key", "a text is expected");
    out.key = with_variables(key->get_ref<const std::string&>(), variables);
  }
  if (const auto model = read_model(at, value, out); !model) return tl::unexpected{model.error()};
  return out;
}

}  // namespace

std::string_view name(plugin p) {
  for (const auto& [kind, text] : plugin_names) {
    if (kind == p) return text;
  }
  return "";
}

std::optional<plugin> find_plugin(std::string_view name) {
  for (const auto& [kind, text] : plugin_names) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

result<backends> read_backends(const json& config, const environment& variables) {
  backends out;
  if (!config.is_object()) return fail(errc::invalid_params, "config: an object is expected");
  const auto all = config.find("backends");
  if (all == config.end()) return out;
  if (!all->is_object()) return fail(errc::invalid_params, "backends: an object is expected");
  for (const auto& [id, value] : all->items()) {
    auto one = read_backend(id, value, variables);
    if (!one) return tl::unexpected{one.error()};
    if (*one) out.emplace(id, **std::move(one));
  }
  return out;
}

std::string with_variables(std::string_view text, const environment& variables) {
  constexpr std::string_view begin = "${ENV[", end = "]}";
  std::string out;
  for (;;) {
    const auto at = text.find(begin);
    const auto close = at == std::string_view::npos ? at : text.find(end, at);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, at));
    const auto variable = text.substr(at + begin.size(), close - at - begin.size());
    out.append(variables(std::string{variable}).value_or(""));
    text.remove_prefix(close + end.size());
  }
}

std::optional<std::chrono::milliseconds> own_time_limit(const backend& of) {
  if (of.kind != plugin::anthropic) return std::nullopt;
  const auto found = of.config.find("timeout");
  const auto seconds = found == of.config.end() ? std::nullopt : chain::as_integer(*found);
  if (!seconds || *seconds < 1 || *seconds > 60) return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(*seconds)};
}

}  // namespace quorate::engine::modules
