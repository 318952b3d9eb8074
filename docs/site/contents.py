"""The table of contents of docs/README.md, as the site's navigation takes it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from posixpath import normpath

from markdown_it import MarkdownIt
from markdown_it.token import Token

INDEX = "docs/README"


@dataclass(frozen=True)
class Page:
    """A page as the table of contents names it: its path without `.md`, and the text of its link."""

    name: str
    title: str


@dataclass(frozen=True)
class Group:
    """Pages under one third-level heading; pages before any such heading have no title."""

    title: str
    pages: tuple[Page, ...]

    def holds(self, name: str) -> bool:
        return any(page.name == name for page in self.pages)


@dataclass(frozen=True)
class Section:
    """What stands under one second-level heading."""

    title: str
    groups: tuple[Group, ...]

    def holds(self, name: str) -> bool:
        return any(group.holds(name) for group in self.groups)


def read_contents(root: Path) -> tuple[Section, ...]:
    """Return sections, groups and pages in the order of docs/README.md.

    A page counts where it is first linked below a second-level heading. Pages are named from
    `root`, the folder of the repository.
    """
    tokens = MarkdownIt().parse((root / f"{INDEX}.md").read_text(encoding="utf-8"))
    drafts: list[tuple[str, list[tuple[str, list[Page]]]]] = []
    seen: set[str] = set()
    for before, token in pairwise(tokens):
        if token.type != "inline":
            continue
        if before.type == "heading_open" and before.tag == "h2":
            drafts.append((token.content, [("", [])]))
        elif before.type == "heading_open" and before.tag == "h3":
            drafts[-1][1].append((token.content, []))
        elif drafts:
            new = [page for page in _linked(token) if page.name not in seen]
            seen |= {page.name for page in new}
            drafts[-1][1][-1][1].extend(new)
    return tuple(
        Section(title, tuple(Group(name, tuple(pages)) for name, pages in groups if pages))
        for title, groups in drafts
    )


def _linked(inline: Token) -> list[Page]:
    """Return the pages that a line links to, with their links' texts."""
    found = []
    children = inline.children or []
    for child, text in pairwise(children):
        path = str(child.attrGet("href") or "").partition("#")[0]
        if child.type == "link_open" and path.endswith(".md") and ":" not in path:
            name = normpath(f"docs/{path.removesuffix('.md')}")
            found.append(Page(name, text.content[:1].upper() + text.content[1:]))
    return found
