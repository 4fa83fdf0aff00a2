// SPDX-License-Identifier: MIT
#include "engine/python/manager/process.hpp"

#include <sys/socket.h>

#include <boost/asio/write.hpp>

namespace quorate::engine::python {

process::process(boost::asio::io_context& io, zygote_client& zygote, handlers told)
    : zygote_{zygote}, control_{io}, told_{std::move(told)} {}

std::shared_ptr<process> process::start(boost::asio::io_context& io, zygote_client& zygote, int host, int out, int err,
                                        const run_order& order, handlers told) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return nullptr;
  std::shared_ptr<process> made{new process{io, zygote, std::move(told)}};
  made->control_.assign(boost::asio::local::stream_protocol{}, ends[0]);
  const descriptor theirs{ends[1]};
  made->place_ = zygote.start_run({host >= 0 ? host : theirs.get(), theirs.get(), out, err},
                                  [made](int status) { made->ended(status); });
  if (!made->place_) return nullptr;
  made->send(frame_kind::order, encode_order(order));
  made->read_some();
  return made;
}

void process::send(frame_kind kind, chain::bytes_view content) {
  unsent_.push_back(encode_frame(kind, content));
  if (unsent_.size() == 1) write_next();
}

void process::write_next() {
  boost::asio::async_write(control_, boost::asio::buffer(unsent_.front()),
                           [self = shared_from_this()](const auto& failed, std::size_t) {
                             if (failed) return;
                             self->unsent_.pop_front();
                             if (!self->unsent_.empty()) self->write_next();
                           });
}

void process::read_some() {
  control_.async_read_some(boost::asio::buffer(buffer_),
                           [self = shared_from_this()](const auto& failed, std::size_t count) {
                             if (!failed) {
                               self->reader_.take({self->buffer_.data(), count});
                               self->take_frames();
                             }
                             if (!failed && !self->report_ && !self->reader_.is_broken()) return self->read_some();
                             self->is_reading_ = false;
                             self->kill();
                             self->conclude();
                           });
}

void process::take_frames() {
  while (!report_) {
    auto next = reader_.next();
    if (!next) return;
    if (next->kind == frame_kind::report) {
      // One that makes no sense is none, and the last word all the same.
      auto decoded = decode_report(next->content);
      report_ = decoded ? std::move(*decoded) : run_report::vm_error("exit_code 1");
      return;
    }
    if (told_.on_frame) told_.on_frame(std::move(*next));
  }
}

void process::kill() {
  if (place_) zygote_.kill_run(*place_);
}

/// What it said before its end may be on its way still: the end of the stream comes behind it.
void process::ended(int status) {
  place_.reset();
  status_ = status;
  conclude();
}

void process::conclude() {
  if (is_reading_) return;
  if (status_ || (report_ && told_.when == end_told::at_report)) tell_end();
  if (!status_) return;
  boost::system::error_code ignored;
  control_.close(ignored);
  if (const auto gone = std::exchange(told_, {}).on_gone) gone();
}

void process::tell_end() {
  const auto end = std::exchange(told_.on_end, nullptr);
  if (!end) return;
  if (report_) return end(std::move(*report_), process_end::reported);
  end(report_of_exit(*status_), *status_ < 0 ? process_end::lost : process_end::died);
}

}  // namespace quorate::engine::python
