// SPDX-License-Identifier: MIT
#include "net/detail/request_reader.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

using state = request_reader::state;

/// Offers bytes the way a session does: what was not used is offered again with more.
class fed_reader {
 public:
  explicit fed_reader(reader_limits limits = {}) : reader(limits) {}

  state feed(std::string_view bytes) {
    pending_ += bytes;
    pending_.erase(0, reader.feed(pending_));
    return reader.where();
  }
  state feed_bytewise(std::string_view bytes) {
    for (const char c : bytes) feed({&c, 1});
    return reader.where();
  }
  const std::string& unused() const { return pending_; }

  request_reader reader;

 private:
  std::string pending_;
};

constexpr std::string_view simple = "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";

int refusal_of(std::string_view bytes, reader_limits limits = {}) {
  fed_reader r(limits);
  return r.feed(bytes) == state::refused ? r.reader.refusal() : 0;
}

TEST(request_reader, reads_a_request_in_one_piece) {
  fed_reader r;
  ASSERT_EQ(r.feed(simple), state::complete);
  EXPECT_EQ(r.reader.head().method, verb::post);
  EXPECT_EQ(r.reader.head().target, "/api");
  EXPECT_TRUE(r.reader.head().keep_alive);
  EXPECT_EQ(r.reader.body(), "hello");
}

TEST(request_reader, reads_a_request_byte_by_byte) {
  fed_reader r;
  ASSERT_EQ(r.feed_bytewise(simple), state::complete);
  EXPECT_EQ(r.reader.head().target, "/api");
  EXPECT_EQ(r.reader.body(), "hello");
}

TEST(request_reader, reads_every_split_alike) {
  for (std::size_t i = 0; i <= simple.size(); ++i) {
    fed_reader r;
    r.feed(simple.substr(0, i));
    ASSERT_EQ(r.feed(simple.substr(i)), state::complete) << i;
    ASSERT_EQ(r.reader.body(), "hello") << i;
  }
}

TEST(request_reader, stops_at_the_end_of_a_request) {
  fed_reader r;
  ASSERT_EQ(r.feed(std::string(simple) + "GET /ping HTTP/1.1\r\n\r\n"), state::complete);
  EXPECT_EQ(r.unused(), "GET /ping HTTP/1.1\r\n\r\n");
  r.reader.next();
  EXPECT_EQ(r.reader.where(), state::idle);
  ASSERT_EQ(r.feed(""), state::complete);
  EXPECT_EQ(r.reader.head().method, verb::get);
  EXPECT_EQ(r.reader.body(), "");
}

