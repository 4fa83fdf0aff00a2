// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>

#include "chain/address.hpp"
#include "chain/hex.hpp"
#include "chain/keccak.hpp"
#include "chain/signed_transaction.hpp"

/// Signed transfers for the load generator, one request per line (bench/load: a label, a tab, the body). Signing takes
/// as long as checking, so it is done before anything is measured. `hashes` prints what the same transfers will be
/// called.
namespace quorate::bench {
namespace {

/// The key of sender `n`: nobody else's, and the same in every run.
chain::private_key key_of(std::uint64_t n) {
  const auto key = chain::parse_private_key(fmt::format("{:064x}", n + 0xbe7c));
  if (!key) throw std::runtime_error{"not a key"};
  return *key;
}

chain::address20 address_of(const chain::private_key& key) {
  const auto address = chain::address_of(key);
  if (!address) throw std::runtime_error{address.error().message};
  return *address;
}

/// "0x" + forty decimal digits, as bench/harness seeds them.
chain::address20 account(std::uint64_t n) {
  const auto bytes = chain::from_hex(fmt::format("0x{:0>40}", n));
  chain::address20 out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

void print_senders(std::uint64_t senders) {
  for (std::uint64_t n = 0; n < senders; ++n) fmt::print("{}\n", *chain::address_text(address_of(key_of(n))));
}

struct order {
  std::uint64_t senders, count, first, accounts, chain_id;
  bool only_hashes = false;
};

/// Transfer `i` is of sender i mod senders, with the nonce that follows from it.
void print_transfers(const order& o) {
  std::mt19937_64 random{o.first + 1};
  for (std::uint64_t i = o.first; i < o.first + o.count; ++i) {
    chain::transaction_fields fields;
    fields.chain_id = chain::integer{o.chain_id};
    fields.nonce = i / o.senders;
    fields.gas = 21'000;
    fields.to = account(1 + random() % o.accounts);
    fields.value = 1 + random() % 1'000'000;
    const auto raw = chain::sign_transaction(fields, key_of(i % o.senders));
    if (!raw) throw std::runtime_error{raw.error().message};
    if (o.only_hashes)
      fmt::print("{}\n", chain::to_hex_0x(chain::keccak256(*raw)));
    else
      fmt::print(
          "eth_sendRawTransaction\t{{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"eth_sendRawTransaction\",\"params\":["
          "\"{}\"]}}\n",
          i, chain::to_hex_0x(*raw));
  }
}

}  // namespace
}  // namespace quorate::bench

int main(int argc, char** argv) {
  using namespace quorate::bench;
  const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  try {
    if (argc == 3 && std::string{argv[1]} == "senders") return print_senders(number(2)), 0;
    const std::string what = argc == 7 ? argv[1] : "";
    if (what == "transfers" || what == "hashes")
      return print_transfers({number(2), number(3), number(4), number(5), number(6), what == "hashes"}), 0;
    fmt::print(stderr,
               "usage: sign_transfers senders SENDERS\n"
               "       sign_transfers transfers|hashes SENDERS COUNT FIRST ACCOUNTS CHAIN_ID\n");
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "sign_transfers: {}\n", e.what());
    return 1;
  }
}
