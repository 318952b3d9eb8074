"""How often the checker of offers and needs is wrong on real texts: `python -m benchmarks.drafting`.

The texts are those of the shared data folder: European calls, read as needs, and French profiles of
innovative firms, read as offers. Nobody wrote them as adverts or the wrong way round, so what is
flagged so is a false alarm. Names are searched for twice: each firm's own, and another's.
"""

import csv
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from proxeny.directory.drafting import Draft, Identity, check_draft

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ROLE = "The partner tries it with us in two places for six months."


def read_calls() -> list[Draft]:
    """Return the calls as needs."""
    lines = (DATA / "eu_calls_2026" / "calls_clean.jsonl").read_text(encoding="utf-8").splitlines()
    return [_draft("need", one["title"], one["description"]) for one in map(json.loads, lines)]


def read_firms() -> list[tuple[Draft, Identity]]:
    """Return the firms' profiles as anonymous offers, with what would tell who they are."""
    path = DATA / "ilab_fr" / "ilab_companies.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Résumé"].strip()]
    return [
        (
            _draft("offer", row["Moto"] or row["Projet"], row["Résumé"], is_anonymous=True),
            Identity((row["Libellé entreprise"], row["Projet"]), row["Site web entreprise"]),
        )
        for row in rows
    ]


def _draft(direction: str, title: str, text: str, *, is_anonymous: bool = False) -> Draft:
    return Draft(
        direction, title[:256], text[:500], text[500:4500], ROLE, is_anonymous=is_anonymous
    )


def count(drafts: Sequence[Draft], who: Sequence[Identity]) -> tuple[Counter[str], float]:
    """Return how many texts have each flag, and the milliseconds a text took."""
    start, found = time.perf_counter(), Counter[str]()
    for draft, identity in zip(drafts, who, strict=True):
        found.update({flag.code for flag in check_draft(draft, identity)})
    return found, (time.perf_counter() - start) / len(drafts) * 1000


def main() -> None:
    """Print one line for each measure."""
    calls, firms = read_calls(), read_firms()
    named = [(draft, who) for draft, who in firms if who.names[0]]
    others = [who for _draft, who in named]
    random.Random(1).shuffle(others)
    measures = {
        "calls": (calls, [Identity()] * len(calls)),
        "profiles": ([draft for draft, _ in firms], [Identity()] * len(firms)),
        "own names": ([draft for draft, _ in named], [who for _, who in named]),
        "another's names": ([draft for draft, _ in named], others),
    }
    for name, (drafts, who) in measures.items():
        found, took = count(drafts, who)
        print(f"{name}: {len(drafts)} texts, {took:.1f} ms each, {dict(found.most_common())}")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()
    main()
