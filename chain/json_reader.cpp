// SPDX-License-Identifier: MIT
#include "chain/json_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace quorate::chain {

json_reader::json_reader(std::string_view text, const json_limits& limits) : text_{text}, limits_{limits} {
  static constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

bool json_reader::fail_with(const char* reason) {
  if (reason_ == nullptr) reason_ = reason;
  return false;
}

std::string json_reader::failure() const {
  return reason_ == nullptr ? std::string{} : fmt::format("{} at byte {}", reason_, at_);
}

void json_reader::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++at_;
  }
}

bool json_reader::consume(char expected) {
  if (at_ >= text_.size() || text_[at_] != expected) return false;
  ++at_;
  return true;
}

json_kind json_reader::peek() {
  if (failed()) return json_kind::none;
  skip_space();
  if (at_ >= text_.size()) return json_kind::none;
  const char c = text_[at_];
  switch (c) {
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case '"': return json_kind::string;
    case 't':
    case 'f':
    case 'n': return json_kind::literal;
    default: return c == '-' || (c >= '0' && c <= '9') ? json_kind::number : json_kind::none;
  }
}

bool json_reader::value(json& out) { return !failed() && tree(out); }

bool json_reader::string(std::string& out) {
  out.clear();
  return peek() == json_kind::string ? quoted(&out) : fail_with("a string was expected");
}

std::optional<std::string_view> json_reader::skip() {
  if (failed()) return std::nullopt;
  skip_space();
  const std::size_t start = at_;
  if (!pass()) return std::nullopt;
  return text_.substr(start, at_ - start);
}

json_reader::level json_reader::enter() {
  skip_space();
  ++at_;
  if (++depth_ > limits_.depth) fail_with("nested too deeply");
  return {};
}

bool json_reader::next(level& at, char close) {
  if (failed()) return false;
  skip_space();
  if (consume(close)) {
    --depth_;
    return false;
  }
  if (!std::exchange(at.first, false) && !consume(',')) return fail_with("a comma or the end was expected");
  return true;
}

bool json_reader::next_member(level& at, std::string& key) {
  key.clear();
  return next(at, '}') && key_and_colon(&key);
}

bool json_reader::next_entry(level& at) { return next(at, ']'); }

bool json_reader::finish() {
  if (failed()) return false;
  skip_space();
  return at_ == text_.size() || fail_with("more text behind the value");
}

bool json_reader::key_and_colon(std::string* key) {
  if (peek() != json_kind::string) return fail_with("a key was expected");
  if (!quoted(key)) return false;
  skip_space();
  return consume(':') || fail_with("a colon was expected");
}

bool json_reader::tree(json& out) {
  if (++elements_ > limits_.elements) return fail_with("too many values");
  switch (peek()) {
    case json_kind::object: {
      out = json::object();
      auto& members = out.get_ref<json::object_t&>();
      std::string key;
      for (level at = enter(); next_member(at, key);) {
        if (!tree(members[key])) return false;
      }
      return !failed();
    }
    case json_kind::array: {
      out = json::array();
      auto& entries = out.get_ref<json::array_t&>();
      for (level at = enter(); next_entry(at);) {
        if (!tree(entries.emplace_back())) return false;
      }
      return !failed();
    }
    case json_kind::string: out = std::string{}; return quoted(out.get_ptr<std::string*>());
    case json_kind::number: return number(&out);
    case json_kind::literal: {
      const char first = text_[at_];
      if (first == 'n') {
        out = nullptr;
        return word("null");
      }
      out = first == 't';
      return word(first == 't' ? "true" : "false");
    }
    case json_kind::none: break;
  }
  return fail_with("a value was expected");
}

bool json_reader::pass() {
  switch (peek()) {
    case json_kind::object:
      for (level at = enter(); next(at, '}');) {
        if (!key_and_colon(nullptr) || !pass()) return false;
      }
      return !failed();
    case json_kind::array:
      for (level at = enter(); next_entry(at);) {
        if (!pass()) return false;
      }
      return !failed();
    case json_kind::string: return quoted(nullptr);
    case json_kind::number: return number(nullptr);
    case json_kind::literal: return word(text_[at_] == 'n' ? "null" : text_[at_] == 't' ? "true" : "false");
    case json_kind::none: break;
  }
  return fail_with("a value was expected");
}

}  // namespace quorate::chain
