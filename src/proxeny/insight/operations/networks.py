"""A cluster's position among all organisations it sees, calculated year by year."""

import hashlib
from typing import Any

from proxeny.insight.models import Snapshot
from proxeny.insight.operations.networks_advice import tell_movement, tell_proposals
from proxeny.insight.operations.networks_build import YearNetwork, years_of
from proxeny.insight.operations.networks_kept import pack_network
from proxeny.insight.operations.networks_present import draw, tell_present
from proxeny.insight.pipeline import Eyes, Figures, Inputs, Part, Report
from proxeny.insight.queries.joint_activities import Seen, read_seen

#: Rises when the same rows would give other figures: with the weights, measures and regions too.
METHOD = "1"


def _read(eyes: Eyes) -> Inputs:
    seen = read_seen(today=eyes.today)
    made_of = (
        METHOD,
        eyes.today.year,
        seen.deeds,
        seen.memberships,
        sorted(seen.spots.items()),
        sorted(seen.clusters.items()),
    )
    digest = hashlib.sha256(repr(made_of).encode()).hexdigest()
    return Inputs(seen, digest, seen.until)


def _work_out(eyes: Eyes, inputs: Inputs, before: Snapshot | None, report: Report) -> Figures:
    """Calculate the figures; reuse unchanged years, and today's picture if unchanged."""
    seen: Seen = inputs.rows
    kept: dict[str, Any] = before.content if before else {}
    years: list[YearNetwork] = []
    told = {}
    span = years_of(seen, eyes.today.year)
    for number, year in enumerate(span):
        report(f"year {year}", round(70 * number / len(span)))
        one = YearNetwork(seen, eyes.organisation_id, year)
        digest = one.digest(METHOD)
        old = kept.get("years", {}).get(str(year))
        same = old is not None and old["digest"] == digest
        told[str(year)] = old if same else one.figures(digest)
        # Of the years before the last there are figures alone: their networks are large.
        years = [*years[-1:], one]
    report("present", 70)
    data = bytes(before.data) if before and before.data else None
    present = _tell_present(years, told, kept.get("present"), data, report)
    content = {
        "year": eyes.today.year,
        "years": told,
        "present": present[0],
        "board": _for_board(told[str(eyes.today.year)]),
    }
    return Figures(content, present[1])


def _for_board(year: dict[str, Any]) -> dict[str, Any]:
    """Return the board's figures; see `operations.board_parts`."""
    figures = year["figures"]
    near = figures["harmonic"]
    rank: dict[str, Any] = {"why": "few"}
    if near["rank"]:
        best, worst = near["rank"]
        rank = {"value": best, "of": near["of"]}
        if best != worst:
            rank |= {"low": best, "high": worst}
    told = {
        "network_partners": figures["degree"]["value"],
        "network_between": figures["betweenness_share"]["value"],
        "network_constraint": figures["constraint"]["value"],
    }
    return {"network_rank": rank} | {
        code: {"why": "none"} if value is None else {"value": value} for code, value in told.items()
    }


def _tell_present(
    years: list[YearNetwork],
    told: dict[str, Any],
    kept: dict[str, Any] | None,
    data: bytes | None,
    report: Report,
) -> tuple[dict[str, Any], bytes]:
    now = years[-1]
    last = years[-2] if len(years) > 1 else None
    digest = _digest_of_present(now, last, told)
    if kept is not None and data is not None and kept["digest"] == digest:
        return kept, data
    drawn = draw(now.network, now.measures, now.own)
    report("present", 80)
    moved = tell_movement(last.network, now.network, now.own) if last else None
    report("present", 90)
    content = {
        "digest": digest,
        **tell_present(now, drawn),
        "movement": moved,
        "proposals": tell_proposals(now.network, now.own, set(now.seen.clusters)),
    }
    return content, pack_network(now.network, now.measures, drawn)


def _digest_of_present(now: YearNetwork, last: YearNetwork | None, told: dict[str, Any]) -> str:
    named = {one for deed in now.deeds for one in deed.members} | now.seen.clusters.keys()
    made_of = (
        told[str(now.year)]["digest"],
        told[str(last.year)]["digest"] if last else "",
        sorted((one, spot) for one, spot in now.seen.spots.items() if one in named),
    )
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


PART = Part(Snapshot.Kind.NETWORK, METHOD, _read, _work_out)
