// SPDX-License-Identifier: MIT
#include "engine/modules/web/url_policy.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::modules {
namespace {

const url_policy strict{{}};
const url_policy lenient{{.extra_tlds = {"Local"}, .always_allow_hosts = {"127.0.0.1", "Inner-Host", "[::1]"}}};

/// The cause, or the URL that would be fetched.
std::string verdict(const url_policy& by, std::string_view url) {
  const auto out = by.check(url);
  if (out) return (out->trusted ? "trusted " : "") + out->url;
  EXPECT_FALSE(out.error().fatal);
  return out.error().causes.at(0);
}

TEST(url_policy, lets_the_open_web_pass) {
  EXPECT_EQ(verdict(strict, "https://example.com"), "https://example.com/");
  EXPECT_EQ(verdict(strict, "http://example.org/a?b=c#d"), "http://example.org/a?b=c#d");
  EXPECT_EQ(verdict(strict, "HTTPS://EXAMPLE.DEV:443/"), "https://EXAMPLE.DEV:443/");
  EXPECT_EQ(verdict(strict, "http://example.com:443/"), "http://example.com:443/");
  EXPECT_EQ(verdict(strict, "https://example.com./"), "https://example.com./");
  EXPECT_EQ(verdict(strict, "https://пример.рф/"), "https://xn--e1afmkfd.xn--p1ai/");
  EXPECT_EQ(verdict(strict, "https://example.com/a b"), "https://example.com/a%20b");
}

TEST(url_policy, what_is_no_url) {
  for (const char* url : {"", "example", "example.com", "//example.com", "http://", "http://a b.com/",
                          "http://exa\nmple.com/", "https://example.com:99999/", "javascript:alert(1)"})
    EXPECT_EQ(verdict(strict, url), "MALFORMED_URL") << url;
  EXPECT_EQ(verdict(strict, std::string(10'000, 'a')), "MALFORMED_URL");
  EXPECT_EQ(verdict(strict, std::string_view{"https://a.com\0.local/", 21}), "MALFORMED_URL");
}

TEST(url_policy, other_schemes_ports_and_names) {
  EXPECT_EQ(verdict(strict, "ftp://example.com/"), "SCHEMA_FORBIDDEN");
  EXPECT_EQ(verdict(strict, "file:///etc/passwd"), "SCHEMA_FORBIDDEN");
  EXPECT_EQ(verdict(strict, "https://example.com:8080/"), "PORT_FORBIDDEN");
  EXPECT_EQ(verdict(strict, "https://example.invalid/"), "TLD_FORBIDDEN");
  EXPECT_EQ(verdict(strict, "http://localhost/"), "TLD_FORBIDDEN");
  for (const char* url : {"http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
                          "http://169.254.169.254/", "http://printer.local/"})
    EXPECT_EQ(verdict(strict, url), "TLD_FORBIDDEN") << url;
}

TEST(url_policy, settings_add_to_it) {
  EXPECT_EQ(verdict(lenient, "http://printer.LOCAL/"), "http://printer.LOCAL/");
  EXPECT_EQ(verdict(lenient, "http://printer.local:81/"), "PORT_FORBIDDEN");
  EXPECT_EQ(verdict(lenient, "http://127.0.0.1:8080/x"), "trusted http://127.0.0.1:8080/x");
  EXPECT_EQ(verdict(lenient, "http://INNER-host:1/"), "trusted http://INNER-host:1/");
  EXPECT_EQ(verdict(lenient, "http://[::1]:1/"), "trusted http://[::1]:1/");
  EXPECT_EQ(verdict(lenient, "ftp://127.0.0.1/"), "SCHEMA_FORBIDDEN");
  EXPECT_EQ(verdict(lenient, "http://127.0.0.1@example.com/"), "http://127.0.0.1@example.com/");
}

TEST(url_policy, the_list_has_what_it_should) {
  for (const char* name : {"com", "org", "uk", "dev", "xn--p1ai", "arpa"})
    EXPECT_TRUE(is_top_level_domain(name)) << name;
  for (const char* name : {"", "local", "localhost", "onion", "com org", "1"})
    EXPECT_FALSE(is_top_level_domain(name)) << name;
}

}  // namespace
}  // namespace quorate::engine::modules
