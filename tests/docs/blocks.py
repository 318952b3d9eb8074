"""The examples of the documentation: its fenced blocks, and the commands in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
FENCE = re.compile(r"^```(.*?)\n(.*?)^```", re.M | re.S)
CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
SHELL = ("sh", "console")
_ASSIGNED = re.compile(r"([A-Z_]+)=(\S*)")
_ENDS = {"|", ">", ">>", "&&", "||", ";"}


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, its place there from 1, its language, the rest of that line."""

    page: str
    number: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


def name_page(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def read_prose(page: Path) -> str:
    """Return a page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def read_blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages in these languages."""
    found = []
    for page in PAGES:
        for number, (head, text) in enumerate(FENCE.findall(page.read_text("utf-8")), 1):
            language, _, mark = head.strip().partition(" ")
            if language in languages:
                found.append(Block(name_page(page), number, language, mark, text))
    return found


def split_commands(text: str, *, prompt: bool = False) -> Iterator[list[str]]:
    """Yield each command of a shell block as words: comments, assignments and pipes taken off.

    With `prompt`, only what follows a `$` is a command; the rest is what it answers.
    """
    waiting = ""
    for line in text.splitlines():
        if prompt and not waiting and not line.startswith("$ "):
            continue
        waiting += line.removeprefix("$ ") if prompt else line
        if waiting.endswith("\\"):
            waiting = waiting[:-1]
            continue
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:  # A quotation goes on in the next line.
            waiting += "\n"
            continue
        waiting = ""
        yield from _simple_commands(words)


def _simple_commands(words: list[str]) -> Iterator[list[str]]:
    command: list[str] = []
    for word in [*words, ";"]:
        if word in _ENDS or word.endswith(";"):
            command += [word[:-1]] if word.endswith(";") and word != ";" else []
            if command:
                yield command
            command = []
        elif command or not _ASSIGNED.fullmatch(word):
            command.append(word)


def read_assigned(text: str) -> dict[str, str]:
    """Return what a text assigns to shell variables, as far as that is one word."""
    found = re.findall(r"\b([A-Z_]+)=(?:\"([^\"]*)\"|(\S*))", text)
    return {name: quoted or plain.rstrip(";") for name, quoted, plain in found}
