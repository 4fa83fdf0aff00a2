// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "chain/contract_address.hpp"
#include "chain/json.hpp"
#include "chain/payload.hpp"
#include "chain/rollup.hpp"
#include "chain/signed_transaction.hpp"

/// The two sides of `./dev bench forwarding`, each a child process, and what the soak sends:
///
///   rollup_sender direct PORT COUNT ROUND           at a node: one recorded transaction after another
///   rollup_sender clients PORT COUNT ROUND SENDERS  at Quorate: deploys and calls of so many clients at a time
///   rollup_sender bodies COUNT ROUND                prints the request bodies of one client, to be sent in this order
///
/// Everything is signed before the clock starts. The first two print when the first was sent (seconds of the monotonic
/// clock), how long it took, and the clients how long they waited for their replies.
namespace quorate::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using clock = std::chrono::steady_clock;
using asio::ip::tcp;
using chain::json;

constexpr std::size_t code_bytes = 500;
constexpr std::uint64_t chain_id = 61127;

double seconds(clock::duration d) { return std::chrono::duration<double>(d).count(); }

std::string request_body(std::string_view method, std::string_view argument) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":["{}"]}})", method, argument);
}

/// One keep-alive connection that speaks JSON-RPC, a call at a time.
class line {
 public:
  line(std::uint16_t port, std::string path) : path_{std::move(path)} {
    asio::connect(socket_, tcp::resolver{io_}.resolve("127.0.0.1", std::to_string(port)));
    socket_.set_option(tcp::no_delay{true});
  }

  /// The result; throws when there is none.
  json ask(std::string_view method, std::string_view argument) {
    http::request<http::string_body> request{http::verb::post, path_, 11};
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::content_type, "application/json");
    request.body() = request_body(method, argument);
    request.prepare_payload();
    http::write(socket_, request);
    http::response<http::string_body> response;
    http::read(socket_, buffer_, response);
    auto body = chain::parse_json(response.body());
    if (!body || !body->contains("result")) throw std::runtime_error{fmt::format("{}: {}", method, response.body())};
    return std::move((*body)["result"]);
  }

 private:
  asio::io_context io_;
  tcp::socket socket_{io_};
  std::string path_;
  boost::beast::flat_buffer buffer_;
};

chain::private_key key_of(std::uint64_t number) {
  return chain::parse_private_key(fmt::format("{:064x}", number)).value();
}

/// What a wallet signs: a call of addTransaction, to whatever address.
chain::bytes sign(const chain::private_key& key, std::uint64_t nonce, const chain::address20& to, chain::bytes data) {
  chain::transaction_fields fields;
  fields.chain_id = chain_id;
  fields.nonce = nonce;
  fields.gas = 50'000'000;
  fields.to = to;
  fields.data = std::move(data);
  return chain::sign_transaction(fields, key).value();
}

chain::add_transaction_call deploy_call(const chain::address20& sender) {
  const std::string code(code_bytes, '#');
  return {.sender = sender,
          .num_of_initial_validators = 5,
          .max_rotations = 3,
          .payload = chain::encode_deploy_payload(chain::as_bytes(code), chain::as_bytes("\x06"), false)};
}

// -- direct -----------------------------------------------------------------------------------------------------------

/// The node's second account; Quorate has the first.
constexpr std::string_view second_key = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
constexpr std::string_view consensus_main = "0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575";

void send_direct(std::uint16_t port, std::uint64_t count, std::uint64_t round) {
  const auto key = chain::parse_private_key(second_key).value();
  const auto sender = chain::address_of(key).value();
  const auto contract = chain::parse_address(consensus_main).value();
  line node{port, "/"};
  const auto nonce =
      std::stoull(node.ask("eth_getTransactionCount", chain::to_hex_0x(sender)).get<std::string>(), nullptr, 16);
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto id = chain::keccak256(chain::as_bytes(fmt::format("direct {} {}", round, i)));
    const auto data = chain::encode_announced_transaction(deploy_call(sender), id, contract).value();
    all.push_back(chain::to_hex_0x(sign(key, nonce + i, contract, data)));
  }
  const auto began = clock::now();
  for (const auto& raw : all) {
    const auto hash = node.ask("eth_sendRawTransaction", raw).get<std::string>();
    const auto receipt = node.ask("eth_getTransactionReceipt", hash);
    if (!receipt.is_object() || receipt.at("status") != "0x1" || chain::new_transactions_in(receipt).size() != 1)
      throw std::runtime_error{"not recorded: " + hash};
  }
  fmt::print("{{\"began\":{:.6f},\"seconds\":{:.6f}}}\n", seconds(began.time_since_epoch()),
             seconds(clock::now() - began));
}

