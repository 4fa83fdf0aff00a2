// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

#include <memory>

#include "engine/modules/transport.hpp"

namespace quorate::engine::modules {

/// One exchange as libcurl has it: an easy handle, and what its callbacks fill. It stays where it is.
class transfer {
 public:
  transfer(transport::exchange what, transport::callback done);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  CURL* handle() const { return easy_.get(); }
  /// What `code` and the callbacks make of it.
  transport::fetched outcome(CURLcode code);
  transport::callback take_callback() { return std::move(done_); }

 private:
  void set_target();
  void set_body();
  void set_headers();
  void set_limits();
  transport::failure failure_of(CURLcode code) const;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  struct easy_closer {
    void operator()(CURL* one) const { curl_easy_cleanup(one); }
  };
  struct list_closer {
    void operator()(curl_slist* one) const { curl_slist_free_all(one); }
  };

  transport::exchange what_;
  transport::callback done_;
  http_response response_ = {};
  bool too_large_ = false;
  bool forbidden_ = false;
  std::unique_ptr<curl_slist, list_closer> headers_;
  std::unique_ptr<CURL, easy_closer> easy_;  // last: the handle goes before what it points to
};

}  // namespace quorate::engine::modules
