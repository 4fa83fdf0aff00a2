# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""The smallest useful contract: one field, a view, a write."""
from genlayer import *


class Greeter(gl.Contract):
    greeting: str

    def __init__(self, greeting: str = "Hello"):
        self.greeting = greeting

    @gl.public.view
    def greet(self, name: str, *, loud: bool = False) -> str:
        text = f"{self.greeting}, {name}!"
        return text.upper() if loud else text

    @gl.public.write
    def set_greeting(self, greeting: str) -> None:
        self.greeting = greeting
