// SPDX-License-Identifier: MIT
#include "engine/modules/web/public_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace quorate::engine::modules {
namespace {

/// Through the socket's form, which is what a connection is checked with.
bool open(const char* text) {
  sockaddr_storage whole{};
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&whole);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&whole);
  if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
    whole.ss_family = AF_INET;
  } else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
    whole.ss_family = AF_INET6;
  } else {
    ADD_FAILURE() << text;
  }
  return is_public(reinterpret_cast<const sockaddr&>(whole));
}

TEST(public_address, what_everybody_reaches_is) {
  for (const char* text : {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1",
                           "172.32.0.1", "192.167.1.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
                           "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_TRUE(open(text)) << text;
}

TEST(public_address, what_is_inside_of_something_is_not) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.168.1.1",
                           "198.19.0.1",
                           "203.0.113.9",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "3fff::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "::7f00:1"})
    EXPECT_FALSE(open(text)) << text;
}

TEST(public_address, other_families_are_not) {
  const sockaddr local{.sa_family = AF_UNIX, .sa_data = {}};
  EXPECT_FALSE(is_public(local));
}

}  // namespace
}  // namespace quorate::engine::modules
