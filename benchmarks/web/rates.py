"""Requests a second of an event's pages, beside pretalx in the same run.

    python -m benchmarks.web.rates [--seconds 5] [--rounds 5] [--home FOLDER]

Both sides show the same 300 meetings of 200 people in 20 rooms over 3 days, on one PostgreSQL
server, with two web workers each, and take turns under 16 connections. Ours are private pages: each
answer looks the session, the person and all rights up. Needs `wrk` and `redis-server`.
"""

import argparse
import gzip
import html
import json
import re
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import brotli
from benchmarks.web import load, peer, serving
from benchmarks.web.shared_world import ADDRESSES, meetings, name_of

#: What the issue of the face asks of the agenda: as fast as it is, and when nothing has changed.
BARS = {"agenda": 10, "agenda, unchanged": 100}
HTML = {"Accept": "text/html"}
#: As many as there are turns, or more.
TOKENS = 8

_MAKE_CALLER = """
from django.utils import timezone
from proxeny.accounts.models import Seat
from proxeny.accounts.operations.tokens import create_token
from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, acting_as
now = timezone.now()
with acting_as(SERVICE):
    seat = Seat.objects.get(person__email="{address}", role="manager")
with acting_as(GATE):
    reader = get_reader_of_person(seat.person_id, today=now.date())
with acting_as(WEB, reader):
    for number in range({count}):
        made = create_token(actor=reader, seat_id=seat.pk, name=f"Rates {{number}}", now=now,
            scopes=["people:read", "directory:read", "events:read"])
        print("TOKEN", made.secret)
"""


@dataclass(frozen=True)
class Page:
    """One side's page: where it is, what is sent with it, and what must be in it.

    `turns`: what is sent besides, one for each turn; a token may call 600 times a minute.
    """

    url: str
    headers: dict[str, str]
    check: Callable[[str], bool]
    status: int = 200
    turns: tuple[dict[str, str], ...] = ({},)

    def headers_of(self, turn: int) -> dict[str, str]:
        """Return what is sent in a turn."""
        return self.headers | self.turns[turn % len(self.turns)]


@dataclass(frozen=True)
class Pair:
    """The same thing on both sides."""

    name: str
    own: Page
    theirs: Page


