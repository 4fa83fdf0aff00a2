// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/web3/link.hpp"

namespace quorate::net {

struct node_address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8545;
  std::string path = "/";
  std::size_t body_limit = 64u << 20;  // of an answer
};

/// The one keep-alive connection to an Ethereum node, on a thread of its own that sleeps while nothing is asked. Plain
/// HTTP. Exchanges under way when it is destroyed end with fault::broken.
std::unique_ptr<actors::web3::link> make_node_link(node_address address);

}  // namespace quorate::net
