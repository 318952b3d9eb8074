"""Comments for translators: where each text of the catalogues stands, read from the sources.

A message gets one line for each kind of place: what it is (a button, a table heading, a choice of a
field), and the pages or declarations that it stands in. No line numbers, so that a catalogue changes
only where a text moves.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

#: Context and text of a message.
Key = tuple[str, str]
#: What a text is, and where it stands.
Place = tuple[str, str]

#: So many places of a kind are named.
_MOST = 3
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
_ELEMENTS = {
    "button": "Button",
    "a": "Link",
    "h1": "Page heading",
    "h2": "Heading",
    "h3": "Heading",
    "h4": "Heading",
    "th": "Table heading",
    "td": "Table cell",
    "dt": "Label of a value",
    "dd": "Value",
    "label": "Field label",
    "legend": "Heading of a group of fields",
    "option": "Option of a list",
    "optgroup": "Group in a list of options",
    "summary": "Label that opens a part of the page",
    "caption": "Table caption",
    "figcaption": "Caption of a figure",
    "title": "Title",
    "text": "Label in a chart",
    "output": "Result of a form",
    "nav": "Navigation",
    "li": "List item",
    "p": "Text",
    "script": "Text for a script",
}
_ATTRIBUTES = {
    "aria-label": "Name for screen readers",
    "alt": "Text instead of a picture",
    "title": "Tooltip",
    "placeholder": "Placeholder of a field",
    "data-label": "Table heading on a phone",
    "value": "Value of a field",
    "content": "Description of the page",
}
_COMPONENTS = {
    "empty": "Empty state",
    "alert": "Alert",
    "status": "Status",
    "stat": "Label of a figure",
    "kv": "Label of a value",
    "progress": "Background task",
    "sort": "Order of a list",
}
_BLOCKS = {
    "title": "Page title",
    "page_title": "Page heading",
    "room_title": "Page title",
    "room_heading": "Page heading",
    "breadcrumbs": "Breadcrumb",
    "subject": "Mail subject",
    "preheader": "First line of a mail",
}
_KEYWORDS = {
    "label": "Label",
    "title": "Title",
    "help_text": "Help for a field",
    "verbose_name": "Name of a model",
    "verbose_name_plural": "Name of several",
    "summary": "Title of an API operation",
    "subject": "Mail subject",
    "empty_label": "Empty option of a field",
    "message": "Error message",
    "error_messages": "Error message",
    "why_kept": "Reason for keeping data",
    "text": "Text",
    "note": "Note",
}
#: Functions that mark a text, with the places of context and text among their arguments.
_MARKS = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
}
_MARKS |= {"ngettext": (None, 0), "ngettext_lazy": (None, 0)}
_MARKS |= {"pgettext": (0, 1), "pgettext_lazy": (0, 1)}
_MARKS |= {"npgettext": (0, 1), "npgettext_lazy": (0, 1)}


# Templates


class _Markup:
    """The elements that are open at a point of a template."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, str]] = []
        self._tag = ""

    def feed(self, text: str) -> None:
        """Read on through text between template tags."""
        for piece in re.split(r"(?<=>)|(?=<)", text):
            if self._tag or piece.startswith("<"):
                self._tag += piece
                if self._tag.endswith(">") and not self._tag.endswith("->"):
                    self._close()
                elif self._tag.startswith("<!--"):
                    self._tag = ""

    def _close(self) -> None:
        tag, self._tag = self._tag, ""
        found = re.match(r"<(/?)([a-zA-Z][\w-]*)", tag)
        if not found:
            return
        name = found[2].lower()
        if not found[1] and name not in _VOID and not tag.endswith("/>"):
            self._stack.append((name, tag))
        elif found[1] and name in [one for one, _ in self._stack]:
            while self._stack.pop()[0] != name:
                pass

    def role(self) -> str:
        """Return what a text at this point is; empty where no element says so."""
        if self._tag:
            attribute = re.findall(r"([\w-]+)=[\"'][^\"']*$", self._tag)
            name = attribute[-1] if attribute else ""
            return _ATTRIBUTES.get(name, f"Attribute {name}" if name else "")
        for name, tag in reversed(self._stack):
            if "px-empty" in tag:
                return "Empty state"
            if re.search(r"badge|status|px-tag|px-chip", tag):
                return "Status"
            if name == "a" and "btn" in tag:
                return "Button"
            if name in _ELEMENTS:
                return _ELEMENTS[name]
        return ""


