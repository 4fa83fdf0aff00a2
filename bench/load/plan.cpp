// SPDX-License-Identifier: MIT
#include "bench/load/plan.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace quorate::bench {
namespace {

constexpr const char* usage =
    "usage: load --port N --group NAME:CLIENTS:FILE [--group ...] [--host ADDRESS] [--path /api]\n"
    "            [--seconds S] [--warm-up S] [--timeout S] [--seed N] [--series] [--once]\n"
    "FILE holds one request per line: a label, a tab, the JSON body. --once: each is sent one time, in their order.\n"
    "Prints one JSON object.";

std::size_t label_index(std::vector<std::string>& labels, const std::string& name) {
  const auto found = std::find(labels.begin(), labels.end(), name);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  labels.push_back(name);
  return labels.size() - 1;
}

group read_group(const std::string& spec, const std::string& host, const std::string& path) {
  const auto first = spec.find(':');
  const auto second = first == std::string::npos ? first : spec.find(':', first + 1);
  if (second == std::string::npos) throw std::runtime_error{"--group needs NAME:CLIENTS:FILE"};
  group out;
  out.name = spec.substr(0, first);
  out.clients = std::stoul(spec.substr(first + 1, second - first - 1));
  const auto file = spec.substr(second + 1);
  std::ifstream in{file};
  if (!in) throw std::runtime_error{"cannot read " + file};
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) throw std::runtime_error{file + ": a line without a tab"};
    const auto body = line.substr(tab + 1);
    out.requests.push_back({label_index(out.labels, line.substr(0, tab)),
                            fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n"
                                        "Content-Length: {}\r\n\r\n{}",
                                        path, host, body.size(), body)});
  }
  if (out.requests.empty()) throw std::runtime_error{file + ": no request in it"};
  return out;
}

}  // namespace

plan read_plan(int argc, char** argv) {
  plan out;
  std::string path = "/api";
  std::vector<std::string> groups;
  bool once = false;
  const auto value = [&](int& i) -> std::string {
    if (i + 1 >= argc) throw std::runtime_error{usage};
    return argv[++i];
  };
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--host")
      out.host = value(i);
    else if (name == "--port")
      out.port = static_cast<std::uint16_t>(std::stoul(value(i)));
    else if (name == "--path")
      path = value(i);
    else if (name == "--seconds")
      out.seconds = std::chrono::duration<double>{std::stod(value(i))};
    else if (name == "--warm-up")
      out.warm_up = std::chrono::duration<double>{std::stod(value(i))};
    else if (name == "--timeout")
      out.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(std::stod(value(i)) * 1000)};
    else if (name == "--seed")
      out.seed = std::stoull(value(i));
    else if (name == "--series")
      out.series = true;
    else if (name == "--once")
      once = true;
    else if (name == "--group")
      groups.push_back(value(i));
    else
      throw std::runtime_error{usage};
  }
  if (groups.empty()) throw std::runtime_error{usage};
  for (const auto& spec : groups) {
    out.groups.push_back(read_group(spec, out.host, path));
    out.groups.back().once = once;
  }
  return out;
}

}  // namespace quorate::bench
