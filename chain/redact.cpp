// SPDX-License-Identifier: MIT
#include "chain/redact.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace quorate {
namespace {

constexpr std::array secret_words{
    std::string_view{"password"},   std::string_view{"passwd"},        std::string_view{"pgpass"},
    std::string_view{"secret"},     std::string_view{"privatekey"},    std::string_view{"apikey"},
    std::string_view{"adminkey"},   std::string_view{"accesstoken"},   std::string_view{"authtoken"},
    std::string_view{"signingkey"}, std::string_view{"authorization"}, std::string_view{"mnemonic"},
};

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_name(char c) { return is_alnum(c) || c == '_' || c == '-'; }
bool is_space(char c) { return c == ' ' || c == '\t'; }

struct span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The password of every `scheme://user:password@host` in `text`. A password may itself hold `@` or `:`, so the last
/// `@` before the path counts.
void find_url_passwords(std::string_view text, std::vector<span>& out) {
  for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const auto start = at + 3;
    const auto stop = std::min(text.find_first_of(" \t\r\n\"'/?#", start), text.size());
    const auto authority = text.substr(start, stop - start);
    const auto host = authority.rfind('@');
    const auto colon = authority.find(':');
    if (host != std::string_view::npos && colon < host) {
      out.push_back({start + colon + 1, start + host});
    }
  }
}

/// End of the value that begins at `from`: a quoted string without its quotes, else everything up to a separator.
span value_at(std::string_view text, std::size_t from) {
  while (from < text.size() && is_space(text[from])) {
    ++from;
  }
  if (from < text.size() && (text[from] == '"' || text[from] == '\'')) {
    const char quote = text[from];
    auto end = from + 1;
    while (end < text.size() && text[end] != quote) {
      end += text[end] == '\\' && end + 1 < text.size() ? 2 : 1;
    }
    return {from + 1, std::min(end, text.size())};
  }
  const auto end = std::min(text.find_first_of(" \t\r\n,;&}])\"'", from), text.size());
  // "Authorization: Bearer abc": the scheme is not the secret.
  if (const auto word = text.substr(from, end - from); word == "Bearer" || word == "Basic") {
    return value_at(text, end);
  }
  return {from, end};
}

void find_named_values(std::string_view text, std::vector<span>& out) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_name(text[i])) {
      ++i;
      continue;
    }
    const auto begin = i;
    while (i < text.size() && is_name(text[i])) {
      ++i;
    }
    auto after = i;
    if (after < text.size() && (text[after] == '"' || text[after] == '\'')) {
      ++after;
    }
    while (after < text.size() && is_space(text[after])) {
      ++after;
    }
    if (after < text.size() && (text[after] == '=' || text[after] == ':') &&
        is_secret_name(text.substr(begin, i - begin))) {
      const auto value = value_at(text, after + 1);
      if (value.end > value.begin) {
        out.push_back(value);
      }
      i = std::max(i, value.end);
    }
  }
}

/// `sk-` and at least 16 more characters, not in the middle of a word.
void find_provider_keys(std::string_view text, std::vector<span>& out) {
  for (auto at = text.find("sk-"); at != std::string_view::npos; at = text.find("sk-", at + 3)) {
    auto end = at + 3;
    while (end < text.size() && is_name(text[end])) {
      ++end;
    }
    if ((at == 0 || !is_name(text[at - 1])) && end - at >= 19) {
      out.push_back({at, end});
    }
  }
}

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string plain;
  plain.reserve(name.size());
  for (const char c : name) {
    if (is_alnum(c)) {
      plain.push_back(lower(c));
    }
  }
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

std::string redact(std::string_view text) {
  std::vector<span> hidden;
  find_url_passwords(text, hidden);
  find_named_values(text, hidden);
  find_provider_keys(text, hidden);
  std::sort(hidden.begin(), hidden.end(), [](const span& a, const span& b) { return a.begin < b.begin; });
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  for (const auto& part : hidden) {
    if (part.begin >= copied) {
      out.append(text.substr(copied, part.begin - copied)).append(redacted);
    }
    copied = std::max(copied, part.end);
  }
  out.append(text.substr(copied));
  return out;
}

}  // namespace quorate
