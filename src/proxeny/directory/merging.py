"""Facts of an entry after another was merged into it. Plain values, no database."""

from collections.abc import Collection, Mapping
from typing import Any

from proxeny.directory.likeness import bare_words
from proxeny.directory.models import GUARDED, Visibility

Values = Mapping[str, Any]

#: Facts of which the kept entry has one: its own, or that of the other.
SCALARS = (
    "name",
    "kind",
    "key",
    "country",
    "region",
    "city",
    "nuts",
    "latitude",
    "size",
    "website",
    "contact",
    "email",
    "summary",
    "employees",
    "founded",
    "visibility",
)
#: Facts of which it has all that both say, at most so many.
LISTS = ("former_names", "identifiers", "languages", "sectors", "nace", "topics")
MOST = 20
#: Facts that belong together, because one means nothing alone.
_WITH = {"latitude": ("longitude",), "summary": ("language",)}
#: The more of them may see an entry, the later.
_WIDTH = [Visibility.PRIVATE, Visibility.CLUSTER, Visibility.PARTNERSHIP, Visibility.PUBLIC]


def suggest(kept: Values, gone: Values) -> set[str]:
    """Return the facts that are better taken from the entry that goes.

    Those that the kept one does not say; and its visibility, where fewer may see it: a merge shows
    nobody more than before.
    """
    missing = {
        name
        for name in SCALARS
        if name != "visibility" and kept[name] in ("", None) and gone[name] not in ("", None)
    }
    is_stricter = _WIDTH.index(gone["visibility"]) < _WIDTH.index(kept["visibility"])
    return missing | ({"visibility"} if is_stricter else set())


def unite(kept: Values, gone: Values, chosen: Collection[str]) -> dict[str, Any]:
    """Return all facts of the kept entry after the merge.

    The name that is not chosen becomes a former name. A fact that the kept entry shows to all its
    readers becomes guarded if it is taken from the other entry, which does not show it: its contact
    has not agreed.
    """
    taken = {one for name in chosen for one in (name, *_WITH.get(name, ()))}
    after = {name: gone[name] if name in taken else value for name, value in kept.items()}
    for name in LISTS:
        after[name] = list(dict.fromkeys([*kept[name], *gone[name]]))[:MOST]
    after["identifiers"] = sorted({*kept["identifiers"], *gone["identifiers"]})
    after["former_names"] = _former_names(after, kept, gone)
    after["open_facts"] = [
        name for name in GUARDED if name in (gone if name in taken else kept)["open_facts"]
    ]
    return after


def _former_names(after: Values, kept: Values, gone: Values) -> list[str]:
    # Without its legal form a name is no other one.
    found: dict[tuple[str, ...], str] = {}
    for name in (after["name"], *after["former_names"], kept["name"], gone["name"]):
        found.setdefault(bare_words(name), name)
    _current, *former = found.values()
    return former[-MOST:]


def differing(before: Values, after: Values) -> dict[str, Any]:
    """Return the facts that are not as they were."""
    return {name: value for name, value in after.items() if before[name] != value}


def filled(facts: Values) -> int:
    """Return how many facts say something."""
    return sum(facts[name] not in ("", None, []) for name in (*SCALARS, *LISTS))