class _Template:
    """Texts of one template with their places."""

    def __init__(self, path: Path, where: str) -> None:
        self._tokens = Lexer(path.read_text(encoding="utf-8")).tokenize()
        self._markup, self._blocks = _Markup(), [""]
        self._kind = "Mail" if "/mail/" in str(path) else "Text"
        self._where = where

    def places(self) -> Iterator[tuple[Key, Place]]:
        """Yield each text with its place."""
        skip = -1
        for at, token in enumerate(self._tokens):
            if at <= skip:
                continue
            if token.token_type == TokenType.TEXT:
                self._markup.feed(token.contents)
            elif token.token_type == TokenType.BLOCK and (found := block_re.match(token.contents)):
                skip, text = self._whole(at)
                yield self._place(
                    _context(found[1]), text, at if " asvar " in token.contents else 0
                )
            elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
                yield from self._inline(token.contents, at)

    def _inline(self, contents: str, at: int) -> Iterator[tuple[Key, Place]]:
        if found := inline_re.match(contents):
            is_named = bool(re.search(r"\sas \w+$", contents))
            yield self._place(
                _context(found[2]), _unquote(found[1]), at if is_named else 0, is_raw=True
            )
        elif started := re.match(r"block (\w+)", contents):
            self._blocks.append(started[1])
        elif contents.startswith("endblock") and len(self._blocks) > 1:
            self._blocks.pop()
        component = re.match(r'include "[^"]*?(\w+)\.html"', contents)
        for one in constant_re.findall(contents):
            role = _component(component[1]) if component else self._role()
            yield ("", _unquote(one).replace("%", "%%")), (role, self._where)

    def _place(
        self, context: str, text: str, at: int, *, is_raw: bool = False
    ) -> tuple[Key, Place]:
        """Return a text with its place; `at` is its token where it is kept for a later one."""
        text = text.replace("%", "%%") if is_raw else text
        role = self._named(at) if at else self._role()
        return (context, text), (role, self._where)

    def _role(self) -> str:
        role = self._markup.role()
        block = next((_BLOCKS[one] for one in reversed(self._blocks) if one in _BLOCKS), "")
        return (
            block
            if block and role in ("", "List item", "Navigation")
            else role or block or self._kind
        )

    def _named(self, at: int) -> str:
        """Return what a text is that is given a name: the part of a page that takes it."""
        for token in self._tokens[at + 1 :]:
            found = re.match(r'include "[^"]*?(\w+)\.html"', token.contents)
            if token.token_type == TokenType.BLOCK and found:
                return _component(found[1])
        return self._kind

    def _whole(self, at: int) -> tuple[int, str]:
        """Return where a block of text ends, and its first form."""
        is_trimmed, parts, is_plural = " trimmed" in self._tokens[at].contents, [], False
        for token in self._tokens[at + 1 :]:
            at += 1
            if token.token_type == TokenType.BLOCK:
                if endblock_re.match(token.contents):
                    break
                is_plural = is_plural or bool(plural_re.match(token.contents))
            elif not is_plural:
                is_var = token.token_type == TokenType.VAR
                raw = token.contents
                parts.append(f"%({raw})s" if is_var else raw.replace("%", "%%"))
        text = "".join(parts)
        if is_trimmed:
            text = " ".join(one.strip() for one in text.split("\n") if one.strip())
        return at, text


def _component(name: str) -> str:
    return _COMPONENTS.get(name, f"Part “{name.strip('_').replace('_', ' ')}”")


def _unquote(text: str) -> str:
    found = re.match(r"_?\(?([\"'])(.*)\1\)?$", text.strip(), re.DOTALL)
    return found[2] if found else text


def _context(found: str | None) -> str:
    quoted = re.search(r"context\s+([\"'])(.*?)\1", found or "")
    return quoted[2] if quoted else ""


# Python


