"""Recommendations of an engagement to the company and the sides, and their outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement, FigureVersion, Finding, Note
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.advice_queries import TONES, Piece, get_own_advice, tell_evidence
from proxeny.partnerships.evidence import Home
from proxeny.partnerships.models import Evidence, Recommendation

Source, State = Recommendation.Source, Recommendation.State


@dataclass(frozen=True, slots=True)
class Advised:
    """A recommendation with what it rests on."""

    advice: Recommendation
    pieces: tuple[Piece, ...]

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return TONES[State(self.advice.state)][0]

    @property
    def icon(self) -> str:
        """The sign of its state."""
        return TONES[State(self.advice.state)][1]

    @property
    def is_open(self) -> bool:
        """Whether its text can still be changed."""
        return self.advice.state in (State.DRAFT, State.PROPOSED)

    @property
    def lacks(self) -> list[str]:
        """The parts missing before it can be proposed."""
        if self.advice.state != State.DRAFT:
            return []
        found = [] if self.advice.addressee else [_("Choose who should act.")]
        return found if self.pieces else [*found, _("Add the evidence for it.")]


def find_advice(engagement: Engagement, *, dropped: bool = False) -> QuerySet[Recommendation]:
    """Return an engagement's recommendations, in the order in which they were written."""
    found = Recommendation.objects.filter(
        partnership_id=engagement.partnership_id,
        source=Source.ASSESSMENT,
        source_id=engagement.pk,
        dropped_at__isnull=not dropped,
    )
    return found.select_related("party__organisation", "organisation").order_by("pk")


def list_advice(reader: Reader, engagement: Engagement) -> list[Advised]:
    """Return an engagement's recommendations, with evidence. At most five queries."""
    found = list(find_advice(engagement))
    pieces = Evidence.objects.filter(recommendation__in=found).order_by("pk") if found else ()
    by_advice: dict[int, list[Piece]] = {}
    for one in tell_evidence(reader, pieces):
        by_advice.setdefault(one.evidence.recommendation_id, []).append(one)
    return [Advised(one, tuple(by_advice.get(one.pk, ()))) for one in found]


def get_advice(engagement: Engagement, advice_id: int) -> Recommendation:
    """Return a recommendation of an engagement, archived or not; `NotFound` if there is none."""
    found = Recommendation.objects.filter(
        pk=advice_id,
        partnership_id=engagement.partnership_id,
        source=Source.ASSESSMENT,
        source_id=engagement.pk,
    ).select_related("party__organisation", "organisation")
    one = found.first()
    if one is None:
        raise NotFound(_("We couldn’t find this recommendation."))
    return one


def list_own_advice(reader: Reader, engagement: Engagement) -> list[Recommendation]:
    """Return the proposed recommendations to the company that asked. One query.

    Raises
    ------
    NotFound
        The reader does not speak for it.
    """
    if not rules.is_client(reader, engagement):
        raise NotFound(_("We couldn’t find this assessment."))
    found = find_advice(engagement).exclude(state=State.DRAFT)
    return list(
        found.filter(
            addressee=Recommendation.Addressee.COMPANY, organisation_id=engagement.client_id
        )
    )


def get_own_advice_of(reader: Reader, engagement: Engagement, advice_id: int) -> Recommendation:
    """Return one of `list_own_advice`; `NotFound` if it is none of them."""
    one = get_own_advice(reader, advice_id)
    if (one.source, one.source_id) != (Source.ASSESSMENT, engagement.pk):
        raise NotFound(_("We couldn’t find this recommendation."))
    return one


def engagement_of(advice: Recommendation) -> Engagement | None:
    """Return the engagement that a recommendation comes from, in the service role. One query."""
    with as_service("Letters name the company and clusters, which the actor may not see."):
        found = Engagement.objects.filter(
            pk=advice.source_id or 0, partnership_id=advice.partnership_id
        )
        return found.select_related("client", "cluster", "partnership", "asked_by").first()


