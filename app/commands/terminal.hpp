// SPDX-License-Identifier: MIT
#pragma once

#include <termios.h>

#include <chrono>
#include <string>

namespace quorate::app {

/// The terminal while `top` draws: alternate screen, no echo, keys one by one; everything is put back at the end. When
/// stdout is no terminal, frames are simply written one after another.
class terminal {
 public:
  terminal();
  ~terminal();
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  int width() const;
  void draw(const std::string& frame);
  /// Waits; true when q, Escape or Ctrl-C was pressed.
  bool quit_pressed(std::chrono::milliseconds wait);

 private:
  bool interactive_;
  termios before_{};
};

}  // namespace quorate::app
