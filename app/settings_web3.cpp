// SPDX-License-Identifier: MIT
#include <charconv>

#include "app/settings.hpp"
#include "chain/rollup.hpp"

namespace quorate::app {

namespace {

// The first account of Hardhat's and Anvil's mnemonic ("test test … junk"): no secret, and worth nothing.
constexpr std::string_view well_known_key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

tl::unexpected<error> not_an_address(const std::string& url) {
  return fail(errc::invalid_params, "hardhat.url: \"" + url + "\" is not http://host[:port] or embedded");
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc{} && end == text.data() + text.size() && port > 0 ? std::optional{port} : std::nullopt;
}

}  // namespace

bool forwards(const config::values& v) { return !v.text("hardhat.url").empty(); }
bool embeds_node(const config::values& v) { return v.text("hardhat.url") == "embedded"; }

result<net::node_address> node_address_of(const config::values& v) {
  const auto& url = v.text("hardhat.url");
  net::node_address out;
  out.port = static_cast<std::uint16_t>(v.whole("hardhat.port"));
  if (embeds_node(v)) return out;
  std::string_view rest = url;
  if (rest.starts_with("https://"))
    return fail(errc::invalid_params, "hardhat.url: only http:// is spoken, not https://");
  if (rest.starts_with("http://")) rest.remove_prefix(7);
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    out.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  const bool bracketed = rest.starts_with('[');
  const auto host_end = bracketed ? rest.find(']') : rest.find(':');
  if (bracketed && host_end == std::string_view::npos) return not_an_address(url);
  out.host = bracketed ? rest.substr(1, host_end - 1) : rest.substr(0, host_end);
  const auto after =
      host_end == std::string_view::npos ? std::string_view{} : rest.substr(host_end + (bracketed ? 1 : 0));
  if (!after.empty()) {
    const auto port = after.starts_with(':') ? parse_port(after.substr(1)) : std::nullopt;
    if (!port) return not_an_address(url);
    out.port = *port;
  }
  if (out.host.empty() || out.host.find_first_of(" @:?#") != std::string::npos) {
    if (!bracketed) return not_an_address(url);
  }
  if (out.port == 0) return fail(errc::invalid_params, "hardhat.port: 0 is for an embedded node only");
  return out;
}

result<actors::web3::settings> web3_settings_of(const config::values& v) {
  actors::web3::settings s;
  const auto& secret = v.text("hardhat.private_key");
  const auto key = chain::parse_private_key(secret.empty() ? well_known_key : std::string_view{secret});
  if (!key) return fail(errc::invalid_params, "hardhat.private_key is not a private key: 64 hex digits are");
  const auto contract = chain::parse_address(v.text("hardhat.contract"));
  if (!contract) return fail(errc::invalid_params, "hardhat.contract is not an address: 0x and 40 hex digits are");
  s.key = *key;
  s.contract = *contract;
  s.gas = static_cast<std::uint64_t>(v.whole("hardhat.gas"));
  s.batch = static_cast<std::size_t>(v.whole("hardhat.batch"));
  s.call_timeout = v.duration("hardhat.call_timeout");
  s.lease = 3 * s.call_timeout;
  s.idle_close = v.duration("hardhat.idle_close");
  s.patience = v.duration("hardhat.patience");
  s.job_timeout = v.duration("database.pool.timeout");
  return s;
}

}  // namespace quorate::app
