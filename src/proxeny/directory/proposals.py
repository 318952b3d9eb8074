"""Proposed partners as pages and programs show them: what a list tells a reader today.

A list is kept as it was worked out. Whom the reader no longer sees, and a text that is no longer
published, is left out when it is shown.
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
    """Where an organisation's list stands for one reader."""

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
        """The organisation's name for a reader who is not of it, else nothing."""
        return "" if self.is_own else self.organisation.name


def find_standing(reader: Reader, organisation_id: int) -> Standing:
    """Return where an organisation's list stands. Three queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the organisation, or is neither of it nor of its cluster.
    """
    organisation = get_own(reader, organisation_id)
    made = reads.get_match_list(organisation_id, reader.person)
    is_own = organisation.pk in reader.organisations
    return Standing(organisation, made, reads.get_match_job(made), is_own)


@dataclass(frozen=True, slots=True)
class Age:
    """What changed since a list was made: the own profile, and how many other entries."""

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
    """Return what changed since a list was made. Three queries, none without a list."""
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
        """What the partner is, and where."""
        where = join_items(part for part in (self.partner.city, self.country) if part)
        return f"{self.partner.get_kind_display()} · {where}"

    @property
    def key(self) -> str:
        """The part of the page that the card is."""
        return f"with-{self.partner.pk}"


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing in a profile and would help most: a sentence, and where to fill it."""

    text: str
    url: str
    label: str


def tell_gaps(standing: Standing, reader: Reader) -> list[Gap]:
    """Return what would help an organisation's matches most; a link for who may change it."""
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
        "needs": (_("Say what you look for. Until then you meet those who do the same as you."),
                  *need),
        "offers": (_("Say what you offer, so that those who need it find you."),
                   f"{add}?direction=offer", _("Add an offer")),
        "sectors": (_("Your sectors: they match across languages."), edit,
                    _("Choose the sectors")),
        "countries_sought": (_("Say in a need in which countries you look for partners."), *need),
        "language": (_tell_language(kept), *need),
        "country": (_("Your country: others search by it."), edit, _("Edit the entry")),
        "place": (_("Your region: it tells who is near."), edit, _("Choose the region")),
    }  # fmt: skip
    if kept["field"] in told:
        return Gap(*told[kept["field"]])
    if kept["state"] == "short":
        return Gap(_("Two or three sentences more about what you do."), edit,
                   _("Write the summary"))  # fmt: skip
    return Gap(_("Nobody knows yet what you do."), edit, _("Write the summary"))


def _tell_language(kept: Mapping[str, Any]) -> str:
    language = language_name(kept["languages"][0]) if kept["languages"] else ""
    return ngettext(
        "%(count)d of those you may see writes in a language that you do not, most often "
        "%(language)s. A need written in it would be read.",
        "%(count)d of those you may see write in a language that you do not, most often "
        "%(language)s. A need written in it would be read.",
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

    Whom the organisation refused, and who gives no reason any more, is left out.

    Parameters
    ----------
    us : str
        The organisation's name, for a reader who is not of it.
    only : int, optional
        This partner alone, even if refused.
    first : int, optional
        Only so many of the first that the organisation has not answered are looked at.
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
        partners.values(), [reason for one in kept for reason in one["reasons"]],
        today=timezone.localdate(),
    )  # fmt: skip
    cards = []
    for one in kept:
        partner = partners.get(one["target"])
        if partner is None:
            continue
        told = tell_reasons(
            one["reasons"], known, mine=own_id, theirs=partner.pk,
            us=us, them=partner.name if us else "",
        )  # fmt: skip
        if told.has_reason or only:
            cards.append(
                Card(partner, told, country_name(partner.country), choices.get(partner.pk))
            )
    return cards


def _is_refused(choice: MatchChoice | None) -> bool:
    return choice is not None and choice.verdict == MatchChoice.Verdict.REFUSED


def table_of(cards: Iterable[Card]) -> tuple[list[str], list[list[Any]]]:
    """Return proposals with their reasons as the head and rows of a file."""
    head = [_("Name"), _("kind"), _("city"), _("country"), _("What they bring"), _("Words"),
            _("What you bring"), _("Words"), _("What else"), _("Your choice")]  # fmt: skip
    return head, [_row(card) for card in cards]


def _row(card: Card) -> list[Any]:
    told, partner, choice = card.told, card.partner, card.choice
    sides = [
        cell
        for side in (told.they_bring, told.we_bring)
        for cell in ((side.sentence, tell_words(side.words)) if side else ("", ""))
    ]
    return [partner.name, partner.get_kind_display(), partner.city, card.country, *sides,
            " ".join(told.facts), choice.get_verdict_display() if choice else ""]  # fmt: skip
