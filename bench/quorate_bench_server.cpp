// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <CLI/CLI.hpp>

#include <string>

#include "app/node.hpp"
#include "chain/u256.hpp"
#include "config/flags.hpp"
#include "config/load.hpp"
#include "config/logging.hpp"
#include "db/accounts.hpp"
#include "rpc/method.hpp"

/// `quorate serve` with one method more: `bench_slow(address)` reads a balance, works for three seconds and answers, as
/// a call does that runs a contract. It is registered through the method table, from outside of the library, and its
/// work happens between leases.
namespace {

using namespace quorate;

constexpr std::chrono::seconds work_time{3};

void read_then_work(const rpc::call& call, actors::request_context& context) {
  const auto address = call.params[0].get<std::string>();
  context.run<std::string>(
      db::access::single_statement,
      [address](db::transaction& tx) -> result<std::string> {
        auto wei = db::accounts::balance(tx, address);
        if (!wei) return tl::unexpected{std::move(wei.error())};
        return '"' + chain::to_hex_quantity(wei->value_or(0)) + '"';
      },
      [&context](result<std::string> text) {
        context.after(work_time, [&context, text = std::move(text)]() mutable { context.reply(std::move(text)); });
      });
}

void add_slow_method(rpc::method_table& table) {
  table.add({.name = "bench_slow",
             .summary = "Reads a balance, then works for three seconds.",
             .params = {{.name = "account_address", .type = rpc::param_type::address}},
             .result_schema = {{"type", "string"}},
             .handler = rpc::steps{read_then_work},
             .ignore_extra_params = true});
}

int serve(const config::values& settings) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  if (const auto ok = config::install_logging(settings); !ok) {
    fmt::print(stderr, "{}\n", ok.error().message);
    return 1;
  }
  auto node = app::node::start({settings, settings.text("database.url"), add_slow_method});
  if (!node) {
    fmt::print(stderr, "{}\n{}\n", node.error().message, node.error().detail);
    return 1;
  }
  int signal = 0;
  ::sigwait(&signals, &signal);
  return (*node)->shutdown(settings.duration("server.drain_deadline")) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Quorate with a slow method more, for the benchmark"};
  app.require_subcommand(1);
  quorate::config::command_line flags;
  auto* command = app.add_subcommand("serve", "Answer JSON-RPC until SIGTERM");
  quorate::config::add_flags(*command, flags);
  CLI11_PARSE(app, argc, argv);
  const auto settings = quorate::config::load(flags);
  if (!settings) {
    fmt::print(stderr, "{}\n", settings.error().message);
    return 2;
  }
  return serve(*settings);
}
