// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace quorate {

/// What stands in place of a secret.
inline constexpr std::string_view redacted = "***";

/// True for names whose value is never shown: passwords, private keys, API and admin keys, tokens, in any letter case
/// and with `_`, `-` or nothing between the words (`ADMIN_API_KEY`, `X-Admin-Key`, `privateKey`).
bool is_secret_name(std::string_view name);

/// The one function that every printed text passes (log values, `quorate config`, error texts that quote a setting).
/// Replaces with `***`: the password of a URL, the value after a secret name in `name=value`, `name: value` and
/// `"name":"value"`, and API keys of the `sk-…` form. A bare 32-byte hex string cannot be told from a transaction hash,
/// so a private key is recognised by its name.
std::string redact(std::string_view text);

}  // namespace quorate