def home_of(advice: Recommendation) -> Home:
    """Return the page on which the teams write an assessment's recommendation. No query."""
    numbers = [advice.partnership_id, advice.source_id]
    return Home(
        f"{reverse('assessments:findings', args=numbers)}#advice-{advice.pk}",
        reverse("assessments:advice-edit", args=[*numbers, advice.pk]),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of an engagement's recommendations by state."""

    total: int
    waiting: int
    adopted: int


def count_advice(engagement: Engagement) -> Counts:
    """Count what an engagement recommends. One query."""
    found = find_advice(engagement).select_related(None).order_by()
    return Counts(
        **found.aggregate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state=State.PROPOSED)),
            adopted=Count("pk", filter=Q(state=State.ADOPTED)),
        )
    )


# --- From claim to source


def find_finding_addresses(reader: Reader, pieces: list[Evidence]) -> Mapping[int, str]:
    """Return the addresses of findings: in the teams' work, and for the client in its report."""
    return _addresses(reader, pieces, Finding, "findings", "finding")


def find_note_addresses(reader: Reader, pieces: list[Evidence]) -> Mapping[int, str]:
    """Return the addresses of notes, for the teams: the client sees only excerpts in a report."""
    return _addresses(reader, pieces, Note, "work", "note")


def find_figure_addresses(reader: Reader, pieces: list[Evidence]) -> Mapping[int, str]:
    """Return the addresses of figures, for the teams; evidence names a version of one."""
    seen = FigureVersion.objects.filter(
        pk__in=[one.target_id for one in pieces], partnership_id__in=reader.rooms
    )
    figures = {
        pk: (room, figure)
        for pk, room, figure in seen.values_list("pk", "partnership_id", "figure_id")
    }
    found = {}
    for one in pieces:
        if one.target_id in figures:
            found[one.pk] = _url("figure", *figures[one.target_id])
    return {pk: url for pk, url in found.items() if url}


def _addresses(
    reader: Reader, pieces: Iterable[Evidence], model: Any, page: str, name: str
) -> dict[int, str]:
    """Return the addresses of records of engagements, which the reader's policies show or hide."""
    pieces = list(pieces)
    seen = dict(
        model.objects.filter(
            pk__in=[one.target_id for one in pieces], partnership_id__in=reader.rooms
        ).values_list("pk", "engagement_id")
    )
    rest = [one for one in pieces if one.target_id not in seen]
    found = {
        one.pk: _anchor(page, one, seen[one.target_id], name)
        for one in pieces
        if one.target_id in seen
    }
    return {pk: url for pk, url in (found | _in_reports(reader, rest, name)).items() if url}


def _anchor(page: str, piece: Evidence, engagement_id: int, name: str) -> str:
    url = _url(page, piece.partnership_id, engagement_id)
    # A page of notes shows fifty of them: the one that is looked for is asked for.
    query = f"?{name}={piece.target_id}" if url and name == "note" else ""
    return f"{url}{query}#{name}-{piece.target_id}" if url else ""


def _in_reports(reader: Reader, pieces: list[Evidence], name: str) -> dict[int, str]:
    """Return the addresses in reports that the client reads: they contain findings, not notes."""
    if name != "finding" or not pieces:
        return {}
    rows = Recommendation.objects.filter(
        pk__in={one.recommendation_id for one in pieces},
        source=Source.ASSESSMENT,
        organisation_id__in=reader.organisations,
    )
    known = dict(rows.values_list("pk", "source_id"))
    return {
        one.pk: f"{url}#{name}-{one.target_id}"
        for one in pieces
        if (url := _url("own-report", known.get(one.recommendation_id)))
    }


def _url(page: str, *numbers: int | None) -> str:
    """Return a page's address; empty where a number is not known."""
    return reverse(f"assessments:{page}", args=numbers) if all(numbers) else ""