// -- clients ----------------------------------------------------------------------------------------------------------

/// Each client has an account of its own.
std::uint64_t account_of(std::uint64_t round, std::uint64_t client) { return 1 + 10'000 * round + client; }

/// A deploy and a call of what it made, in turn.
std::vector<std::string> sign_for_client(std::uint64_t account, std::uint64_t count) {
  const auto key = key_of(account);
  const auto sender = chain::address_of(key).value();
  std::vector<std::string> out;
  chain::address20 contract{};
  for (std::uint64_t nonce = 0; nonce < count; ++nonce) {
    auto call = deploy_call(sender);
    const bool deploys = nonce % 2 == 0;
    if (!deploys) {
      call.recipient = contract;
      call.payload = chain::encode_run_payload(chain::bytes(code_bytes, 6), false);
    }
    const auto raw = sign(key, nonce, {}, chain::encode_add_transaction(call).value());
    if (deploys) contract = chain::parse_address(chain::deploy_address(sender, nonce, chain::keccak256(raw))).value();
    out.push_back(chain::to_hex_0x(raw));
  }
  return out;
}

void send_as_clients(std::uint16_t port, std::uint64_t count, std::uint64_t round, std::uint64_t senders) {
  std::vector<std::vector<std::string>> all;
  for (std::uint64_t i = 0; i < senders; ++i)
    all.push_back(sign_for_client(account_of(round, i), count / senders + (i < count % senders ? 1 : 0)));
  std::vector<std::vector<double>> waits(senders);
  std::vector<std::string> failures(senders);
  const auto began = clock::now();
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < senders; ++i)
    threads.emplace_back([&, i] {
      try {
        line server{port, "/api"};
        for (const auto& raw : all[i]) {
          const auto asked = clock::now();
          server.ask("eth_sendRawTransaction", raw);
          waits[i].push_back(1000 * seconds(clock::now() - asked));
        }
      } catch (const std::exception& e) {
        failures[i] = e.what();
      }
    });
  for (auto& one : threads) one.join();
  const auto took = clock::now() - began;
  for (const auto& one : failures)
    if (!one.empty()) throw std::runtime_error{one};
  std::vector<double> sorted;
  for (const auto& one : waits) sorted.insert(sorted.end(), one.begin(), one.end());
  std::sort(sorted.begin(), sorted.end());
  fmt::print("{{\"began\":{:.6f},\"seconds\":{:.6f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"longest_ms\":{:.3f}}}\n",
             seconds(began.time_since_epoch()), seconds(took), sorted[sorted.size() / 2],
             sorted[sorted.size() * 99 / 100], sorted.back());
}

void print_bodies(std::uint64_t count, std::uint64_t round) {
  for (const auto& raw : sign_for_client(account_of(round, 0), count))
    fmt::print("{}\n", request_body("eth_sendRawTransaction", raw));
}

}  // namespace
}  // namespace quorate::bench

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words{argv + 1, argv + argc};
    const auto number = [&](std::size_t i) { return std::stoull(words.at(i)); };
    const auto port = [&] { return static_cast<std::uint16_t>(number(1)); };
    if (words.at(0) == "direct")
      quorate::bench::send_direct(port(), number(2), number(3));
    else if (words.at(0) == "clients")
      quorate::bench::send_as_clients(port(), number(2), number(3), number(4));
    else if (words.at(0) == "bodies")
      quorate::bench::print_bodies(number(1), number(2));
    else
      throw std::out_of_range{"direct, clients or bodies"};
    return EXIT_SUCCESS;
  } catch (const std::exception& e) {
    fmt::print(stderr, "rollup_sender: {}\n", e.what());
    return EXIT_FAILURE;
  }
}
