// SPDX-License-Identifier: MIT
#include "engine/modules/llm.hpp"

#include <algorithm>
#include <utility>

#include "chain/log.hpp"
#include "engine/modules/providers/provider.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_value;

struct reply_value {
  calldata_value operator()(const std::string& text) const { return calldata_value{clean_utf8(text)}; }
  calldata_value operator()(const json& object) const { return calldata_value{chain::dump_json(object)}; }
  calldata_value operator()(bool truth) const { return calldata_value{truth}; }
};

void finish_with(const job_ptr& to, const reply& got) { to->finish(make_answer(std::visit(reply_value{}, got))); }

/// The provider's own words, where they are where providers put them.
std::string message_in(const json& body) {
  if (!body.is_object() || !body.contains("error")) return "";
  const json& error = body.at("error");
  if (error.is_string()) return error.get<std::string>();
  return error.is_object() && error.contains("message") && error.at("message").is_string()
             ? error.at("message").get<std::string>()
             : "";
}

/// Tries one backend after the other, and keeps what each failed with.
class prompt_flow : public std::enable_shared_from_this<prompt_flow> {
 public:
  prompt_flow(job_ptr to, std::shared_ptr<const backends> known, prompt asked, json host_data,
              const exchange_limits& limits)
      : to_{std::move(to)},
        known_{std::move(known)},
        asked_{std::move(asked)},
        host_data_(std::move(host_data)),  // braces would make an array of it
        limits_{limits},
        ctx_{{"prompt", describe(asked_)}, {"host_data", shown_host_data()}} {}

  void run() {
    attempt("studio_llm_id", "primary", [](prompt_flow& self) {
      self.attempt("fallback_llm_id", "fallback", [](prompt_flow& last) { last.give_up(); });
    });
  }

 private:
  using step = void (*)(prompt_flow&);

  void attempt(const char* id_key, std::string role, step otherwise) {
    const auto id = host_data_.find(id_key);
    if (id == host_data_.end() || !id->is_string()) return otherwise(*this);
    const auto found = known_->find(id->get_ref<const std::string&>());
    if (found == known_->end()) {
      ctx_[role + "_error"] = {{"provider", *id}, {"error_message", "there is no such provider"}};
      return otherwise(*this);
    }
    const backend& one = found->second;
    ctx_[role + "_model"] = one.model;
    to_->fetch(provider_exchange(one, asked_, limits_), [self = shared_from_this(), &one, role = std::move(role),
                                                         otherwise](const transport::fetched& got) {
      const auto outcome = provider_outcome(one, self->asked_, got);
      if (outcome) return finish_with(self->to_, *outcome);
      const auto info = error_info(one, outcome.error());
      log::event(log::level::warning, "modules", "a provider failed",
                 {{"provider", one.id}, {"model", one.model}, {"error", info.at("error_message").get<std::string>()}});
      self->ctx_[role + "_error"] = info;
      otherwise(*self);
    });
  }

  void give_up() { to_->finish(failed("NO_PROVIDER_FOR_PROMPT", std::move(ctx_), true).value()); }

  /// Who asked, for whom; not what the tests of a contract answer with.
  json shown_host_data() const {
    json out = json::object();
    for (const char* key : {"studio_llm_id", "fallback_llm_id", "node_address", "tx_id"}) {
      if (const auto found = host_data_.find(key); found != host_data_.end()) out[key] = *found;
    }
    return out;
  }

  const job_ptr to_;
  const std::shared_ptr<const backends> known_;
  const prompt asked_;
  const json host_data_;
  const exchange_limits limits_;
  json ctx_;
};

}  // namespace

transport::exchange provider_exchange(const backend& to, const prompt& asked, const exchange_limits& limits) {
  return {.request = provider_request(to, asked),
          .time_limit = std::min(limits.time, own_time_limit(to).value_or(limits.time)),
          .most_bytes = limits.bytes,
          .decompress = true};
}

outcome<reply> provider_outcome(const backend& from, const prompt& asked, const transport::fetched& got) {
  if (got) return provider_reply(from, asked, *got);
  const auto kind = got.error().kind;
  const bool half = kind == transport::failure_kind::broken_off || kind == transport::failure_kind::too_large;
  return failed(half ? "READING_BODY" : "SENDING_REQUEST",
                {{"url", provider_url(from)}, {"message", got.error().message}}, true);
}

json error_info(const backend& from, const module_error& error) {
  json out{{"provider", from.id}, {"model", from.model}};
  std::string message = error.causes.empty() ? "" : error.causes.front();
  const auto add = [&message](const std::string& more) {
    if (!more.empty()) message.append(": ").append(more);
  };
  if (const auto status = error.ctx.find("status"); status != error.ctx.end()) {
    out["status"] = *status;
    add("status " + chain::dump_json(*status));
  }
  if (const auto text = error.ctx.find("message"); text != error.ctx.end()) add(text->get<std::string>());
  if (const auto body = error.ctx.find("body"); body != error.ctx.end()) {
    out["body"] = *body;
    add(message_in(*body));
  }
  out["error_message"] = std::move(message);
  return out;
}

void answer_prompt(const job_ptr& to, std::shared_ptr<const backends> known, prompt asked, json host_data,
                   const exchange_limits& limits) {
  if (is_blank(asked)) return to->finish(failed("EMPTY_PROMPT").value());
  if (!host_data.is_object()) host_data = json::object();
  if (const auto mock = mocked_reply(host_data, asked)) {
    if (*mock) return finish_with(to, **mock);
    return to->finish(mock->error());
  }
  std::make_shared<prompt_flow>(to, std::move(known), std::move(asked), std::move(host_data), limits)->run();
}

}  // namespace quorate::engine::modules
