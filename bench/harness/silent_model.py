# SPDX-License-Identifier: MIT
"""A language model that takes prompts and never answers."""
import selectors
import socket
import threading


class SilentModel:
    """Listens on a port of its own until it is closed."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        self._wake, self._closing = socket.socketpair()
        self._asked = set()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def waiting(self):
        """Prompts that were sent and are waited for."""
        return len(self._asked)

    def _serve(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    one = key.fileobj
                    if one is self._wake:
                        return
                    if one is self._listener:
                        selector.register(one.accept()[0], selectors.EVENT_READ)
                    elif one.recv(65536):
                        self._asked.add(one)
                    else:
                        self._asked.discard(one)
                        selector.unregister(one)
                        one.close()

    def close(self):
        self._closing.close()
        self._thread.join()
        for one in (*self._asked, self._listener, self._wake):
            one.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
