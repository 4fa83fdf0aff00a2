// SPDX-License-Identifier: MIT
#include "app/embedded/leftover.hpp"

#include <signal.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "chain/log.hpp"

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

using std::chrono::seconds;

std::optional<std::vector<std::string>> command_line_of(const fs::path& process) {
  std::ifstream in{process / "cmdline"};
  if (!in) return {};
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
  return words;
}

postmaster::kind kind_of(pid_t pid, const fs::path& cluster) {
  using kind = postmaster::kind;
  const auto process = fs::path{"/proc"} / std::to_string(pid);
  const auto words = command_line_of(process);
  if (!words) return kind::unknown;
  // Its children call themselves "postgres: checkpointer" and the like; the file never names one of them.
  if (words->empty() || fs::path{words->front()}.filename() != "postgres") return kind::foreign;
  std::error_code unseen;
  const auto works_in = fs::read_symlink(process / "cwd", unseen);
  if (!unseen) {
    std::error_code missing;
    return fs::equivalent(works_in, cluster, missing) ? kind::own : kind::foreign;
  }
  // Another user's, and this process may not look: what it was told is public.
  for (std::size_t i = 1; i + 1 < words->size(); ++i) {
    if ((*words)[i] != "-D") continue;
    const fs::path told{(*words)[i + 1]};
    std::error_code missing;
    if (fs::equivalent(told, cluster, missing)) return kind::own;
    return told.is_absolute() ? kind::foreign : kind::unknown;
  }
  return kind::unknown;
}

}  // namespace

postmaster find_postmaster(const fs::path& cluster) {
  std::ifstream in{cluster / "postmaster.pid"};
  pid_t pid = 0;
  if (!(in >> pid) || pid <= 0) return {};
  if (::kill(pid, 0) != 0 && errno == ESRCH) return {};
  return {kind_of(pid, cluster), pid};
}

status clear_leftover(const fs::path& cluster) {
  const auto end = std::chrono::steady_clock::now() + seconds{20};
  const auto hurry = end - seconds{15};
  bool hurried = false;
  auto found = find_postmaster(cluster);
  for (; found.is == postmaster::kind::own; found = find_postmaster(cluster)) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end)
      return fail(errc::internal,
                  "a PostgreSQL server (pid " + std::to_string(found.pid) + ") still runs on " + cluster.string());
    if (now >= hurry && !hurried) {
      ::kill(found.pid, SIGINT);
      hurried = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  if (found.is != postmaster::kind::foreign) return {};
  // PostgreSQL would take any live process of its user for a server. Should there be one after all, the shared memory
  // that it holds still keeps a second one out.
  log::event(log::level::warning, "serve", "postmaster.pid names a process that is no PostgreSQL of this cluster",
             {{"pid", found.pid}});
  std::error_code ignored;
  fs::remove(cluster / "postmaster.pid", ignored);
  return {};
}

}  // namespace quorate::app
