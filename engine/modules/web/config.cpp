// SPDX-License-Identifier: MIT
#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

namespace {

status read_words(const json& config, const char* name, std::set<std::string, std::less<>>& out) {
  const auto found = config.find(name);
  if (found == config.end() || found->is_null()) return {};
  const auto wrong = [&] { return fail(errc::invalid_params, std::string{name} + ": an array of texts is expected"); };
  if (!found->is_array()) return wrong();
  for (const json& one : *found) {
    if (!one.is_string()) return wrong();
    out.insert(one.get<std::string>());
  }
  return {};
}

}  // namespace

result<web_module> read_web_config(const json& config) {
  if (!config.is_object()) return fail(errc::invalid_params, "config: an object is expected");
  url_policy::settings allowed;
  for (const auto& [name, words] :
       {std::pair{"extra_tld", &allowed.extra_tlds}, std::pair{"always_allow_hosts", &allowed.always_allow_hosts}}) {
    if (const auto read = read_words(config, name, *words); !read) return tl::unexpected{read.error()};
  }
  web_module out{.policy = url_policy{allowed}, .webdriver = "", .shown_by = nullptr};
  if (const auto host = config.find("webdriver_host"); host != config.end() && !host->is_null()) {
    if (!host->is_string()) return fail(errc::invalid_params, "webdriver_host: a URL or null is expected");
    out.webdriver = host->get<std::string>();
    while (out.webdriver.ends_with('/')) out.webdriver.pop_back();
  }
  return out;
}

}  // namespace quorate::engine::modules
