"""Entries of the guestbook, and what they must not say."""
from dataclasses import dataclass

from genlayer import *


@allow_storage
@dataclass
class Entry:
    author: Address
    text: str


def is_fit(text: str) -> bool:
    with open("/contract/rules.txt") as file:
        unwanted = file.read().split()
    return not any(word in text.lower() for word in unwanted)
