// SPDX-License-Identifier: MIT
#include "config/logging.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "chain/log.hpp"

namespace quorate::config {
namespace {

log::level level_named(std::string_view word) {
  for (const auto one : {log::level::debug, log::level::info, log::level::warning, log::level::error}) {
    if (log::name(one) == word) return one;
  }
  return log::level::off;
}

std::shared_ptr<spdlog::logger> open(const std::string& file) {
  spdlog::sink_ptr sink;
  if (file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
  }
  auto out = std::make_shared<spdlog::logger>("quorate", std::move(sink));
  // The line arrives complete: time, level and fields are written by chain/log.cpp.
  out->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc));
  out->flush_on(spdlog::level::info);
  return out;
}

}  // namespace

status install_logging(const values& settings) {
  std::shared_ptr<spdlog::logger> out;
  try {
    out = open(settings.text("log.file"));
  } catch (const spdlog::spdlog_ex& failed) {
    return fail(errc::invalid_params, fmt::format("log.file: {}", failed.what()));
  }
  const bool json = settings.text("log.format") == "json";
  log::set_level(level_named(settings.text("log.level")));
  log::set_sink([out = std::move(out), json](const log::record& r) {
    out->log(spdlog::level::info, spdlog::string_view_t(json ? log::to_json(r) : log::to_text(r)));
  });
  return {};
}

}  // namespace quorate::config
