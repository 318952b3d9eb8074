"""The differences between two versions of a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proxeny.assessments.statistics.series import Series

#: So many changed values are kept beside a version; all are told where two versions are compared.
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is new (`was` is None), gone (`now` is None) or another one."""

    name: str
    period: str
    was: float | None
    now: float | None

    @property
    def kind(self) -> str:
        """`added`, `gone` or `changed`."""
        return "added" if self.was is None else "gone" if self.now is None else "changed"


def _values(series: Series) -> dict[tuple[str, str], float]:
    return {(line["name"], period): value for line in series for period, value in line["points"]}


def differences(before: Series, after: Series) -> Iterator[Difference]:
    """Yield the differences, line by line and in the order of time; removed lines come last."""
    was, now = _values(before), _values(after)
    order = {
        name: place
        for place, name in enumerate(dict.fromkeys(line["name"] for line in (*after, *before)))
    }
    for name, period in sorted(was.keys() | now.keys(), key=lambda one: (order[one[0]], one[1])):
        one = Difference(name, period, was.get((name, period)), now.get((name, period)))
        if one.was != one.now:
            yield one


def changes_of(before: Series, after: Series) -> dict[str, Any]:
    """Return a version's stored difference from the previous one."""
    found = list(differences(before, after))
    changed = [[one.name, one.period, one.was, one.now] for one in found if one.kind == "changed"]
    return {
        "added": sum(one.kind == "added" for one in found),
        "gone": sum(one.kind == "gone" for one in found),
        "changed": changed[:MOST_KEPT],
        "changed_count": len(changed),
    }
