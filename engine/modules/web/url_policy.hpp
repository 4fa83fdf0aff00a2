// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/modules/answer.hpp"

namespace quorate::engine::modules {

/// Where contracts may go (docs/spec/genvm.md §4.4). It reads URLs with libcurl's own reader, so that what is checked
/// is what is fetched. What a name resolves to is checked once more, when the connection is made (transport.hpp).
class url_policy {
 public:
  struct settings {
    std::set<std::string, std::less<>> extra_tlds = {};          // without a dot
    std::set<std::string, std::less<>> always_allow_hosts = {};  // names or addresses, without a port
  };
  /// Letter case does not matter in either.
  explicit url_policy(const settings& allowed);

  struct target {
    std::string url;       // in the form that libcurl gives it
    std::string origin;    // scheme, host and port
    bool trusted = false;  // a host that is always allowed: any port, and private addresses
  };

  /// MALFORMED_URL, SCHEMA_FORBIDDEN (not http or https), PORT_FORBIDDEN (one is named, and it is not 80 or 443),
  /// TLD_FORBIDDEN (the host ends in no top-level domain, as addresses do); ctx: url. None is fatal.
  outcome<target> check(std::string_view url) const;

 private:
  settings allowed_;
};

/// What a redirect's Location means at the URL that it came from; nothing where it is no URL.
std::optional<std::string> resolve_url(const std::string& base, const std::string& location);

/// One of IANA's, in lower case, internationalized ones in their xn-- form.
bool is_top_level_domain(std::string_view name);

}  // namespace quorate::engine::modules
