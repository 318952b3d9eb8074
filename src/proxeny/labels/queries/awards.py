"""Awards of a label for their issuers, and the planned awards of a round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.content import told
from proxeny.labels.models import (
    Appeal,
    Application,
    Award,
    Decision,
    Result,
    Revocation,
    Round,
    Scheme,
    SchemeVersion,
)
from proxeny.partnerships.models import Agreement, Interest, Partnership
from proxeny.partnerships.queries import SignedText, list_agreed

#: What was put before all sides and neither signed by all nor taken back.
WAITS = Q(issued_at=None, dropped_at=None)
STATES = ("valid", "to-come", "ended", "revoked", "replaced", "waiting")
SORTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "pk"),
    "holder": ("holder", "pk"),
    "country": ("country", "title", "pk"),
    "from": ("valid_from", "pk"),
    "until": ("valid_until", "pk"),
    "level": ("level", "pk"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for awards; empty for all."""

    q: str = ""
    level: str = ""
    country: str = ""
    year: int | None = None
    state: str = ""
    sort: str = "-from"

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves something out."""
        return bool(self.q or self.level or self.country or self.year or self.state)


def in_state(state: str, now: datetime) -> Q:
    """Return the condition for awards in one of the `STATES` at a moment."""
    issued = Q(issued_at__isnull=False)
    replaced = Q(replaced_by__issued_at__isnull=False, replaced_by__why=Award.Why.NAME)
    stands = issued & Q(revoked_at=None)
    return {
        "waiting": WAITS,
        "replaced": issued & replaced,
        "revoked": issued & Q(revoked_at__isnull=False) & ~replaced,
        "ended": stands & Q(valid_until__lte=now),
        "to-come": stands & Q(valid_from__gt=now),
        "valid": stands & Q(valid_from__lte=now, valid_until__gt=now),
    }[state]


def state_of(award: Award, now: datetime) -> str:
    """Return the one of the `STATES` in which an award is; its follower was read along."""
    if award.issued_at is None:
        return "waiting"
    if award.revoked_at is not None:
        follower = follower_of(award)
        is_renamed = follower is not None and follower.why == Award.Why.NAME
        return "replaced" if is_renamed else "revoked"
    if award.valid_until <= now:
        return "ended"
    return "to-come" if award.valid_from > now else "valid"


def follower_of(award: Award) -> Award | None:
    """Return the issued award that replaces one, of one that was read along."""
    found = getattr(award, "replaced_by", None)
    return found if found is not None and found.issued_at else None


def find_awards(scheme: Scheme, wanted: Wanted, now: datetime) -> QuerySet[Award]:
    """Return the awards of a label that were not cancelled, filtered and sorted. No query yet."""
    found = Award.objects.filter(scheme=scheme, dropped_at=None).select_related("replaced_by")
    found = found.defer("credential", "summary")
    if wanted.q:
        words = Q(title__icontains=wanted.q) | Q(holder__icontains=wanted.q)
        found = found.filter(words | Q(code=wanted.q))
    for name in ("level", "country"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.year:
        found = found.filter(valid_from__year=wanted.year)
    if wanted.state in STATES:
        found = found.filter(in_state(wanted.state, now))
    name = wanted.sort.removeprefix("-")
    order = SORTS.get(name, SORTS["from"])
    turned = wanted.sort.startswith("-")
    return found.order_by(*(f"-{one}" if turned else one for one in order))


def offered(scheme: Scheme) -> tuple[list[str], list[str], list[int]]:
    """Return the levels, countries and years of a label's awards. Three queries."""
    found = Award.objects.filter(scheme=scheme, dropped_at=None).order_by()
    levels = found.exclude(level="").values_list("level", flat=True).distinct()
    countries = found.values_list("country", flat=True).distinct()
    years = found.dates("valid_from", "year", order="DESC")
    return sorted(levels), sorted(countries), [one.year for one in years]


def get_award(partnership_id: int, award_id: int, *, scheme_id: int | None = None) -> Award:
    """Return an award of a room, of a label if one is named; `NotFound` if the reader sees none.

    One query.
    """
    found = Award.objects.select_related(
        "scheme", "scheme_version", "replaces", "replaced_by", "status_list"
    ).defer("status_list__bits", "status_list__credential")
    one = found.filter(pk=award_id, partnership_id=partnership_id, dropped_at=None).first()
    if one is None or scheme_id not in (None, one.scheme_id):
        raise NotFound(_("We couldn’t find this award."))
    return one


def get_public_award(code: str) -> Award:
    """Return an issued award by its code; `NotFound` if there is none. One query."""
    one = Award.objects.filter(code=code, issued_at__isnull=False).first()
    if one is None:
        raise NotFound(_("We couldn’t find this award."))
    return one


