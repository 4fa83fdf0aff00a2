// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "chain/utf8.hpp"
#include "engine/modules/web/html_tokens.hpp"

namespace quorate::engine::modules {

namespace {

/// U+00A0 and on, in their order.
constexpr std::array<std::string_view, 96> latin_names{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",
    "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",
    "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",
    "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",
    "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute",
    "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
    "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
    "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 27> other_names{
    {{"amp", '&'},       {"lt", '<'},        {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
     {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"sbquo", 0x201a},
     {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"bdquo", 0x201e}, {"bull", 0x2022},  {"hellip", 0x2026},
     {"lsaquo", 0x2039}, {"rsaquo", 0x203a}, {"euro", 0x20ac},  {"trade", 0x2122}, {"larr", 0x2190},
     {"uarr", 0x2191},   {"rarr", 0x2192},   {"darr", 0x2193},  {"minus", 0x2212}, {"le", 0x2264},
     {"ge", 0x2265},     {"ne", 0x2260}}};

constexpr std::size_t longest_reference = 12;
constexpr std::uint32_t replacement = 0xfffd;

std::optional<std::uint32_t> named_reference(std::string_view name) {
  if (const auto* found = std::find(latin_names.begin(), latin_names.end(), name); found != latin_names.end())
    return static_cast<std::uint32_t>(0xa0 + (found - latin_names.begin()));
  for (const auto& [known, code_point] : other_names) {
    if (known == name) return code_point;
  }
  return std::nullopt;
}

/// Behind the #.
std::optional<std::uint32_t> numeric_reference(std::string_view digits) {
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  if (digits.empty()) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'          ? c - '0'
                      : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                    : -1;
    if (digit < 0) return std::nullopt;
    out = std::min<std::uint32_t>(out * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit), 0x110000);
  }
  const bool is_character = out != 0 && out < 0x110000 && (out < 0xd800 || out > 0xdfff);
  return is_character ? out : replacement;
}

}  // namespace

std::string resolve_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto at = text.find('&');
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const auto end = text.substr(0, longest_reference).find(';');
    const auto name = end == std::string_view::npos ? "" : text.substr(1, end - 1);
    const auto code_point = name.starts_with('#') ? numeric_reference(name.substr(1)) : named_reference(name);
    if (code_point) {
      chain::append_utf8(out, *code_point);
      text.remove_prefix(end + 1);
    } else {
      out += '&';
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace quorate::engine::modules
