"""Suggested partners for pages and programs: the current view of a stored list.

A list is stored as calculated. Organisations that the reader no longer sees, and texts that are no
longer published, are left out when it is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory import rules
from proxeny.directory.countries import country_name
from proxeny.directory.forms import language_name
from proxeny.directory.models import MatchChoice, MatchList, Organisation
from proxeny.directory.operations.ranking import get_own
from proxeny.directory.queries import matching as reads
from proxeny.directory.reasons import Told, know, tell_reasons, tell_words
from proxeny.kernel.lists import join_items
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

#: From so many changed entries on, a list says "more than".
MANY_CHANGED = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an organisation's list for one reader."""

    organisation: Organisation
    made: MatchList | None
    job: Job | None
    is_own: bool

    @property
    def is_at_work(self) -> bool:
        """Whether the list is being made."""
        return self.job is not None and not self.job.is_over

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt failed."""
        return self.job is not None and self.job.state == Job.State.FAILED

    @property
    def is_made(self) -> bool:
        """Whether there is a list."""
        return self.made is not None and self.made.computed_at is not None

    @property
    def us(self) -> str:
        """The organisation's name for a reader from elsewhere, else empty."""
        return "" if self.is_own else self.organisation.name


def find_standing(reader: Reader, organisation_id: int) -> Standing:
    """Return the state of an organisation's list. Three queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the organisation, or is neither of it nor of its cluster.
    """
    organisation = get_own(reader, organisation_id)
    made = reads.get_match_list(organisation_id, reader.own_id)
    is_own = organisation.pk in reader.organisations
    return Standing(organisation, made, reads.get_match_job(made), is_own)


@dataclass(frozen=True, slots=True)
class Age:
    """Changes since a list was made: the own profile, and the number of other entries."""

    own_changed: bool = False
    others_changed: int = 0

    @property
    def is_stale(self) -> bool:
        """Whether looking again may give another list."""
        return self.own_changed or self.others_changed > 0

    @property
    def is_many(self) -> bool:
        """Whether more entries changed than were counted."""
        return self.others_changed >= MANY_CHANGED


def age_of(standing: Standing) -> Age:
    """Return the changes since a list was made. Three queries, none without a list."""
    made = standing.made
    if made is None or made.computed_at is None:
        return Age()
    pk = standing.organisation.pk
    return Age(
        own_changed=made.basis != reads.basis_of(pk, standing.organisation.version),
        others_changed=reads.count_changed(pk, since=made.computed_at, most=MANY_CHANGED),
    )