def waiting_of_round(held: Round) -> QuerySet[Award]:
    """Return the awards of a round that wait for signatures, those in another name aside."""
    found = Award.objects.filter(WAITS, decision__round=held).exclude(why=Award.Why.NAME)
    return found.order_by("pk")


def issued_of_round(held: Round) -> QuerySet[Award]:
    """Return the awards of a round that all have signed, by project."""
    found = Award.objects.filter(decision__round=held, issued_at__isnull=False)
    return found.select_related("replaced_by").defer("credential").order_by("title", "pk")


def newest_decision(held: Round) -> Decision | None:
    """Return the newest decision of a round. One query."""
    return Decision.objects.filter(round=held, waits=False).order_by("-number").first()


def list_chosen(held: Round) -> list[Result]:
    """Return the chosen applications by the newest results, with applicant, by rank. One query."""
    found = Result.objects.filter(round=held, is_newest=True, standing=Result.Standing.CHOSEN)
    related = ("application__organisation", "application__renews", "decision")
    return list(found.select_related(*related).order_by("rank", "pk"))


def given_to(applications: Iterable[int]) -> set[int]:
    """Return the applications that have an award, or one that waits. One query."""
    found = Award.objects.filter(application_id__in=list(applications), dropped_at=None)
    return set(found.values_list("application_id", flat=True))


def under_appeal(applications: Iterable[int]) -> set[int]:
    """Return the applications with an undecided appeal. One query."""
    open_ = (Appeal.State.ASKED, Appeal.State.READ)
    found = Appeal.objects.filter(application_id__in=list(applications), state__in=open_)
    return set(found.values_list("application_id", flat=True))


def still_chosen(applications: Iterable[int]) -> set[int]:
    """Return the applications that are still submitted and chosen. One query."""
    found = Result.objects.filter(
        application_id__in=list(applications),
        is_newest=True,
        standing=Result.Standing.CHOSEN,
        application__state=Application.State.SUBMITTED,
    )
    return set(found.values_list("application_id", flat=True))


def conflicts_of(person_id: int, applications: Iterable[int]) -> bool:
    """Whether a person declared a conflict of interest in one of them. One query."""
    return Interest.objects.filter(
        person_id=person_id,
        subject=Interest.Subject.APPLICATION,
        conflicts=True,
        subject_id__in=list(applications),
    ).exists()


def newest_text(partnership: Partnership, kind: str, subject: str) -> SignedText | None:
    """Return the last text sent for signature about a subject, with signatures. Two queries."""
    return next(iter(list_agreed(partnership, kind, subject)), None)


def is_waiting(text: SignedText | None) -> bool:
    """Whether a text waits for signatures."""
    return text is not None and not (text.agreement.completed_at or text.agreement.closed_at)


def newest_revocation(award: Award) -> Revocation | None:
    """Return the last request to end an award. One query."""
    return Revocation.objects.filter(award=award).order_by("-pk").first()


def name_decisions(subjects: set[str]) -> dict[str, str]:
    """Return the names of texts about awards, by their subjects; in the service role.

    A text is about a decision, or about an award in another name (`name-17`).
    """
    numbers = {one for one in subjects if one.isdecimal()}
    rounds = Decision.objects.filter(pk__in=numbers).values_list("pk", "round__title")
    renamed = {one.removeprefix("name-") for one in subjects - numbers}
    awards = Award.objects.filter(pk__in=[one for one in renamed if one.isdecimal()])
    named = awards.values_list("pk", "title")
    return {str(pk): title for pk, title in rounds} | {f"name-{pk}": title for pk, title in named}


def name_awards(subjects: set[str]) -> dict[str, str]:
    """Return the names of awards, by their ids as text; in the service role."""
    numbers = [one for one in subjects if one.isdecimal()]
    return {
        str(pk): title
        for pk, title in Award.objects.filter(pk__in=numbers).values_list("pk", "title")
    }


def level_names(scheme: Scheme) -> dict[str, str]:
    """Return the names of a label's levels, in all of its versions. One query."""
    found = SchemeVersion.objects.filter(scheme=scheme, published_at__isnull=False)
    rows = found.order_by("number").values_list("language", "content__levels")
    return {
        one["key"]: told(one["title"], written=language)
        for language, levels in rows
        for one in levels
    }


def agreements_waiting(partnership_id: int) -> Sequence[Agreement]:
    """Return the texts about awards of a room that wait for signatures. One query."""
    return list(
        Agreement.objects.filter(
            partnership_id=partnership_id,
            completed_at=None,
            closed_at=None,
            kind__in=(Agreement.Kind.AWARD, Agreement.Kind.REVOKE),
        )
    )
