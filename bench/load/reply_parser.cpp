// SPDX-License-Identifier: MIT
#include "bench/load/reply_parser.hpp"

#include <strings.h>
#include <charconv>

namespace quorate::bench {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <class T>
bool parse_number(std::string_view text, T& out) {
  return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{};
}

}  // namespace

bool reply_parser::parse_head(std::string_view head) {
  // "HTTP/1.1 200 OK"
  if (head.size() < 12 || head.substr(0, 7) != "HTTP/1." || !parse_number(head.substr(9, 3), status_)) return false;
  closes_ = head[7] == '0';
  bool has_length = false;
  for (auto at = head.find("\r\n"); at != std::string_view::npos;) {
    const auto start = at + 2;
    at = head.find("\r\n", start);
    const auto line = head.substr(start, at == std::string_view::npos ? at : at - start);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (same_name(name, "content-length"))
      has_length = parse_number(value, length_);
    else if (same_name(name, "connection"))
      closes_ = same_name(value, "close");
  }
  return has_length;
}

reply_parser::state reply_parser::feed(std::string_view bytes) {
  buffer_.append(bytes);
  if (head_ == 0) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) return state::more;
    if (!parse_head(std::string_view{buffer_}.substr(0, end))) return state::broken;
    head_ = end + 4;
  }
  return buffer_.size() >= head_ + length_ ? state::complete : state::more;
}

void reply_parser::next() {
  buffer_.erase(0, head_ + length_);
  head_ = length_ = 0;
  status_ = 0;
  closes_ = false;
}

}  // namespace quorate::bench