@dataclass(frozen=True, slots=True)
class Card:
    """One proposed partner."""

    partner: Organisation
    told: Told
    country: str
    choice: MatchChoice | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the organisation wants to meet it."""
        return self.choice is not None and self.choice.verdict == MatchChoice.Verdict.WANTED

    @property
    def place(self) -> str:
        """The kind and the location of the partner."""
        where = join_items(part for part in (self.partner.city, self.country) if part)
        return f"{self.partner.get_kind_display()} · {where}"

    @property
    def key(self) -> str:
        """The part of the page that the card is."""
        return f"with-{self.partner.pk}"


@dataclass(frozen=True, slots=True)
class Gap:
    """The most useful missing part of a profile: a sentence, and a link to fill it in."""

    text: str
    url: str
    label: str


def tell_gaps(standing: Standing, reader: Reader) -> list[Gap]:
    """Return the profile gaps that matter most for matching; a link for readers who may edit."""
    organisation = standing.organisation
    may_edit = rules.can_edit_organisation(reader, organisation)
    kept = standing.made.gaps if standing.made else []
    found = [_tell_gap(one, organisation.pk) for one in kept]
    return found if may_edit else [Gap(one.text, "", "") for one in found]


def _tell_gap(kept: Mapping[str, Any], organisation_id: int) -> Gap:
    add = reverse("directory:listing-add", args=[organisation_id])
    edit = reverse("directory:edit", args=[organisation_id])
    need = (f"{add}?direction=need", _("Add a need"))
    told = {
        "needs": (
            _(
                "Describe what you’re looking for. Until then, you meet those who do the same as "
                "you."
            ),
            *need,
        ),
        "offers": (
            _("Describe what you offer so that those who need it can find you."),
            f"{add}?direction=offer",
            _("Add an offer"),
        ),
        "sectors": (
            _("Add your sectors: they match across languages."),
            edit,
            _("Choose the sectors"),
        ),
        "countries_sought": (
            _("Add a need that names the countries where you’re looking for partners."),
            *need,
        ),
        "language": (_tell_language(kept), *need),
        "country": (_("Add your country: others search by it."), edit, _("Edit the entry")),
        "place": (_("Add your region: it shows who’s nearby."), edit, _("Choose the region")),
    }
    if kept["field"] in told:
        return Gap(*told[kept["field"]])
    if kept["state"] == "short":
        return Gap(
            _("Add two or three more sentences about what you do."), edit, _("Write the summary")
        )
    return Gap(_("No one knows what you do yet."), edit, _("Write the summary"))


def _tell_language(kept: Mapping[str, Any]) -> str:
    language = language_name(kept["languages"][0]) if kept["languages"] else ""
    return ngettext(
        "%(count)d of the organisations you can see writes in a language you don’t use, most "
        "often %(language)s. A need written in it would be read.",
        "%(count)d of the organisations you can see write in a language you don’t use, most "
        "often %(language)s. A need written in it would be read.",
        kept["others"],
    ) % {"count": kept["others"], "language": language}


def make_cards(
    made: MatchList | None,
    choices: Mapping[int, MatchChoice],
    *,
    us: str = "",
    only: int | None = None,
    first: int | None = None,
) -> list[Card]:
    """Return the cards of a list that the reader may see today. Five queries at most.

    Refused organisations, and those without a valid reason, are left out.

    Parameters
    ----------
    us : str
        The organisation's name, for a reader from elsewhere.
    only : int, optional
        Only this partner, even if refused.
    first : int, optional
        Maximum number of first unanswered suggestions to examine.
    """
    kept = [
        one
        for one in (made.proposals if made else ())
        if (only is None and not _is_refused(choices.get(one["target"]))) or one["target"] == only
    ]
    if first is not None:
        kept = [one for one in kept if one["target"] not in choices][:first]
    own_id = made.organisation_id if made else 0
    partners = reads.partners_by_id([*(one["target"] for one in kept), own_id] if kept else ())
    if own_id not in partners:
        return []
    known = know(
        partners.values(),
        [reason for one in kept for reason in one["reasons"]],
        today=timezone.localdate(),
    )
    cards = []
    for one in kept:
        partner = partners.get(one["target"])
        if partner is None:
            continue
        told = tell_reasons(
            one["reasons"],
            known,
            mine=own_id,
            theirs=partner.pk,
            us=us,
            them=partner.name if us else "",
        )
        if told.has_reason or only:
            cards.append(
                Card(partner, told, country_name(partner.country), choices.get(partner.pk))
            )
    return cards


def _is_refused(choice: MatchChoice | None) -> bool:
    return choice is not None and choice.verdict == MatchChoice.Verdict.REFUSED


def table_of(cards: Iterable[Card]) -> tuple[list[str], list[list[Any]]]:
    """Return proposals with their reasons as the head and rows of a file."""
    head = [
        _("Name"),
        _("kind"),
        _("city"),
        _("country"),
        _("What they bring"),
        _("Words"),
        _("What you bring"),
        _("Words"),
        _("Other details"),
        _("Your choice"),
    ]
    return head, [_row(card) for card in cards]


def _row(card: Card) -> list[Any]:
    told, partner, choice = card.told, card.partner, card.choice
    sides = [
        cell
        for side in (told.they_bring, told.we_bring)
        for cell in ((side.sentence, tell_words(side.words)) if side else ("", ""))
    ]
    return [
        partner.name,
        partner.get_kind_display(),
        partner.city,
        card.country,
        *sides,
        " ".join(told.facts),
        choice.get_verdict_display() if choice else "",
    ]
