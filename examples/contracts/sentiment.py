# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Asks a language model; a model decides whether two answers mean the same."""
from genlayer import *


class Sentiment(gl.Contract):
    verdicts: TreeMap[str, str]

    def __init__(self):
        pass

    @gl.public.write
    def judge(self, text: str) -> str:
        def ask() -> str:
            prompt = f"In one or two words: what mood is this text in?\n\n{text}"
            return gl.nondet.exec_prompt(prompt).strip()

        verdict = gl.eq_principle.prompt_comparative(ask, "Both answers must name the same mood, whatever the words.")
        self.verdicts[text] = verdict
        return verdict

    @gl.public.view
    def get_verdicts(self) -> dict[str, str]:
        return dict(self.verdicts.items())
