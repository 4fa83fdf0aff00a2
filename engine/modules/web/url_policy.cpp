// SPDX-License-Identifier: MIT
#include "engine/modules/web/url_policy.hpp"

#include <curl/curl.h>
#include <locale.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_set>

#include "chain/utf8.hpp"
#include "engine/modules/embedded_tlds.hpp"

namespace quorate::engine::modules {

namespace {

constexpr std::size_t longest_url = 8192;

std::string lowered(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::set<std::string, std::less<>> lowered(const std::set<std::string, std::less<>>& all) {
  std::set<std::string, std::less<>> out;
  for (const auto& one : all) out.insert(lowered(one));
  return out;
}

/// libcurl reads names that are not ASCII in the thread's locale, and ours are UTF-8.
class utf8_locale {
 public:
  utf8_locale() : own_{newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)} {
    if (own_ != nullptr) before_ = uselocale(own_);
  }
  ~utf8_locale() {
    if (own_ == nullptr) return;
    uselocale(before_);
    freelocale(own_);
  }
  utf8_locale(const utf8_locale&) = delete;
  utf8_locale& operator=(const utf8_locale&) = delete;

 private:
  locale_t own_;
  locale_t before_ = nullptr;
};

using url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part_of(const url_handle& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owned{text, curl_free};
  return std::string{text};
}

tl::unexpected<module_error> refused_url(std::string cause, std::string_view url) {
  return failed(std::move(cause), {{"url", chain::excerpt(clean_utf8(url), 1024)}});
}

}  // namespace

bool is_top_level_domain(std::string_view name) {
  static const auto all = [] {
    std::unordered_set<std::string_view> out;
    std::string_view rest = embedded::top_level_domains;
    while (!rest.empty()) {
      const auto end = std::min(rest.find_first_of(" \n"), rest.size());
      out.insert(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    out.erase("");
    return out;
  }();
  return all.contains(name);
}

url_policy::url_policy(const settings& allowed)
    : allowed_{.extra_tlds = lowered(allowed.extra_tlds), .always_allow_hosts = lowered(allowed.always_allow_hosts)} {}

outcome<url_policy::target> url_policy::check(std::string_view text) const {
  const utf8_locale while_reading;
  const url_handle url{curl_url(), curl_url_cleanup};
  if (url == nullptr || text.size() > longest_url || text.find('\0') != std::string_view::npos)
    return refused_url("MALFORMED_URL", text);
  if (curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) !=
      CURLUE_OK)
    return refused_url("MALFORMED_URL", text);
  const auto scheme = part_of(url, CURLUPART_SCHEME);
  if (!scheme) return refused_url("MALFORMED_URL", text);
  if (*scheme != "http" && *scheme != "https") return refused_url("SCHEMA_FORBIDDEN", text);
  const auto host = part_of(url, CURLUPART_HOST, CURLU_PUNYCODE);
  const auto whole = part_of(url, CURLUPART_URL, CURLU_PUNYCODE);
  if (!host || host->empty() || !whole) return refused_url("MALFORMED_URL", text);

  const auto lower_host = lowered(*host);
  const auto port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  target out{.url = *whole, .origin = *scheme + "://" + lower_host + ":" + port.value_or("")};
  std::string_view name = lower_host;
  if (name.ends_with('.')) name.remove_suffix(1);  // the root, spelled out
  out.trusted = allowed_.always_allow_hosts.contains(name);
  if (out.trusted) return out;
  if (port && *port != "80" && *port != "443") return refused_url("PORT_FORBIDDEN", text);
  const auto dot = name.rfind('.');
  const auto tld = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (!is_top_level_domain(tld) && !allowed_.extra_tlds.contains(tld)) return refused_url("TLD_FORBIDDEN", text);
  return out;
}

std::optional<std::string> resolve_url(const std::string& base, const std::string& location) {
  const utf8_locale while_reading;
  const url_handle url{curl_url(), curl_url_cleanup};
  constexpr unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;
  if (url == nullptr || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), flags) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, location.c_str(), flags) != CURLUE_OK)
    return std::nullopt;
  return part_of(url, CURLUPART_URL);
}

}  // namespace quorate::engine::modules
