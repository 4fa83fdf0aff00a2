// SPDX-License-Identifier: MIT
#include "engine/host/detail/attempt.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "engine/host/request_body.hpp"
#include "engine/host/result_blob.hpp"

namespace quorate::engine::host {

namespace {

using boost::beast::http::verb;

constexpr unsigned ok = 200;
/// Between looks for the result of an engine that says goodbye before it has one.
constexpr std::chrono::milliseconds collect_pause{20};

result<chain::json> body_of(const manager_response& response) {
  if (response.status != ok)
    return fail(errc::internal, "The engine refused", {}, std::to_string(response.status) + " " + response.body);
  // A list of numbers has an element for each byte of a result.
  auto parsed = chain::parse_json(response.body, {64, 100'000'000});
  if (!parsed) return fail(errc::internal, "The engine's answer is no JSON");
  return parsed;
}

}  // namespace

attempt::attempt(boost::asio::io_context& io, manager_client& manager, const executor_settings& settings,
                 const run_request& request, std::shared_ptr<account_source> accounts, std::string socket_path,
                 on_outcome done)
    : io_{io},
      manager_{manager},
      settings_{settings},
      request_{request},
      accounts_{std::move(accounts)},
      socket_path_{std::move(socket_path)},
      done_{std::move(done)},
      acceptor_{io},
      engine_{io},
      timer_{io} {}

attempt::~attempt() { ::unlink(socket_path_.c_str()); }

void attempt::start() {
  if (!listen()) return fail_with("the socket for the engine cannot be made: " + socket_path_);
  accept();
  post(0);
}

bool attempt::listen() {
  boost::system::error_code failed;
  const boost::asio::local::stream_protocol::endpoint where{socket_path_};
  ::unlink(socket_path_.c_str());
  acceptor_.open(where.protocol(), failed);
  if (!failed) acceptor_.bind(where, failed);
  if (!failed) acceptor_.listen(1, failed);
  return !failed;
}

void attempt::post(std::size_t tries) {
  auto body = encode_request(request_, socket_path_);
  if (!body) return end(internal_error(body.error().message));
  manager_.ask(verb::post, "/genvm/run", std::move(*body), settings_.run_timeout,
               [self = shared_from_this(), tries](result<manager_response> response) {
                 if (!self->done_) return;
                 if (response) return self->started(*response);
                 if (tries + 1 >= self->settings_.run_retries)
                   return self->fail_with(response.error().message + ": " + response.error().detail);
                 self->timer_.expires_after(self->settings_.run_retry_delay * (1 << tries));
                 self->timer_.async_wait([self, tries](const auto& cancelled) {
                   if (!cancelled && self->done_) self->post(tries + 1);
                 });
               });
}

void attempt::started(const manager_response& response) {
  const auto body = body_of(response);
  if (!body) return fail_with(body.error().message + ": " + body.error().detail);
  const auto id = body->is_object() ? body->find("id") : body->end();
  if (!body->is_object() || id == body->end()) return fail_with("the engine gave no id");
  id_ = id->is_string() ? id->get<std::string>() : chain::dump_json(*id);
  if (is_over_) return collect();
  if (is_connected_) return;
  timer_.expires_after(settings_.connect_grace);
  timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
    if (!cancelled && !self->is_connected_ && self->done_) self->look_whether_it_lives();
  });
}

void attempt::look_whether_it_lives() {
  manager_.ask(verb::get, run_target(), {}, settings_.status_timeout,
               [self = shared_from_this()](result<manager_response> response) {
                 if (!self->done_ || self->is_connected_) return;
                 const auto body =
                     response ? body_of(*response) : result<chain::json>{tl::unexpected{response.error()}};
                 if (!body || !body->contains("status")) return self->fail_with("the engine is gone");
                 const auto& status = body->at("status");
                 if (!status.is_null())
                   return self->fail_with("the engine died without connecting: " + chain::dump_json(status));
                 self->timer_.expires_after(self->settings_.connect_grace);
                 self->timer_.async_wait([self](const auto& cancelled) {
                   if (!cancelled && !self->is_connected_ && self->done_) self->look_whether_it_lives();
                 });
               });
}

void attempt::accept() {
  acceptor_.async_accept(engine_, [self = shared_from_this()](const auto& failed) {
    if (failed || !self->done_) return;
    self->is_connected_ = true;
    self->timer_.cancel();
    boost::system::error_code ignored;
    self->acceptor_.close(ignored);
    ::unlink(self->socket_path_.c_str());
    self->read_some();
  });
}

