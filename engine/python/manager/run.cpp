// SPDX-License-Identifier: MIT
#include "engine/python/manager/run.hpp"

#include <algorithm>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "chain/little_endian.hpp"
#include "engine/python/manager/blob.hpp"
#include "engine/python/vm/fields.hpp"

namespace quorate::engine::python {

namespace {

/// Bytes of log lines that a run may leave.
constexpr std::size_t longest_log = std::size_t{1} << 18;

/// The host's methods of docs/spec/genvm.md §1.4 that the manager uses.
constexpr std::uint8_t notify_disagreement = 5;
constexpr std::uint8_t notify_finished = 7;

chain::calldata_map internal_error(const char* cause, std::string message) {
  chain::calldata_array causes;
  causes.emplace_back(cause);
  chain::calldata_map out;
  out.emplace("causes", std::move(causes));
  out.emplace("fatal", false);
  out.emplace("message", std::move(message));
  out.emplace("ctx", chain::calldata_map{});
  return out;
}

}  // namespace

run::run(run_services services, manager_request request, on_end ended)
    : services_{services},
      request_{std::move(request)},
      ended_{std::move(ended)},
      host_{services.io},
      deadline_{services.io} {}

void run::start() {
  deadline_.expires_after(request_.most_time);
  deadline_.async_wait([self = shared_from_this()](const auto& failed) {
    if (failed || self->outcome_) return;
    self->timed_out_ = true;
    self->kill_all();
  });
  host_.async_connect({request_.host_path}, [self = shared_from_this()](const auto& failed) {
    if (self->outcome_) return;
    if (failed) {
      self->fatal_ = internal_error("HOST_UNREACHABLE", "the host's socket cannot be reached: " + failed.message());
      return self->finish({}, std::nullopt);
    }
    self->begin();
  });
}

void run::begin() {
  // The run's processes read and write it as it is.
  boost::system::error_code ignored;
  host_.native_non_blocking(false, ignored);
  out_ = output::open(services_.io);
  err_ = output::open(services_.io);
  if (out_ && err_) {
    out_->start();
    err_->start();
    // Nothing runs after it that its process could disturb, and a process is slow to go.
    const auto started =
        start_branch(request_.order, end_told::at_report, [this](run_report report) { end_with(std::move(report)); });
    if (started) return;
  }
  fatal_ = internal_error("NO_PROCESS", "no process can be had for this run");
  finish({}, std::nullopt);
}

run::branch_ptr run::start_branch(run_order order, end_told when, on_report done) {
  auto made = std::make_shared<branch>(branch{std::move(order)});
  made->allowed.may = made->order.may;
  auto self = shared_from_this();
  made->child = process::start(
      services_.io, services_.zygote, made->order.compile_only ? -1 : host_.native_handle(), out_->writing_end(),
      err_->writing_end(), made->order,
      {[self, made](frame received) { self->take_frame(made, std::move(received)); },
       [self, made, done](run_report report, process_end how) { self->end_branch(made, std::move(report), how, done); },
       [self] {
         --self->processes_;
         self->settle();
       },
       when});
  if (!made->child) return nullptr;
  ++processes_;
  branches_.push_back(made);
  return made;
}

void run::end_branch(const branch_ptr& of, run_report report, process_end how, const on_report& done) {
  std::erase(branches_, of);
  of->child.reset();
  in_order_ = how == process_end::reported;
  if (how == process_end::lost && !fatal_)
    fatal_ = internal_error("ENGINE_LOST", "the process that runs are forked from ended");
  if (of->has_opened && !check_effects(report, of->allowed)) report = run_report::vm_error("exit_code 1");
  done(std::move(report));
}

void run::take_frame(const branch_ptr& from, frame received) {
  // Only the last one runs; the others wait for an answer, and what they say out of turn is a contract's forgery.
  if (branches_.empty() || branches_.back() != from || from->order.compile_only) return;
  switch (received.kind) {
    case frame_kind::opening: return opened(from, received);
    case frame_kind::compile: return compile(from, received);
    case frame_kind::call: return call(from, received);
    case frame_kind::ask: return ask(from, received);
    case frame_kind::trace: return note(received);
    default: return from->child->kill();
  }
}

/// The first word of a process, before any of the contract's code: only that one is believed.
void run::opened(const branch_ptr& from, const frame& received) {
  auto opening = decode_opening(received.content);
  if (from->has_opened || !opening) return from->child->kill();
  from->has_opened = true;
  from->allowed.balance = std::move(opening->balance);
  from->allowed.locked = std::move(opening->locked);
}

void run::compile(const branch_ptr& from, const frame& received) {
  constexpr std::size_t hash_size = 32;
  if (!from->has_opened || from->has_compiled || received.content.size() < hash_size) return from->child->kill();
  from->has_compiled = true;
  const chain::bytes code{received.content.begin() + hash_size, received.content.end()};
  const auto hash = chain::sha256(code);
  if (const auto* known = services_.cache.find(hash)) return from->child->send(frame_kind::compiled, *known);
  run_order order = from->order;
  order.code = code;
  order.compile_only = true;
  auto self = shared_from_this();
  const auto started =
      start_branch(std::move(order), end_told::when_gone, [self, from, hash](const run_report& report) {
        const auto value = chain::decode_calldata(report.data);
        const auto* made = value ? std::get_if<chain::bytes>(&value->held) : nullptr;
        const chain::bytes objects = report.kind == result_kind::returned && made ? *made : chain::bytes{};
        if (report.kind == result_kind::returned) self->services_.cache.keep(hash, objects);
        if (from->child) from->child->send(frame_kind::compiled, objects);
      });
  if (!started) from->child->send(frame_kind::compiled, {});
}

void run::call(const branch_ptr& from, const frame& received) {
  auto order = decode_call(received.content);
  if (!from->has_opened || !from->allowed.may.call || !order || order->message.depth() > machine::deepest_call) {
    return from->child->kill();
  }
  // Whatever the message says, a callee may no more than a view.
  run_order callee{std::move(order->message),
                   from->allowed.may.for_callee(),
                   order->mode,
                   request_.order.is_sync,
                   request_.order.debug,
                   {},
                   {},
                   false};
  const auto started = start_branch(std::move(callee), end_told::when_gone, [from](const run_report& report) {
    if (from->child) from->child->send(frame_kind::called, encode_report(report));
  });
  if (!started) from->child->send(frame_kind::called, encode_report(run_report::vm_error("exit_code 1")));
}

void run::ask(const branch_ptr& from, const frame& received) {
  auto request = chain::decode_calldata(received.content);
  if (!from->has_opened || !from->allowed.may.nondet || !request || asked_ != 0) return from->child->kill();
  auto self = shared_from_this();
  asked_ = services_.modules.ask(*request, request_.host_data, [self, from](module_answer answer) {
    self->asked_ = 0;
    if (!answer.is_fatal && answer.value.empty()) {
      if (from->child) from->child->send(frame_kind::answered, {});
      return;
    }
    if (!answer.is_fatal) {
      auto encoded = chain::encode_calldata(chain::calldata_value{std::move(answer.value)});
      if (from->child) from->child->send(frame_kind::answered, encoded.value_or(chain::bytes{}));
      return;
    }
    self->fatal_ = std::move(answer.value);
    self->kill_all();
  });
}

void run::note(const frame& received) {
  if (log_size_ + received.content.size() > longest_log) return;
  log_size_ += received.content.size();
  log_.emplace_back(received.content.begin(), received.content.end());
}

void run::end_with(run_report report) {
  if (timed_out_) report = run_report::vm_error("timeout");
  const auto disagreement = report.disagreement;
  finish(encode_result(report, request_.bucket_totals), disagreement);
}

void run::finish(chain::bytes result, std::optional<std::uint32_t> disagreement) {
  if (outcome_) return;
  deadline_.cancel();
  run_outcome& out = outcome_.emplace();
  if (fatal_) result = encode_internal_error(std::move(*fatal_));
  if (!stopped_) out.result = std::move(result);
  for (const auto& stream : {out_, err_}) {
    if (stream) stream->finish();
  }
  if (request_.capture_output && out_) out.standard_output = out_->text();
  if (request_.capture_output && err_) out.standard_error = err_->text();
  out.log = std::move(log_);
  say_goodbye(disagreement);
  settle();
}

void run::settle() {
  if (!outcome_ || processes_ != 0) return;
  if (const auto ended = std::exchange(ended_, nullptr)) ended();
}

/// After a run that ended in the middle of a request nobody knows what the host waits for: then the end of the stream
/// says it.
void run::say_goodbye(std::optional<std::uint32_t> disagreement) {
  boost::system::error_code ignored;
  if (!in_order_ || stopped_ || !host_.is_open()) {
    host_.close(ignored);
    return;
  }
  auto words = std::make_shared<chain::bytes>();
  if (disagreement) {
    words->push_back(notify_disagreement);
    chain::append_little_endian(*words, *disagreement, sizeof *disagreement);
  }
  words->push_back(notify_finished);
  boost::asio::async_write(host_, boost::asio::buffer(*words),
                           [self = shared_from_this(), words](const auto& failed, std::size_t) {
                             if (failed) return;
                             self->deadline_.expires_after(std::chrono::seconds{1});
                             self->deadline_.async_wait([self](const auto& cancelled) {
                               boost::system::error_code unimportant;
                               if (!cancelled) self->host_.close(unimportant);
                             });
                             boost::asio::async_read(self->host_, boost::asio::buffer(words->data(), 1),
                                                     [self, words](const auto&, std::size_t) {
                                                       boost::system::error_code unimportant;
                                                       self->deadline_.cancel();
                                                       self->host_.close(unimportant);
                                                     });
                           });
}

void run::kill_all() {
  if (asked_ != 0) services_.modules.cancel(std::exchange(asked_, 0));
  const auto all = branches_;
  for (const auto& each : all) {
    if (each->child) each->child->kill();
  }
  if (all.empty()) finish({}, std::nullopt);
}

void run::stop() {
  if (outcome_) return;
  stopped_ = true;
  kill_all();
}

}  // namespace quorate::engine::python
