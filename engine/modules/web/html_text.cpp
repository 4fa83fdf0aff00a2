// SPDX-License-Identifier: MIT
#include "engine/modules/web/html_text.hpp"

#include <algorithm>
#include <array>

#include "chain/utf8.hpp"
#include "engine/modules/answer.hpp"
#include "engine/modules/web/html_tokens.hpp"

namespace quorate::engine::modules {

namespace {

using html_kind = html_tokens::kind;

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 40> block_tags{
    "address", "article", "aside",    "blockquote", "body",    "caption", "dd",   "details", "dialog", "div",
    "dl",      "dt",      "fieldset", "figcaption", "figure",  "footer",  "form", "h1",      "h2",     "h3",
    "h4",      "h5",      "h6",       "header",     "hgroup",  "hr",      "html", "li",      "main",   "nav",
    "ol",      "option",  "pre",      "section",    "summary", "table",   "tr",   "ul",      "legend", "menu"};
/// Their content is not text of the page, and not markup either.
constexpr std::array<std::string_view, 6> raw_tags{"script", "style", "title", "iframe", "textarea", "noframes"};
/// Their content is markup, and not shown.
constexpr std::array<std::string_view, 7> hidden_tags{"template", "svg", "math", "object", "canvas", "audio", "video"};

constexpr std::string_view no_break_space = "\xC2\xA0";

std::string lower_letters(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The word behind `charset=`; empty where there is none.
std::string charset_in(std::string_view text) {
  constexpr std::string_view key = "charset=";
  const auto lower = lower_letters(text);
  const auto at = lower.find(key);
  if (at == std::string::npos) return "";
  const auto begin = std::min(lower.find_first_not_of(" \"'", at + key.size()), lower.size());
  return lower.substr(begin, lower.find_first_of(" \"';>/", begin) - begin);
}

std::string from_latin(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) chain::append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

/// Text of the page, where lines end only at the page's own breaks.
void append_flowing(std::string& out, std::string_view text, bool keep_lines) {
  for (const char c : resolve_references(text)) out += !keep_lines && c == '\n' ? ' ' : c;
}

/// The length of the white space at the front; 0 for none. A line's end is none.
std::size_t space_at(std::string_view text) {
  if (text.starts_with(no_break_space)) return no_break_space.size();
  return text.starts_with(' ') || text.starts_with('\t') || text.starts_with('\r') || text.starts_with('\v') ||
                 text.starts_with('\f')
             ? 1
             : 0;
}

}  // namespace

std::string decode_page(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return clean_utf8(bytes.substr(3));
  auto charset = charset_in(content_type);
  if (charset.empty()) charset = charset_in(bytes.substr(0, 1024));
  const bool latin = charset == "iso-8859-1" || charset == "latin1" || charset == "windows-1252";
  return latin ? from_latin(bytes) : clean_utf8(bytes);
}

std::string html_to_text(std::string_view html) {
  html_tokens tokens{html};
  std::string out, hidden_in;
  std::size_t hidden = 0;  // how often the tag that hides is open
  bool keep_lines = false;
  for (auto token = tokens.next(); token.what != html_kind::end; token = tokens.next()) {
    const bool opens = token.what == html_kind::open;
    if (hidden > 0) {
      if (token.what != html_kind::text && token.name == hidden_in && !token.closes_itself) hidden += opens ? 1 : -1;
      continue;
    }
    if (token.what == html_kind::text) {
      append_flowing(out, token.text, keep_lines);
    } else if (opens && is_one_of(raw_tags, token.name)) {
      tokens.skip_raw(token.name);
    } else if (opens && !token.closes_itself && is_one_of(hidden_tags, token.name)) {
      hidden_in = token.name;
      hidden = 1;
    } else if (token.name == "p") {
      out += "\n\n";
    } else if (token.name == "br" || is_one_of(block_tags, token.name)) {
      out += '\n';
      if (token.name == "pre") keep_lines = opens;
    } else if (token.name == "td" || token.name == "th") {
      out += ' ';
    }
  }
  return tidy_text(out);
}

std::string_view html_body(std::string_view html) {
  html_tokens tokens{html};
  std::size_t begin = std::string_view::npos, end = html.size();
  for (auto token = tokens.next(); token.what != html_kind::end; token = tokens.next()) {
    const bool opens = token.what == html_kind::open;
    if (opens && is_one_of(raw_tags, token.name)) tokens.skip_raw(token.name);
    if (opens && token.name == "body" && begin == std::string_view::npos) begin = token.after;
    if (token.what == html_kind::close && token.name == "body" && begin != std::string_view::npos) end = token.begin;
  }
  return begin == std::string_view::npos ? html : html.substr(begin, end - begin);
}

std::string tidy_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t breaks = 0;  // wanted before the next word
  bool space = false;
  while (!text.empty()) {
    if (text.front() == '\n') {
      ++breaks;
      text.remove_prefix(1);
    } else if (const auto length = space_at(text); length > 0) {
      space = true;
      text.remove_prefix(length);
    } else {
      if (!out.empty()) {
        if (breaks > 0) {
          out.append(std::min<std::size_t>(breaks, 2), '\n');
        } else if (space) {
          out += ' ';
        }
      }
      breaks = 0;
      space = false;
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace quorate::engine::modules
