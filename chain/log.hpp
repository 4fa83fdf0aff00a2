// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

/// Structured logging for every folder: one line per event, a component, a fixed message and key/value fields. It
/// stands at the bottom because all folders log; where the lines go is decided above (config/logging.cpp sets the
/// sink).
///
///     log::event(log::level::warning, "pool", "connect failed", {{"attempt", 3}, {"error", text}});
///
/// The message is a constant; whatever varies is a field. Every message and value passes redact() (chain/redact.hpp).
namespace quorate::log {

enum class level : std::uint8_t { debug, info, warning, error, off };

std::string_view name(level l);

/// One key and its value as text. Numbers and booleans keep their type in the JSON form.
struct field {
  field(std::string_view k, std::string_view v) : key(k), value(v), quoted(true) {}
  field(std::string_view k, const std::string& v) : field(k, std::string_view(v)) {}
  field(std::string_view k, const char* v) : field(k, std::string_view(v)) {}
  template <class T>
  requires std::is_arithmetic_v<T> field(std::string_view k, T v) : key(k), value(fmt::format("{}", v)) {}
  /// Durations are written in milliseconds; say so in the key (`wait_ms`).
  template <class R, class P>
  field(std::string_view k, std::chrono::duration<R, P> v)
      : field(k, std::chrono::duration_cast<std::chrono::milliseconds>(v).count()) {}

  std::string_view key;
  std::string value;
  bool quoted = false;
};

struct record {
  std::chrono::system_clock::time_point time;
  log::level level = log::level::info;
  std::string_view component;
  std::string_view message;
  std::span<const field> fields;
};

/// Receives every enabled record, already redacted, from any thread.
using sink = std::function<void(const record&)>;

/// Replaces the sink; an empty one brings back the default, text lines on stderr. Waits until nobody is inside the old
/// one, so what it refers to may go away afterwards. Never call it from within a sink.
void set_sink(sink s);

/// Records below `l` are dropped before they are formatted. The default is info.
void set_level(level l);
bool enabled(level l);

void event(level l, std::string_view component, std::string_view message, std::span<const field> fields);
void event(level l, std::string_view component, std::string_view message, std::initializer_list<field> fields = {});

/// `2026-01-31T12:00:00.123Z info pool "connect failed" attempt=3 error="no route"`; no line end.
std::string to_text(const record& r);
/// `{"time":"…","level":"info","component":"pool","message":"…","attempt":3}`; no line end.
std::string to_json(const record& r);

}  // namespace quorate::log
