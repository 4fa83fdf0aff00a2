// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

/// WEBPAGE_LOAD_FAILED, in words.
module_error load_failure(std::string_view url, std::string_view message);
/// The same, or ADDRESS_FORBIDDEN, for an exchange that came to nothing.
module_error load_failure(std::string_view url, const transport::failure& why);

/// Whether an answer leads elsewhere.
bool is_redirect(const http_response& from);
/// Whether a page with this status is there to be seen.
bool is_loaded(int status);
/// WEBPAGE_LOAD_FAILED for a page with another status.
module_error not_loaded(std::string_view url, int status, std::string_view body);

/// One request, and those that redirects make of it: after 303, and after 301 and 302 of a POST, a GET without a body;
/// credentials do not go to another host. Every URL and address passes the policy. The job is finished with the error
/// when there is one.
void visit(const job_ptr& to, std::shared_ptr<const web_module> by, http_request first, const exchange_limits& limits,
           bool decompress, std::function<void(http_response)> done);

}  // namespace quorate::engine::modules