class _Module(ast.NodeVisitor):
    """Texts of one module with their places."""

    def __init__(self, where: str) -> None:
        self.found: list[tuple[Key, Place]] = []
        self._where, self._parents = where, list[ast.AST]()

    def visit(self, node: ast.AST) -> None:
        """Visit a node, and keep those around it."""
        if isinstance(node, ast.Call) and (key := _marked(node)):
            self.found.append((key, self._place()))
        self._parents.append(node)
        self.generic_visit(node)
        self._parents.pop()

    def _place(self) -> Place:
        names = [
            one.name
            for one in self._parents
            if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        target = next((name for one in self._parents if (name := _target(one))), "")
        inside = ".".join([*names, *([target] if target else [])])
        return self._role(), f"{self._where}: {inside}" if inside else self._where

    def _role(self) -> str:
        chain = list(reversed(self._parents))
        if any(isinstance(one, ast.Raise) for one in chain):
            return "Error message"
        classes = [one for one in chain if isinstance(one, ast.ClassDef)]
        is_body = not any(isinstance(one, ast.FunctionDef) for one in chain)
        if classes and is_body and any("Choices" in ast.unparse(one) for one in classes[0].bases):
            return "Choice of a field"
        for one in chain:
            if isinstance(one, ast.FunctionDef | ast.ClassDef):
                break
            if isinstance(one, ast.keyword) and one.arg in _KEYWORDS:
                return _KEYWORDS[one.arg]
            if isinstance(one, ast.Call) and not _marked(one):
                return _role_in(one)
        return "Text" if not is_body else "Entry of a list"


def _role_in(call: ast.Call) -> str:
    name = ast.unparse(call.func)
    if name.startswith("messages."):
        return "Message after an action"
    if re.match(r"models\.\w+(Field|Key)$", name):
        return "Name of a field"
    if name.endswith(("ValidationError", "add_error")):
        return "Error message"
    last = name.rpartition(".")[2].strip("_") or name
    return f"Part of a {last}" if last[:1].isupper() else "Text"


def _target(node: ast.AST) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return ""


def _marked(call: ast.Call) -> Key | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in _MARKS:
        return None
    context, text = _MARKS[name]
    read = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
    if len(read) <= text or not isinstance(read[text], str):
        return None
    return (str(read[context]) if context is not None else "", str(read[text]))


# Catalogues


def places_of(root: Path) -> dict[Key, set[Place]]:
    """Return the places of each text of the sources under a folder."""
    found: dict[Key, set[Place]] = defaultdict(set)
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "static" in path.parts:
            continue
        for key, place in _read(path, root):
            found[key].add(place)
    return found


def _read(path: Path, root: Path) -> list[tuple[Key, Place]]:
    name = path.relative_to(root).with_suffix("").as_posix()
    if path.suffix == ".py":
        module = _Module(name)
        module.visit(ast.parse(path.read_text(encoding="utf-8")))
        return module.found
    return list(_Template(path, name.partition("/templates/")[2] or name).places())


def comments_of(places: set[Place]) -> list[str]:
    """Return lines that say what a text is, and where; the same for the same sources."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for role, where in places:
        kinds[role].add(where)
    lines = []
    for role in sorted(kinds):
        named = sorted(kinds[role])
        more = ", …" if len(named) > _MOST else ""
        lines.append(f"#. {role} ({', '.join(named[:_MOST])}{more})")
    return lines


def comment(catalogue: str, places: dict[Key, set[Place]]) -> str:
    """Return a catalogue with the comments of its messages."""
    return "\n\n".join(_commented(entry, places) for entry in catalogue.split("\n\n"))


def _commented(entry: str, places: dict[Key, set[Place]]) -> str:
    lines = [one for one in entry.split("\n") if not one.startswith("#. ")]
    known = [one for one in entry.split("\n") if one.startswith("#. Translators:")]
    new = comments_of(places.get(_key(entry), set()))
    at = next((n for n, one in enumerate(lines) if not one.startswith("# ")), 0)
    return "\n".join([*lines[:at], *known, *new, *lines[at:]])


def _key(entry: str) -> Key:
    read = {"msgctxt": "", "msgid": ""}
    name = ""
    for line in entry.split("\n"):
        found = re.match(r'(msg\w+)(?:\[\d\])? (".*")$', line)
        name = found[1] if found else name
        if name in read and (found or line.startswith('"')):
            read[name] += ast.literal_eval(found[2] if found else line)
    return read["msgctxt"], read["msgid"]


if __name__ == "__main__":
    root = Path(sys.argv[1])
    everywhere = places_of(root)
    for file in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
        file.write_text(comment(file.read_text(encoding="utf-8"), everywhere), encoding="utf-8")