TEST(request_reader, forgets_everything_between_requests) {
  fed_reader r;
  r.feed("POST /api HTTP/1.1\r\nX-Admin-Key: secret\r\nCookie: a\r\nOrigin: http://o\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_EQ(r.reader.head().admin_key, "secret");
  r.reader.next();
  ASSERT_EQ(r.feed("GET / HTTP/1.1\r\n\r\n"), state::complete);
  EXPECT_EQ(r.reader.head().admin_key, "");
  EXPECT_EQ(r.reader.head().origin, "");
  EXPECT_FALSE(r.reader.head().has_cookie);
  EXPECT_EQ(r.reader.body(), "");
}

TEST(request_reader, skips_empty_lines_before_a_request) {
  fed_reader r;
  EXPECT_EQ(r.feed("\r\n\r\n"), state::idle);
  EXPECT_EQ(r.feed("\r\nGET / HTTP/1.1\r\n\r\n"), state::complete);
}

TEST(request_reader, keeps_the_headers_the_server_needs_whatever_their_case) {
  fed_reader r;
  ASSERT_EQ(r.feed("OPTIONS /x HTTP/1.1\r\nORIGIN: http://o\r\ncookie: c\r\naccess-control-request-method: POST\r\n"
                   "Access-Control-Request-Headers: a, b\r\nx-session-ID: s\r\nX-ADMIN-KEY: k\r\nx-request-id: r\r\n"
                   "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\nX-Real-Ip: 3.3.3.3\r\n\r\n"),
            state::complete);
  const auto& h = r.reader.head();
  EXPECT_EQ(h.method, verb::options);
  EXPECT_EQ(h.origin, "http://o");
  EXPECT_TRUE(h.has_cookie);
  EXPECT_EQ(h.requested_method, "POST");
  EXPECT_EQ(h.requested_headers, "a, b");
  EXPECT_EQ(h.session_id, "s");
  EXPECT_EQ(h.admin_key, "k");
  EXPECT_EQ(h.request_id, "r");
  EXPECT_EQ(h.forwarded_for, "1.1.1.1,2.2.2.2");
  EXPECT_EQ(h.real_ip, "3.3.3.3");
}

TEST(request_reader, knows_when_a_connection_is_kept) {
  const auto kept = [](std::string_view head) {
    fed_reader r;
    EXPECT_EQ(r.feed(head), state::complete);
    return r.reader.head().keep_alive;
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(request_reader, takes_chunked_coding_off) {
  const std::string head = "POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = "4\r\nquor\r\n3;ext=1\r\nate\r\n0\r\nX-Admin-Key: from-trailer\r\n\r\n";
  fed_reader whole;
  ASSERT_EQ(whole.feed(head + body), state::complete);
  EXPECT_EQ(whole.reader.body(), "quorate");
  EXPECT_EQ(whole.reader.head().admin_key, "") << "a trailer must not authorize";
  fed_reader dripped;
  ASSERT_EQ(dripped.feed_bytewise(head + body), state::complete);
  EXPECT_EQ(dripped.reader.body(), "quorate");
}

TEST(request_reader, takes_an_empty_chunked_body_byte_by_byte) {
  const std::string head = "POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  fed_reader plain;
  EXPECT_EQ(plain.feed_bytewise(head + "0\r\n\r\n"), state::complete);
  EXPECT_EQ(plain.reader.body(), "");
  fed_reader trailer;
  EXPECT_EQ(trailer.feed_bytewise(head + "0\r\nX-Trailer: q\r\n\r\n"), state::complete);
}

TEST(request_reader, refuses_a_long_body_by_its_announced_length_alone) {
  const reader_limits limits{1024, 10};
  EXPECT_EQ(refusal_of("POST /api HTTP/1.1\r\nContent-Length: 11\r\n\r\n", limits), 413);
  EXPECT_EQ(refusal_of("POST /api HTTP/1.1\r\nContent-Length: 10\r\n\r\n", limits), 0);
  EXPECT_EQ(refusal_of("POST /api HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n", limits), 413);
}

TEST(request_reader, stops_a_chunked_body_at_the_limit) {
  const reader_limits limits{1024, 10};
  const std::string head = "POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refusal_of(head + "ffffffff\r\n", limits), 413);
  fed_reader r(limits);
  r.feed(head);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(r.feed("1\r\nx\r\n"), state::body);
  EXPECT_EQ(r.feed("1\r\nx\r\n"), state::refused);
  EXPECT_EQ(r.reader.refusal(), 413);
}

TEST(request_reader, refuses_a_head_over_the_limit_however_it_comes) {
  const reader_limits limits{1024, 10};
  const std::string line = "X-Filler: " + std::string(90, 'x') + "\r\n";
  std::string head = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 20; ++i) head += line;
  EXPECT_EQ(refusal_of(head + "\r\n", limits), 431);
  EXPECT_EQ(refusal_of("GET /" + std::string(2000, 'a'), limits), 431);
  fed_reader lines(limits);
  lines.feed("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 20 && lines.reader.where() == state::head; ++i) lines.feed(line);
  EXPECT_EQ(lines.reader.refusal(), 431) << "one line at a time";
  fed_reader bytes(limits);
  bytes.feed_bytewise(head);
  EXPECT_EQ(bytes.reader.refusal(), 431) << "one byte at a time";
}

TEST(request_reader, refuses_endless_chunk_headers_and_trailers) {
  const std::string head = "POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refusal_of(head + "1;" + std::string(20'000, 'e')), 400);
  EXPECT_EQ(refusal_of(head + "0\r\nT: " + std::string(20'000, 't')), 400);
}

TEST(request_reader, refuses_what_is_not_http) {
  EXPECT_EQ(refusal_of("hello world\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/3.0\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(std::string("\x16\x03\x01\x02\x00\x01", 6) + std::string(600, 'x')), 400) << "TLS";
  EXPECT_EQ(refusal_of("POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
}

TEST(request_reader, refuses_ambiguous_lengths) {
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nContent-Length: 5x\r\n\r\n"), 400);
  EXPECT_NE(refusal_of("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 0);
  EXPECT_NE(refusal_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"), 0);
}

TEST(request_reader, refuses_other_transfer_codings_instead_of_reading_the_body_as_a_request) {
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n"), 501);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n"), 501);
}

TEST(request_reader, sees_expect_continue_only_in_http_1_1) {
  fed_reader one;
  ASSERT_EQ(one.feed("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"), state::body);
  EXPECT_TRUE(one.reader.head().expect_continue);
  EXPECT_EQ(one.reader.body_remaining(), 3u);
  fed_reader zero;
  zero.feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_FALSE(zero.reader.head().expect_continue);
}

}  // namespace
}  // namespace quorate::net::detail
