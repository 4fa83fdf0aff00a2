# SPDX-License-Identifier: MIT
"""Pages of the web through the whole engine, as Chromium shows them. Only for the real engine."""
import http.server
import os
import threading
import unittest

from support import Chain, ContractTest
from test_models import ASK

CHROMIUM = "/usr/lib/chromium/chromium"
PAGE = b"<!doctype html><body><p id=a>no script ran</p><script>a.textContent = 'a script ran'</script></body>"


class Site(http.server.BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self):
        self.send_response(200 if self.path == "/page" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_arguments):
        pass


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
@unittest.skipUnless(os.access(CHROMIUM, os.X_OK), "needs Chromium")
class pages(ContractTest):
    @classmethod
    def configure(cls, config):
        from engine_client import engine

        status, body = engine().request("POST", "/module/start", '{"module_type": "Web", "config": %s}' % config)
        assert status == 200, body

    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        cls.configure('{"always_allow_hosts": ["127.0.0.1"]}')

    @classmethod
    def tearDownClass(cls):
        cls.configure("{}")
        cls.server.shutdown()
        cls.server.server_close()

    def shown(self, call):
        return self.deploy(ASK.format(call))

    def test_scripts_run(self):
        self.assert_user_error(self.shown(f"gl.nondet.web.render('{self.url}/page')"), "a script ran")

    def test_a_picture_is_an_image(self):
        picture = f"gl.nondet.web.render('{self.url}/page', mode='screenshot')"
        self.assert_user_error(self.shown(f"{picture}.raw[:4]"), repr(b"\x89PNG"))

    @unittest.skipUnless(os.path.isdir("/usr/lib/python3/dist-packages/PIL"), "needs Pillow")
    def test_a_picture_is_one_of_pillow_too(self):
        picture = f"gl.nondet.web.render('{self.url}/page', mode='screenshot')"
        self.assert_user_error(self.shown(f"{picture}.pil.size"), "(960, 540)")

    def test_a_page_that_is_not_there_is_an_exception(self):
        self.assert_user_error(self.shown(f"gl.nondet.web.render('{self.url}/other')"), "error WEBPAGE_LOAD_FAILED")


if __name__ == "__main__":
    unittest.main()
