// SPDX-License-Identifier: MIT
#include "engine/python/manager/manager.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "engine/python/manager/http_server.hpp"
#include "engine/python/manager/module_service.hpp"

namespace quorate::engine::python {

namespace {

constexpr std::size_t cache_bytes = std::size_t{64} << 20;

int complain(const error& reason) {
  std::fprintf(stderr, "quorate-engine: %s%s%s\n", reason.message.c_str(), reason.detail.empty() ? "" : ": ",
               reason.detail.c_str());
  return 1;
}

std::string how_pages_are_shown(const manager_options& options) {
  if (!options.webdriver.empty()) return "web pages are shown by " + options.webdriver;
  const auto program = modules::find_browser();
  if (program.empty()) return "web pages are read as text; chromium and chromium-sandbox would show them";
  const auto started = modules::browser_process::start(program);
  return started ? "web pages are shown by " + program : "web pages are read as text: " + started.error().message;
}

}  // namespace

int run_manager(const manager_options& options) {
  if (options.die_with_parent) {
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context io{1};
  zygote_client zygote{io, options.allow_without_seccomp};
  code_cache cache{cache_bytes};
  module_service modules{io, options.webdriver};
  run_table runs{{io, zygote, cache, modules}};
  manager_api api{runs, modules, zygote};
  http_server server{io, api};

  int status = 0;
  const auto stop = [&] {
    server.close();
    runs.stop_all();
    io.stop();
  };
  boost::asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&](const auto& failed, int) {
    if (!failed) stop();
  });
  const auto started = zygote.start([&](quorate::status ready) {
    if (ready) ready = server.listen(options.listen);
    if (!ready) {
      status = complain(ready.error());
      return stop();
    }
    std::fprintf(stderr, "quorate-engine: ready on %s; confined by %s\n", options.listen.c_str(),
                 text_of(zygote.layers()).c_str());
  });
  if (!started) return complain(started.error());
  io.run();
  return status;
}

int probe_confinement(const manager_options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context io{1};
  zygote_client zygote{io, options.allow_without_seccomp};
  int status = 0;
  const auto started = zygote.start([&](quorate::status ready) {
    if (!ready) status = complain(ready.error());
    if (ready) std::printf("%s\n%s\n", how_pages_are_shown(options).c_str(), text_of(zygote.layers()).c_str());
    io.stop();
  });
  if (!started) return complain(started.error());
  io.run();
  return status;
}

}  // namespace quorate::engine::python
