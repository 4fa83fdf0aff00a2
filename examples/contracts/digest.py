# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Summarizes a page. Validators judge the summary by criteria, and need no summary of their own."""
from genlayer import *


class Digest(gl.Contract):
    summaries: TreeMap[str, str]

    def __init__(self):
        pass

    @gl.public.write
    def summarize(self, url: str) -> str:
        summary = gl.eq_principle.prompt_non_comparative(
            lambda: gl.nondet.web.render(url, mode="text", wait_after_loaded="500ms"),
            task="Summarize the page in one sentence.",
            criteria="One sentence; nothing that the page does not say; the main point is not missing.",
        )
        self.summaries[url] = summary
        return summary

    @gl.public.view
    def get(self, url: str) -> str:
        return self.summaries.get(url, "")
