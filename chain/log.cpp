// SPDX-License-Identifier: MIT
#include "chain/log.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "chain/redact.hpp"

namespace quorate::log {
namespace {

constexpr std::array<std::string_view, 5> names{"debug", "info", "warning", "error", "off"};

/// One write call per line, so that lines of different threads never mix.
void to_stderr(const record& r) {
  const auto line = to_text(r) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

struct shared_state {
  std::atomic<level> threshold{level::info};
  std::shared_mutex mutex;
  sink target = to_stderr;
};

/// Lives as long as the process: threads may still log while static objects are destroyed.
shared_state& state() {
  static auto* const one = new shared_state;
  return *one;
}

std::string timestamp(std::chrono::system_clock::time_point t) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(t);
  const auto seconds = std::chrono::system_clock::to_time_t(whole);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(t - whole).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, ms);
}

/// Inside quotes, for both forms: valid JSON, and one line whatever the value holds.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\' || c == 0x7f) {
      return true;
    }
  }
  return false;
}

/// JSON has no word for infinities and not-a-number.
bool is_json_literal(const field& f) {
  return !f.quoted && f.value.find_first_of("ni") == std::string::npos;  // "nan", "inf"
}

}  // namespace

std::string_view name(level l) { return names.at(static_cast<std::size_t>(l)); }

void set_sink(sink s) {
  auto& shared = state();
  const std::unique_lock lock(shared.mutex);
  shared.target = s ? std::move(s) : sink(to_stderr);
}

void set_level(level l) { state().threshold.store(l, std::memory_order_relaxed); }

bool enabled(level l) { return l != level::off && l >= state().threshold.load(std::memory_order_relaxed); }

void event(level l, std::string_view component, std::string_view message, std::span<const field> fields) {
  if (!enabled(l)) {
    return;
  }
  std::vector<field> shown(fields.begin(), fields.end());
  for (auto& f : shown) {
    if (f.quoted) {
      f.value = is_secret_name(f.key) ? std::string(redacted) : redact(f.value);
    }
  }
  const auto text = redact(message);
  auto& shared = state();
  const std::shared_lock lock(shared.mutex);
  shared.target(record{std::chrono::system_clock::now(), l, component, text, shown});
}

void event(level l, std::string_view component, std::string_view message, std::initializer_list<field> fields) {
  event(l, component, message, std::span<const field>(fields.begin(), fields.size()));
}

std::string to_text(const record& r) {
  auto out = fmt::format("{} {} {} ", timestamp(r.time), name(r.level), r.component);
  append_quoted(out, r.message);
  for (const auto& f : r.fields) {
    out += fmt::format(" {}=", f.key);
    if (f.quoted && needs_quotes(f.value)) {
      append_quoted(out, f.value);
    } else {
      out += f.value;
    }
  }
  return out;
}

std::string to_json(const record& r) {
  auto out = fmt::format(R"({{"time":"{}","level":"{}","component":)", timestamp(r.time), name(r.level));
  append_quoted(out, r.component);
  out += ",\"message\":";
  append_quoted(out, r.message);
  for (const auto& f : r.fields) {
    out += ',';
    append_quoted(out, f.key);
    out += ':';
    if (is_json_literal(f)) {
      out += f.value;
    } else {
      append_quoted(out, f.value);
    }
  }
  out += '}';
  return out;
}

}  // namespace quorate::log
