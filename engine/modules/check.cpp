// SPDX-License-Identifier: MIT
#include "engine/modules/check.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace quorate::engine::modules {

namespace {

constexpr std::size_t most_attempts = 1000;
constexpr std::size_t at_a_time = 8;

tl::unexpected<error> wrong_check(const std::string& at, const char* what) {
  return fail(errc::invalid_params, at + ": " + what);
}

result<std::string> text_in(const json& of, const std::string& at, const char* name,
                            std::optional<std::string> otherwise = std::nullopt) {
  const auto found = of.find(name);
  if (found == of.end() || found->is_null()) {
    if (otherwise) return *std::move(otherwise);
  } else if (found->is_string()) {
    return found->get<std::string>();
  }
  return wrong_check(at + "." + name, "a text is expected");
}

result<backend> read_check_config(const json& entry, const std::string& at, const environment& variables) {
  if (!entry.is_object()) return wrong_check(at, "an object is expected");
  auto host = text_in(entry, at, "host");
  if (!host) return tl::unexpected{host.error()};
  auto model = text_in(entry, at, "model");
  if (!model) return tl::unexpected{model.error()};
  const auto provider = text_in(entry, at, "provider");
  if (!provider) return tl::unexpected{provider.error()};
  const auto kind = find_plugin(*provider);
  if (!kind) return wrong_check(at + ".provider", "openai-compatible, ollama, anthropic, google or custom is expected");
  const auto key = text_in(entry, at, "key", "");
  if (!key) return tl::unexpected{key.error()};
  return backend{.id = at,
                 .kind = *kind,
                 .host = *std::move(host),
                 .key = with_variables(*key, variables),
                 .model = *std::move(model)};
}

result<prompt> read_check_prompt(const json& entry, const std::string& at) {
  if (!entry.is_object()) return wrong_check(at, "an object is expected");
  auto user = text_in(entry, at, "user_message");
  if (!user) return tl::unexpected{user.error()};
  auto system = text_in(entry, at, "system_message", "");
  if (!system) return tl::unexpected{system.error()};
  prompt out{.system = *std::move(system), .user = *std::move(user)};
  if (const auto found = entry.find("temperature"); found != entry.end() && !found->is_null()) {
    if (!chain::is_number(*found)) return wrong_check(at + ".temperature", "a number is expected");
    // A number that was read is a token, which nlohmann does not convert.
    out.temperature = json::parse(chain::dump_json(*found)).get<double>();
  }
  if (const auto found = entry.find("max_tokens"); found != entry.end() && !found->is_null()) {
    const auto count = chain::as_integer(*found);
    if (!count || *count < 1 || *count > 1'000'000) return wrong_check(at + ".max_tokens", "a number is expected");
    out.max_tokens = static_cast<std::int64_t>(*count);
  }
  return out;
}

/// Reads every entry of an array, or says which is wrong.
template <class Out, class Read>
status read_each(const json& request, const char* name, std::vector<Out>& out, Read read) {
  const auto found = request.is_object() ? request.find(name) : request.end();
  if (found == request.end() || !found->is_array()) return wrong_check(name, "an array is expected");
  if (found->size() > most_attempts) return wrong_check(name, "at most 1000 entries");
  for (std::size_t i = 0; i < found->size(); ++i) {
    auto one = read((*found)[i], fmt::format("{}[{}]", name, i));
    if (!one) return tl::unexpected{one.error()};
    out.push_back(*std::move(one));
  }
  return {};
}

class check_flow : public std::enable_shared_from_this<check_flow> {
 public:
  check_flow(transport& by, check_request what, const exchange_limits& limits, std::function<void(json)> done)
      : by_{by}, what_{std::move(what)}, limits_{limits}, done_{std::move(done)}, results_(json::array()) {
    for (std::size_t c = 0; c < what_.configs.size(); ++c) {
      for (std::size_t p = 0; p < what_.prompts.size(); ++p)
        results_.push_back({{"config_index", c}, {"prompt_index", p}, {"available", false}});
    }
  }

  void run() {
    if (results_.empty()) return done_(std::move(results_));
    for (std::size_t i = 0; i < at_a_time; ++i) next();
  }

 private:
  void next() {
    if (begun_ == results_.size()) return;
    const std::size_t which = begun_++;
    const backend& to = what_.configs[which / what_.prompts.size()];
    const prompt& asked = what_.prompts[which % what_.prompts.size()];
    by_.start(provider_exchange(to, asked, limits_),
              [self = shared_from_this(), which, &to, &asked](const transport::fetched& got) {
                self->note(self->results_[which], to, provider_outcome(to, asked, got));
              });
  }

  void note(json& into, const backend& from, const outcome<reply>& got) {
    if (got) {
      into["available"] = true;
      into["response"] = std::get<std::string>(*got);
    } else {
      into["error"] = error_info(from, got.error()).at("error_message");
    }
    if (++ended_ == results_.size()) return done_(std::move(results_));
    next();
  }

  transport& by_;
  const check_request what_;
  const exchange_limits limits_;
  const std::function<void(json)> done_;
  json results_;
  std::size_t begun_ = 0, ended_ = 0;
};

}  // namespace

result<check_request> read_check(const json& request, const environment& variables) {
  check_request out;
  const auto configs = read_each(request, "configs", out.configs, [&](const json& entry, const std::string& at) {
    return read_check_config(entry, at, variables);
  });
  if (!configs) return tl::unexpected{configs.error()};
  const auto prompts = read_each(request, "test_prompts", out.prompts, read_check_prompt);
  if (!prompts) return tl::unexpected{prompts.error()};
  if (out.configs.size() * out.prompts.size() > most_attempts) return wrong_check("configs", "at most 1000 attempts");
  return out;
}

void run_check(transport& by, check_request what, const exchange_limits& limits, std::function<void(json)> done) {
  std::make_shared<check_flow>(by, std::move(what), limits, std::move(done))->run();
}

}  // namespace quorate::engine::modules
