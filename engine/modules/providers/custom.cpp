// SPDX-License-Identifier: MIT
#include "engine/modules/providers/shape.hpp"

namespace quorate::engine::modules::providers {

namespace {

/// Settings of this plugin may be texts where numbers and truth values are meant.
json custom_setting(const json& value) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  if (text == "true" || text == "false") return text == "true";
  const auto parsed = chain::parse_json(text);
  return parsed && chain::is_number(*parsed) ? *parsed : value;
}

/// One message, and every setting as it is: nothing is known of the server.
http_request custom_request(const backend& to, const prompt& asked) {
  const auto text = asked.system.empty() ? asked.user : asked.system + "\n\n" + asked.user;
  json body{{"model", to.model}, {"messages", json::array({{{"role", "user"}, {"content", text}}})}};
  for (const auto& [key, value] : to.config.items()) body.emplace(key, custom_setting(value));
  return post(to.host, body, {{"Authorization", "Bearer " + to.key}});
}

outcome<reply> custom_reply(const json& body, answer_format format) {
  return text_reply(body, "/choices/0/message/content", format);
}

}  // namespace

const shape custom{.ask = custom_request, .read = custom_reply};

}  // namespace quorate::engine::modules::providers
