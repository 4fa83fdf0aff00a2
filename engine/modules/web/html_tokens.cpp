// SPDX-License-Identifier: MIT
#include "engine/modules/web/html_tokens.hpp"

#include <algorithm>

namespace quorate::engine::modules {

namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_html_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool html_tokens::begins_tag(std::size_t at) const {
  if (html_[at] != '<' || at + 1 >= html_.size()) return false;
  const char c = html_[at + 1];
  if (c == '!' || c == '?' || is_ascii_letter(c)) return true;
  return c == '/' && at + 2 < html_.size() && is_ascii_letter(html_[at + 2]);
}

bool html_tokens::skip_markup() {
  const auto rest = html_.substr(at_);
  const char second = rest[1];
  if (second != '!' && second != '?') return false;
  const bool comment = rest.starts_with("<!--");
  const auto end = comment ? html_.find("-->", at_ + 4) : html_.find('>', at_);
  at_ = end == std::string_view::npos ? html_.size() : end + (comment ? 3 : 1);
  return true;
}

html_tokens::token html_tokens::next() {
  while (at_ < html_.size()) {
    if (begins_tag(at_)) {
      if (skip_markup()) continue;
      return tag();
    }
    const std::size_t begin = at_;
    for (++at_; at_ < html_.size() && !begins_tag(at_); ++at_) continue;
    return {.what = kind::text, .text = html_.substr(begin, at_ - begin), .begin = begin, .after = at_};
  }
  return {.begin = at_, .after = at_};
}

html_tokens::token html_tokens::tag() {
  token out{.what = html_[at_ + 1] == '/' ? kind::close : kind::open, .begin = at_};
  at_ += out.what == kind::close ? 2 : 1;
  while (at_ < html_.size() && !is_html_space(html_[at_]) && html_[at_] != '>' && html_[at_] != '/')
    out.name += small_letter(html_[at_++]);
  char quote = '\0';
  bool after_equals = false;
  for (; at_ < html_.size(); ++at_) {
    const char c = html_[at_];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (after_equals && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '>') {
      break;
    }
    if (!is_html_space(c)) after_equals = c == '=' && quote == '\0';
  }
  out.closes_itself = at_ < html_.size() && html_[at_ - 1] == '/';
  at_ = std::min(at_ + 1, html_.size());
  out.after = at_;
  return out;
}

void html_tokens::skip_raw(std::string_view name) {
  for (; at_ < html_.size(); ++at_) {
    if (html_[at_] != '<' || at_ + 1 >= html_.size() || html_[at_ + 1] != '/') continue;
    const auto found = html_.substr(at_ + 2, name.size());
    if (std::equal(found.begin(), found.end(), name.begin(), name.end(),
                   [](char a, char b) { return small_letter(a) == b; }))
      return;
  }
}

}  // namespace quorate::engine::modules
