// SPDX-License-Identifier: MIT
#include "engine/python/zygote/messages.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace quorate::engine::python {

namespace {

union descriptor_space {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(run_descriptors))];
};

}  // namespace

bool send_order(int socket, const zygote_order& order, const run_descriptors* descriptors) noexcept {
  iovec part{const_cast<zygote_order*>(&order), sizeof order};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  descriptor_space space{};
  if (descriptors) {
    message.msg_control = space.bytes;
    message.msg_controllen = sizeof space.bytes;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof *descriptors);
    std::memcpy(CMSG_DATA(header), descriptors->data(), sizeof *descriptors);
  }
  ssize_t sent = 0;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof order);
}

bool receive_order(int socket, zygote_order& order, run_descriptors& descriptors) noexcept {
  iovec part{&order, sizeof order};
  msghdr message{};
  descriptor_space space{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.bytes;
  message.msg_controllen = sizeof space.bytes;
  descriptors.fill(-1);
  ssize_t received = 0;
  do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received != static_cast<ssize_t>(sizeof order)) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof descriptors)) {
    std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
  }
  return true;
}

bool send_news(int socket, const zygote_news& news) noexcept {
  ssize_t sent = 0;
  do sent = send(socket, &news, sizeof news, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof news);
}

int receive_news(int socket, zygote_news& news) noexcept {
  ssize_t received = 0;
  do received = recv(socket, &news, sizeof news, MSG_DONTWAIT);
  while (received < 0 && errno == EINTR);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  return received == static_cast<ssize_t>(sizeof news) ? 1 : -1;
}

}  // namespace quorate::engine::python
