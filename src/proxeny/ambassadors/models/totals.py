"""Activity of a partnership's desks, in numbers alone: the only part that all sides read."""

from proxeny.kernel.tenancy import Definer, define

_WITHIN = "{0} IS NOT NULL AND ({0} >= since OR since IS NULL) AND ({0} < before OR before IS NULL)"
_ENDED = "c.state = 'closed' AND c.closed_by = '{0}' AND {1}"
# A closed case is not written any more, so that it was closed when it was changed last.
_CLOSED = _WITHIN.format("c.changed_at")
_OPEN = "c.state IN ('noted', 'asking', 'finding', 'booked')"

#: Counts of cases: the name of a figure, and the cases it counts.
_CASES = {
    "noted": _WITHIN.format("c.opened_at"),
    "asked": _WITHIN.format("c.asked_at"),
    "agreed": _WITHIN.format("c.agreed_at"),
    "put_aside": _ENDED.format("desk", _CLOSED),
    "refused_by_member": _ENDED.format("member", _CLOSED),
    "refused_by_other": _ENDED.format("stakeholder", _CLOSED),
    "open": _OPEN,
    "late": f"{_OPEN} AND c.next_on < day",
    "booked": "c.state = 'booked'",
}
_ANSWERED = f"m.state = '{{0}}' AND {_WITHIN.format('m.answered_at')}"
#: Counts of mandates.
_MANDATES = {
    "mandates": _WITHIN.format("m.asked_at"),
    "accepted": _ANSWERED.format("accepted"),
    "declined": _ANSWERED.format("declined"),
    "waiting": "m.state IN ('asked', 'question')",
    "unmet": f"{_WITHIN.format('m.asked_at')} AND NOT EXISTS"
    " (SELECT FROM public.ambassadors_introduction x WHERE x.mandate_id = m.id)",
}
_MEDIAN = (
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM {0} - c.asked_at) / 86400.0)"
    " FILTER (WHERE c.asked_at IS NOT NULL AND {0} >= c.asked_at AND {1}) AS {2}"
)


def _count(figures: dict[str, str]) -> str:
    return ", ".join(f"count(*) FILTER (WHERE {one}) AS {name}" for name, one in figures.items())


_TOTALS = f"""SELECT to_jsonb(found) FROM (
SELECT p.organisation_id AS cluster_id, p.organisation_id = ANY {{organisations}} AS is_own,
 cases.*, mandates.*
FROM public.partnerships_party p
CROSS JOIN LATERAL (
 SELECT {_count(_CASES)},
 {_MEDIAN.format("c.agreed_at", _WITHIN.format("c.agreed_at"), "days_to_yes")},
 {_MEDIAN.format("t.starts_at", _WITHIN.format("t.starts_at"), "days_to_meeting")}
 FROM public.ambassadors_introduction c
 LEFT JOIN public.meetings_meeting t ON t.id = c.meeting_id AND t.state = 'held'
 WHERE c.partnership_id = room AND c.cluster_id = p.organisation_id) cases
CROSS JOIN LATERAL (
 SELECT {_count(_MANDATES)} FROM public.ambassadors_mandate m
 WHERE m.partnership_id = room AND m.cluster_id = p.organisation_id) mandates
WHERE p.partnership_id = room AND room = ANY {{rooms}} ORDER BY p.side, p.id) found
"""  # noqa: S608 - put together from constants
# The other cluster reads nothing of a desk's cases, and yet both report to each other: this tells a
# room's teams how many there were, of each desk as a whole, and names nobody. A row is one object,
# since PostgreSQL lets no function that is replaced return other columns than before.
define(
    Definer(
        "proxeny_desk_totals(room bigint, since timestamptz, before timestamptz, day date)",
        "SETOF jsonb",
        _TOTALS,
        rows=2,
    )
)
