// SPDX-License-Identifier: MIT
#include "app/commands/terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

namespace quorate::app {

namespace {
volatile sig_atomic_t interrupted = 0;
void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}
}  // namespace

terminal::terminal() : interactive_{::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1} {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  if (!interactive_) return;
  ::tcgetattr(STDIN_FILENO, &before_);
  auto raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  put("\x1b[?1049h\x1b[?25l");
}

terminal::~terminal() {
  if (!interactive_) return;
  put("\x1b[?25h\x1b[?1049l");
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

int terminal::width() const {
  winsize size{};
  return interactive_ && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

void terminal::draw(const std::string& frame) {
  if (!interactive_) return put(frame);
  std::string out = "\x1b[H";
  for (const char c : frame) out += c == '\n' ? std::string{"\x1b[K\n"} : std::string(1, c);
  put(out + "\x1b[J");
}

bool terminal::quit_pressed(std::chrono::milliseconds wait) {
  if (!interactive_) {
    std::this_thread::sleep_for(wait);
    return interrupted != 0;
  }
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const auto end = std::chrono::steady_clock::now() + wait;
  while (interrupted == 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    if (::poll(&input, 1, static_cast<int>(left.count())) <= 0) continue;
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) == 1 && (key == 'q' || key == '\x1b')) return true;
  }
  return true;
}

}  // namespace quorate::app
