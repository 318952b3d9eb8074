"""Text without invisible characters that make it read as something else.

Marks that turn the direction of writing round, control characters, and zero-width signs let a name look
like another one, or a page like one it is not. They leave whatever people and programs send; what
languages need stays: joiners inside Arabic, Persian and Indic words and in emoji, and the plain
left-to-right and right-to-left marks.
"""

import re
from typing import Any

from django.http import HttpRequest

#: Controls but for tab and line breaks; zero-width space, word joiner and invisible operators; embeddings,
#: overrides and isolates of direction; the byte order mark; tags.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)
#: Characters a joiner may follow: letters of joined and Indic scripts, and emoji.
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0e80-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe0f"
    "\ufe70-\ufefc\u2600-\u27bf\U0001f000-\U0001faff"
)
_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+")
#: Line breaks that are no `\n`: some programs write them, and no form shows them.
_BREAKS = re.compile("[\x85\u2028\u2029]")


def plain(text: str) -> str:
    """Return a text without hidden signs."""
    if text.isascii() and text.isprintable():
        return text
    return _JOINERS.sub("", _HIDDEN.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return a text without hidden signs, as one line with single blanks."""
    return " ".join(plain(text).split())


def clean_form(request: HttpRequest) -> None:
    """Take hidden signs out of all that a form was sent with, passwords apart; reads the body."""
    if all(
        text.isascii() and text.isprintable()
        for _name, texts in request.POST.lists()
        for text in texts
    ):
        return
    form = request.POST.copy()
    for name, texts in request.POST.lists():
        if "password" not in name:
            form.setlist(name, [plain(str(text)) for text in texts])
    form._mutable = False
    request.POST = form  # type: ignore[assignment]


def plain_value(value: Any) -> Any:
    """Return a value as `plain` does, texts in lists too; whatever is no text stays as it is."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_value(one) for one in value]
    return value
