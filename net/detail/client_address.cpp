// SPDX-License-Identifier: MIT
#include "net/detail/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace quorate::net::detail {
namespace {

constexpr ip_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_bits = 96;

bool is_ipv4(const ip_bytes& address) {
  return std::equal(mapped_prefix.begin(), mapped_prefix.begin() + 12, address.begin());
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_prefix(const ip_bytes& a, const ip_bytes& b, unsigned bits) {
  const auto whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const auto rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer) return {};
  *std::copy(text.begin(), text.end(), buffer) = '\0';
  ip_bytes bytes = mapped_prefix;
  if (::inet_pton(AF_INET, buffer, bytes.data() + 12) == 1) return bytes;
  if (::inet_pton(AF_INET6, buffer, bytes.data()) == 1) return bytes;
  return {};
}

std::string to_text(const ip_bytes& address) {
  char buffer[INET6_ADDRSTRLEN];
  const auto* text = is_ipv4(address) ? ::inet_ntop(AF_INET, address.data() + 12, buffer, sizeof buffer)
                                      : ::inet_ntop(AF_INET6, address.data(), buffer, sizeof buffer);
  return text;
}

result<client_address> client_address::make(const std::vector<std::string>& trusted_proxies) {
  client_address made;
  for (const auto& entry : trusted_proxies) {
    const std::string_view text = trim(entry);
    const auto slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    unsigned bits = 128;
    bool good = address.has_value();
    if (good && slash != std::string_view::npos) {
      const auto digits = text.substr(slash + 1);
      const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
      const unsigned most = is_ipv4(*address) ? 32 : 128;
      good = parsed.ec == std::errc{} && parsed.ptr == digits.data() + digits.size() && bits <= most;
      if (most == 32) bits += mapped_bits;
    }
    if (!good) return fail(errc::invalid_params, "trusted proxy '" + entry + "' is not an IP address or CIDR block");
    made.trusted_.push_back({*address, bits});
  }
  return made;
}

bool client_address::trusted(const ip_bytes& address) const {
  return std::any_of(trusted_.begin(), trusted_.end(),
                     [&](const block& b) { return same_prefix(b.address, address, b.bits); });
}

std::string client_address::find(const ip_bytes& peer, std::string_view forwarded_for, std::string_view real_ip) const {
  if (!trusted(peer)) return to_text(peer);
  std::optional<ip_bytes> first;
  for (auto rest = forwarded_for; !rest.empty();) {
    const auto comma = rest.rfind(',');
    const auto entry = parse_ip(trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
    if (entry && !trusted(*entry)) return to_text(*entry);
    if (entry) first = entry;  // going right to left, the last one seen is the first of the list
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
  }
  if (first) return to_text(*first);
  if (const auto real = parse_ip(trim(real_ip))) return to_text(*real);
  return to_text(peer);
}

}  // namespace quorate::net::detail