def main() -> None:
    """Start both, check every page, take turns, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="keep Proxeny's folder for the next run")
    options = parser.parse_args()
    with serving.running(options.home, demo=False) as own:
        event, member = _fill(own)
        database = _database_of(own)
        with peer.running(database) as other:
            pairs = _pairs(own, other, event, member)
            rows = [_measure(pair, options) for pair in pairs]
    serving.keep(
        "rates",
        {
            "rows": rows,
            "seconds": options.seconds,
            "rounds": options.rounds,
            "pretalx": peer.VERSION,
            "connections": load.CONNECTIONS,
        },
    )
    for name, bar in BARS.items():
        ratio = next(row["ratio"] for row in rows if row["name"] == name)
        print(f"{name}: {ratio:.1f} times pretalx (asked for: {bar})")


def _fill(own: serving.Own) -> tuple[str, str]:
    said = own.shell("from benchmarks.web.own_world import fill; print('FILLED', *fill())")
    event, member = next(line.split()[1:] for line in said if line.startswith("FILLED"))
    return event, member


def _database_of(own: serving.Own) -> dict[str, str]:
    said = own.shell(
        "import json; from django.db import connection as c;"
        "print('DB', json.dumps({k: str(v) for k, v in c.settings_dict.items()"
        " if k in ('HOST', 'PORT', 'USER', 'PASSWORD')}))"
    )
    return json.loads(next(line[3:] for line in said if line.startswith("DB ")))


def _pairs(own: serving.Own, other: peer.Peer, event: str, member: str) -> list[Pair]:
    caller = own.sign_in(ADDRESSES[0])
    signed_in = HTML | {"Cookie": caller.cookie_header()}
    agenda = f"/events/{event}/agenda/all/"
    tag = caller.get(agenda).headers["etag"]
    made = own.shell(_MAKE_CALLER.format(address=ADDRESSES[0], count=TOKENS))
    tokens = tuple(
        {"Authorization": f"Bearer {line.split()[1]}"} for line in made if line.startswith("TOKEN")
    )
    json_alone = {"Accept": "application/json"}
    whole = Page(f"{other.url}/days/schedule/nojs", HTML, _has_all)
    return [
        Pair("agenda", Page(own.url + agenda, signed_in, _has_all), whole),
        Pair(
            "agenda, unchanged",
            Page(own.url + agenda, signed_in | {"If-None-Match": tag}, lambda _text: True, 304),
            whole,
        ),
        Pair(
            "directory, 50 a page and all at once",
            Page(f"{own.url}/directory/", signed_in, lambda text: text.count("/directory/") > 50),
            Page(
                f"{other.url}/days/speaker/",
                HTML,
                lambda text: all(name_of(n) in text for n in range(200)),
            ),
        ),
        Pair(
            "one detail page",
            Page(f"{own.url}/directory/{member}/", signed_in, lambda text: name_of(17) in text),
            Page(other.url + other.talk, HTML, lambda text: other.title in html.unescape(text)),
        ),
        Pair(
            "JSON, 50 meetings",
            Page(
                f"{own.url}/api/v1/events/{event}/agenda/entries?limit=50",
                json_alone,
                _has_50,
                turns=tokens,
            ),
            Page(f"{other.url}/api/events/days/slots/?limit=50", json_alone, _has_50),
        ),
    ]


def _has_all(text: str) -> bool:
    """Whether a page tells all 300 meetings, in whatever marks."""
    plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text)))
    return all(one.title in plain for one in meetings())


def _has_50(text: str) -> bool:
    told = json.loads(text)
    return len(told.get("items", told.get("results", []))) == 50


def _measure(pair: Pair, options: argparse.Namespace) -> dict[str, object]:
    print(pair.name, file=sys.stderr)
    weights = {"own": _weigh(pair.own), "theirs": _weigh(pair.theirs)}
    rates: dict[str, list[load.Rate]] = {"own": [], "theirs": []}
    for turn in range(options.rounds + 1):
        for side, page in (("theirs", pair.theirs), ("own", pair.own)):
            # The first turn warms both up.
            seconds = options.seconds if turn else 2
            rate = load.measure(
                page.url,
                seconds=seconds,
                status=page.status,
                headers=page.headers_of(turn),
                least=int(weights[side]["plain"]) * 9 // 10,
            )
            # What was asked and given up is still worked on; the next turn begins after it.
            _ask(page, turn)
            print(f"  {side}: {rate.per_second:.1f}/s", file=sys.stderr)
            if turn and not rate.per_second:
                raise SystemExit(f"{page.url} gave no answer in {seconds} s: take more --seconds")
            if turn:
                rates[side].append(rate)
    own, theirs = (statistics.median(one.per_second for one in rates[side]) for side in rates)
    each = [
        mine.per_second / other.per_second
        for mine, other in zip(rates["own"], rates["theirs"], strict=True)
    ]
    return {
        "name": pair.name,
        "own": own,
        "theirs": theirs,
        "ratio": statistics.median(each),
        "ratios": each,
        "weights": weights,
        "turns": {side: [asdict(one) for one in rates[side]] for side in rates},
    }


def _ask(page: Page, turn: int = 0) -> serving.Answer:
    base, path = page.url[: page.url.index("/", 8)], page.url[page.url.index("/", 8) :]
    headers = {name.replace("-", "_"): value for name, value in page.headers_of(turn).items()}
    return serving.Caller(base).get(path, **headers)


def _weigh(page: Page) -> dict[str, int]:
    """Ask once, refuse anything but the page that is meant, and say how much it weighs in bytes."""
    answer = _ask(page)
    if answer.status != page.status or not page.check(answer.body.decode()):
        raise SystemExit(f"{page.url} is not the page that is meant: {answer.status}")
    print(f"  one answer: {answer.seconds:.2f} s, {len(answer.body)} bytes", file=sys.stderr)
    return {
        "plain": len(answer.body),
        "gzip": len(gzip.compress(answer.body, 6)),
        "brotli": len(brotli.compress(answer.body, quality=5)),
    }


if __name__ == "__main__":
    main()
