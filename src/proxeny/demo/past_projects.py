"""Past projects, imported from files as the managers of two clusters would do."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import Deck
from proxeny.directory.models import Visibility
from proxeny.directory.operations import Wanted, import_file

type Told = Mapping[str, Any]

#: Both clusters imported their files this many days ago, soon after their members.
_BROUGHT_DAYS = -300
#: Before the first number that anybody has: nobody is mistaken for somebody.
_FIRST_PIC = 100_000_000
_ORGANISATIONS = (
    "projectID",
    "projectAcronym",
    "organisationID",
    "name",
    "activityType",
    "country",
    "city",
    "nutsCode",
    "role",
    "ecContribution",
)
_PROJECTS = (
    "id",
    "acronym",
    "title",
    "objective",
    "startDate",
    "endDate",
    "topics",
    "ecMaxContribution",
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A participant in projects: a member of a side, or one of its contacts abroad."""

    side: str
    pic: int
    name: str
    kind: str
    country: str
    city: str = ""
    nuts: str = ""


@dataclass(frozen=True, slots=True)
class _Project:
    """A project; the first partner coordinates it."""

    reference: str
    acronym: str
    title: str
    objective: str
    starts_on: date
    ends_on: date
    partners: tuple[_Known, ...]


def bring_projects(room: InRoom, told: Told) -> int:
    """Import the projects of both sides; return their number.

    Each side imports the file of organisations and that of projects, as far as its own take part.
    """
    projects = list(_Inventor(room, told).invent())
    with TemporaryDirectory() as folder:
        for side, cluster in room.sides.items():
            for path in _write(Path(folder), side, projects, told["programme"]):
                room.deed(
                    cluster.manager_id,
                    _BROUGHT_DAYS,
                    import_file,
                    cluster_id=cluster.id,
                    path=path,
                    wanted=Wanted(options={"visibility": Visibility.PARTNERSHIP}),
                )
    return len(projects)


class _Inventor:
    """Invents projects; the same ones for the same seed and year."""

    def __init__(self, room: InRoom, told: Told) -> None:
        self.told, self.today = told, room.world.today
        self.rng = Random(f"{room.world.seed}:projects")  # noqa: S311
        self.places = Deck(list(told["places"]), self.rng)
        # No two projects say the same.
        self.words = {
            (theme["key"], name): Deck(list(product(theme[name], theme["things"])), self.rng)
            for theme in told["themes"]
            for name in ("titles", "says")
        }
        self.members: dict[str, Deck[_Known]] = {}
        self.abroad: dict[str, Deck[_Known]] = {}
        pics = count(_FIRST_PIC)
        for side, cluster in room.sides.items():
            own = [
                _Known(side, next(pics), one.name, "", one.country)
                for _pk, one in cluster.members
                if one.kind != "investor"
            ]
            # Few are in many projects, and most in one or none.
            self.members[side] = Deck(self.rng.sample(own, 24) + own[:6], self.rng)
            others = [_Known(side, next(pics), *row) for row in told["known"][side]]
            self.abroad[side] = Deck(others, self.rng)

    def invent(self) -> Iterator[_Project]:
        """Yield the projects year by year."""
        for place in range(self.told["years"]):
            year = self.today.year - self.told["years"] + 1 + place
            themes = [one for one in self.told["themes"] for _ in range(one["counts"][place])]
            self.rng.shuffle(themes)
            for number, theme in enumerate(themes, 1):
                is_joint = number <= self.told["joint"][place]
                yield self.project(theme["key"], year, number, is_joint=is_joint)

    def project(self, theme: str, year: int, number: int, *, is_joint: bool) -> _Project:
        """Return one project; its coordinator includes contacts of its own abroad."""
        rng, note = self.rng, self.told["note"]
        # Of this year only what has begun.
        last = self.today.month if year == self.today.year else 12
        first, second = rng.sample("ab", 2)
        partners = [self.members[first].deal() for _ in range(rng.randint(1, 3))]
        partners += [self.abroad[first].deal() for _ in range(rng.randint(1, 2))]
        if is_joint:
            partners += [self.members[second].deal() for _ in range(rng.randint(1, 2))]
        return _Project(
            f"INVENTED-{year}-{number:02}",
            f"{theme.upper()}{year % 100} (invented)",
            self.say(theme, "titles"),
            f"{self.say(theme, 'says')} {self.places.deal()} {note}",
            date(year, rng.randint(1, last), 1),
            date(year + rng.choice((1, 2, 2, 3)), 12, 31),
            tuple(dict.fromkeys(partners)),
        )

    def say(self, theme: str, name: str) -> str:
        """Return a sentence of a theme about one of its things."""
        template, thing = self.words[theme, name].deal()
        said: str = template.format(thing=thing)
        return said[0].upper() + said[1:]


def _write(folder: Path, side: str, projects: list[_Project], programme: str) -> Iterator[Path]:
    """Yield the files that a side imports, in the format of the public register."""
    parts: dict[_Project, list[_Known]] = defaultdict(list)
    for one in projects:
        for partner in one.partners:
            if partner.side == side:
                parts[one].append(partner)
    sums = {one: 40_000 + 900 * (number % 47) for number, one in enumerate(projects)}
    organisations = [
        (
            one.reference,
            one.acronym,
            partner.pic,
            partner.name,
            partner.kind,
            partner.country,
            partner.city,
            partner.nuts,
            "coordinator" if partner == one.partners[0] else "participant",
            sums[one],
        )
        for one, found in parts.items()
        for partner in found
    ]
    yield _table(folder / f"organizations-{side}.csv", _ORGANISATIONS, organisations)
    yield _table(
        folder / f"projects-{side}.csv",
        _PROJECTS,
        [
            (
                one.reference,
                one.acronym,
                one.title,
                one.objective,
                one.starts_on,
                one.ends_on,
                programme,
                sums[one] * len(one.partners),
            )
            for one in parts
        ],
    )


def _table(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(header)
        table.writerows(rows)
    return path
