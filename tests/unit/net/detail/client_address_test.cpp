// SPDX-License-Identifier: MIT
#include "net/detail/client_address.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

client_address trusting(const std::vector<std::string>& proxies) { return client_address::make(proxies).value(); }
ip_bytes ip(std::string_view text) { return parse_ip(text).value(); }

TEST(client_address, parses_addresses_strictly) {
  for (const auto* good : {"1.2.3.4", "::1", "2001:db8::7", "::ffff:1.2.3.4"}) EXPECT_TRUE(parse_ip(good)) << good;
  for (const auto* bad : {"", "1.2.3", "1.2.3.4:80", "[::1]", "256.1.1.1", "host", "fe80::1%eth0", "1.2.3.4 "}) {
    EXPECT_FALSE(parse_ip(bad)) << bad;
  }
}

TEST(client_address, writes_mapped_addresses_as_ipv4) {
  EXPECT_EQ(to_text(ip("::ffff:10.0.0.7")), "10.0.0.7");
  EXPECT_EQ(ip("::ffff:10.0.0.7"), ip("10.0.0.7"));
  EXPECT_EQ(to_text(ip("2001:0db8:0:0::1")), "2001:db8::1");
}

TEST(client_address, believes_no_header_of_an_untrusted_peer) {
  const auto rule = trusting({"10.0.0.0/8"});
  EXPECT_EQ(rule.find(ip("192.0.2.1"), "1.1.1.1", "2.2.2.2"), "192.0.2.1");
  EXPECT_EQ(trusting({}).find(ip("127.0.0.1"), "1.1.1.1", ""), "127.0.0.1");
}

TEST(client_address, takes_the_rightmost_untrusted_entry) {
  const auto rule = trusting({"10.0.0.0/8"});
  EXPECT_EQ(rule.find(ip("10.0.0.1"), "6.6.6.6, 1.1.1.1 , 10.2.2.2", ""), "1.1.1.1");
  EXPECT_EQ(rule.find(ip("10.0.0.1"), "6.6.6.6, 1.1.1.1, garbage", ""), "1.1.1.1");
  EXPECT_EQ(rule.find(ip("::ffff:10.0.0.1"), "2001:db8::9", ""), "2001:db8::9");
}

TEST(client_address, takes_the_first_valid_entry_when_all_are_trusted) {
  EXPECT_EQ(trusting({"10.0.0.0/8"}).find(ip("10.0.0.1"), "junk, 10.1.1.1, 10.2.2.2", "9.9.9.9"), "10.1.1.1");
}

TEST(client_address, falls_back_to_real_ip_then_to_the_peer) {
  const auto rule = trusting({"127.0.0.1"});
  EXPECT_EQ(rule.find(ip("127.0.0.1"), "unknown, ,", " 9.9.9.9 "), "9.9.9.9");
  EXPECT_EQ(rule.find(ip("127.0.0.1"), "", "nonsense"), "127.0.0.1");
  EXPECT_EQ(rule.find(ip("127.0.0.1"), "", ""), "127.0.0.1");
}

TEST(client_address, compares_prefixes_to_the_bit) {
  const auto rule = trusting({"192.168.4.0/23", "2001:db8::/33", "::1"});
  EXPECT_TRUE(rule.trusted(ip("192.168.5.255")));
  EXPECT_FALSE(rule.trusted(ip("192.168.6.0")));
  EXPECT_TRUE(rule.trusted(ip("2001:db8:7fff::1")));
  EXPECT_FALSE(rule.trusted(ip("2001:db8:8000::1")));
  EXPECT_TRUE(rule.trusted(ip("::1")));
  EXPECT_FALSE(rule.trusted(ip("::2")));
  EXPECT_TRUE(trusting({"0.0.0.0/0"}).trusted(ip("8.8.8.8")));
  EXPECT_FALSE(trusting({"0.0.0.0/0"}).trusted(ip("2001:db8::1")));
}

TEST(client_address, names_a_bad_proxy_entry) {
  for (const auto* bad : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "proxy.local", "", "10.0.0.0/8x"}) {
    const auto made = client_address::make({"127.0.0.1", bad});
    ASSERT_FALSE(made) << bad;
    EXPECT_NE(made.error().message.find("'" + std::string(bad) + "'"), std::string::npos) << made.error().message;
  }
}

}  // namespace
}  // namespace quorate::net::detail