void attempt::read_some() {
  engine_.async_read_some(boost::asio::buffer(buffer_),
                          [self = shared_from_this()](const auto& failed, std::size_t count) {
                            if (!self->done_) return;
                            if (failed) return self->hang_up();
                            self->reader_.take({self->buffer_.data(), count});
                            self->answer_next();
                          });
}

/// One after the other: answers keep the order of the questions.
void attempt::answer_next() {
  auto request = reader_.next();
  if (!request) return hang_up();
  if (!*request) return read_some();
  answer(**request);
}

void attempt::answer(const host_request& request) {
  if (const auto* read = std::get_if<storage_read>(&request)) {
    return with_account(read->account, [this, wanted = *read](const account_view& view) {
      chain::bytes content(wanted.size);
      const auto& state = wanted.mode == storage_mode::latest_final ? view.finalized : view.accepted;
      state.read(wanted.slot, wanted.offset, content);
      reply(storage_answer(std::move(content)));
    });
  }
  if (const auto* balance = std::get_if<balance_read>(&request)) {
    return with_account(balance->account, [this](const account_view& view) { reply(balance_answer(view.balance)); });
  }
  if (const auto* disagreement = std::get_if<nondet_disagreement>(&request)) {
    if (!disagreement_) disagreement_ = disagreement->call;
    return answer_next();
  }
  if (std::holds_alternative<fuel_left>(request)) return reply(fuel_answer());
  if (std::holds_alternative<ethereum_call>(request)) return reply(refused_answer());
  if (std::holds_alternative<run_finished>(request)) return reply(farewell(), true);
  answer_next();
}

void attempt::with_account(const chain::address20& address, const on_view& use) {
  if (const auto found = seen_.find(address); found != seen_.end()) return use(*found->second);
  accounts_->fetch(address, [self = shared_from_this(), address, use](result<account_view_ptr> view) {
    boost::asio::post(self->io_, [self, address, use, view = std::move(view)] {
      if (!self->done_) return;
      if (!view)
        return self->fail_with("an account cannot be read: " + view.error().message + " " + view.error().detail);
      self->seen_.emplace(address, *view);
      use(**view);
    });
  });
}

void attempt::reply(chain::bytes answer, bool last) {
  unsent_ = std::move(answer);
  boost::asio::async_write(engine_, boost::asio::buffer(unsent_),
                           [self = shared_from_this(), last](const auto& failed, std::size_t) {
                             if (!self->done_) return;
                             if (failed || last) return self->hang_up();
                             self->answer_next();
                           });
}

/// An end without a goodbye may be a run that was killed; its result tells.
void attempt::hang_up() {
  boost::system::error_code ignored;
  engine_.close(ignored);
  is_over_ = true;
  if (!id_.empty()) collect();
}

void attempt::collect() {
  manager_.ask(verb::get, run_target(), {}, settings_.status_timeout,
               [self = shared_from_this()](result<manager_response> response) {
                 if (!self->done_) return;
                 const auto body =
                     response ? body_of(*response) : result<chain::json>{tl::unexpected{response.error()}};
                 if (!body || !body->is_object() || !body->contains("status")) {
                   return self->fail_with(body ? "the engine's answer has no status"
                                               : body.error().message + ": " + body.error().detail);
                 }
                 self->collected(body->at("status"));
               });
}

void attempt::collected(const chain::json& status) {
  if (!status.is_null()) {
    auto decoded = decode_status(status);
    if (!decoded) return fail_with(decoded.error().message + ": " + decoded.error().detail);
    if (!decoded->disagreement) decoded->disagreement = disagreement_;
    return end(std::move(*decoded));
  }
  timer_.expires_after(collect_pause);
  timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
    if (!cancelled && self->done_) self->collect();
  });
}

void attempt::fail_with(std::string detail) { end(fail(errc::internal, "The engine failed", {}, std::move(detail))); }

void attempt::end(result<run_result> outcome) {
  auto done = std::exchange(done_, nullptr);
  if (!done) return;
  remove_run();
  done(std::move(outcome));
}

void attempt::remove_run() {
  boost::system::error_code ignored;
  timer_.cancel();
  acceptor_.close(ignored);
  engine_.close(ignored);
  if (!id_.empty())
    manager_.ask(verb::delete_, run_target() + "?wait_timeout_ms=20", {}, settings_.delete_timeout, [](const auto&) {});
}

void attempt::stop() {
  if (!std::exchange(done_, nullptr)) return;
  remove_run();
}

}  // namespace quorate::engine::host
