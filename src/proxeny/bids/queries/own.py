"""An organisation's own view of the bids that it was invited to or takes part in.

It may be no party of the partnership, and see neither the bid nor the room: once its right is
checked, everything is read in the service role, by one function that decides what is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.models import Person
from proxeny.bids.models import Bid, Partner, Spending, WorkPackage
from proxeny.bids.queries.links import open_link
from proxeny.bids.rules import OUT, is_open
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Partnership, SignOff
from proxeny.partnerships.queries import parties_joined

Kind, State = Agreement.Kind, Partner.State
#: Relations loaded with a partner for a mail.
WITH: Sequence[str] = ("bid__call", "organisation", "partnership")


@dataclass(frozen=True, slots=True)
class Mate:
    """Another that was asked or takes part."""

    name: str
    country: str
    role: str
    leads: bool


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that needs the organisation's signature, and its own signature under it."""

    agreement: Agreement
    mine: SignOff | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for this signature."""
        one = self.agreement
        return self.mine is None and one.closed_at is None and one.completed_at is None

    @property
    def holds(self) -> bool:
        """Whether it is signed, and was not closed since."""
        return self.mine is not None and self.agreement.closed_at is None


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A bid as one of its partners reads it: the other members, and its own work and money.

    `packages` are those that it leads or spends in, `spendings` its own. `letter` is its letter of
    intent, `text` the whole bid as all sign it. `asker` is the person who invited it, `host` their
    cluster.
    """

    partner: Partner
    bid: Bid
    room: Partnership
    clusters: tuple[str, ...]
    mates: tuple[Mate, ...]
    packages: tuple[WorkPackage, ...]
    spendings: tuple[Spending, ...]
    letter: OwnText | None
    text: OwnText | None
    asker: str
    host: str

    @property
    def is_written(self) -> bool:
        """Whether the bid is still written, so that something can be answered."""
        return is_open(self.bid) and self.room.state == Partnership.State.ACTIVE

    @property
    def is_asked(self) -> bool:
        """Whether its letter of intent waits for it."""
        waits = self.letter is not None and self.letter.is_open
        return waits and self.is_written and self.partner.state == State.ASKED

    @property
    def is_to_sign(self) -> bool:
        """Whether the whole bid waits for its signature."""
        waits = self.text is not None and self.text.is_open
        return waits and self.is_written and self.partner.state == State.IN

    @property
    def may_leave(self) -> bool:
        """Whether it takes part, and may still step back."""
        return self.is_written and self.partner.state == State.IN

    @property
    def is_out(self) -> bool:
        """Whether it said no, or has left: it reads nothing of the others any more."""
        return self.partner.state in OUT


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A bid in the list of an organisation; `waits`: a text waits for its signature."""

    partner: Partner
    waits: bool


#: Bids with one's organisations, the last asked first. A row is an `OwnRow`.
OWN = Rows(
    "bids",
    (
        Column("bid", gettext_lazy("Bid"), lambda row: row.partner.bid.title),
        Column("call", gettext_lazy("Call"), lambda row: row.partner.bid.call.title),
        Column("partner", gettext_lazy("Organisation"), lambda row: row.partner.name, ("name",)),
        Column("role", gettext_lazy("Role"), lambda row: row.partner.get_role_display(), ("role",)),
        Column(
            "state", gettext_lazy("State"), lambda row: row.partner.get_state_display(), ("state",)
        ),
        Column(
            "asked",
            gettext_lazy("Requested on"),
            lambda row: localtime(row.partner.asked_at).date(),
            ("asked_at",),
        ),
    ),
    sort="-asked",
)


def speaks_for(reader: Reader) -> set[int]:
    """Return the organisations for which somebody answers: their companies, clusters they manage."""
    clusters = set(reader.clusters) - set(reader.managed)
    return set(reader.organisations) - clusters


def find_own(reader: Reader) -> QuerySet[Partner]:
    """Return where the reader's organisations were asked, the next to close first."""
    return Partner.objects.filter(
        organisation_id__in=speaks_for(reader), asked_at__isnull=False, dropped_at=None
    ).order_by("-asked_at", "-pk")


def rows_of(partners: Iterable[Partner], *, waiting: Iterable[Partner]) -> list[OwnRow]:
    """Return partners that the reader may read as rows of a list, in their order. One query.

    `waiting` are those for which the reader can sign something now: `queries.waiting.find_to_sign`.
    """
    numbers, open_ = [one.pk for one in partners], {one.pk for one in waiting}
    with as_service("A partner sees its own row, but not the bid and the room that the row names."):
        found = Partner.objects.filter(pk__in=numbers).select_related(*WITH)
        by_number = {one.pk: one for one in found}
    return [OwnRow(by_number[pk], pk in open_) for pk in numbers]


def read_own(reader: Reader, partner_id: int) -> OwnSheet:
    """Return a bid as the reader's organisation reads it. At most ten queries.

    Raises
    ------
    NotFound
        The reader speaks for no such partner, or it was never asked.
    """
    if not find_own(reader).filter(pk=partner_id).exists():
        raise NotFound(_("We couldn’t find this bid."))
    return _read(partner_id)


def read_by_link(token: str, *, now: datetime) -> OwnSheet:
    """Return a bid for the holder of a link. At most ten queries; `NotFound` as `open_link`."""
    return _read(open_link(token, now=now).partner_id)


def _read(partner_id: int) -> OwnSheet:
    """Read the data that one partner may see; its right was checked."""
    with as_service("The right was checked, but a partner may see neither the bid nor its room."):
        found = Partner.objects.select_related(*WITH, "party__organisation")
        one = found.get(pk=partner_id)
        is_out = one.state in OUT
        spendings = tuple(Spending.objects.filter(partner=one, package__dropped_at=None))
        packages = WorkPackage.objects.filter(bid=one.bid, dropped_at=None).filter(
            Q(lead=one) | Q(pk__in={each.package_id for each in spendings})
        )
        texts = texts_of(one)
        asker, host = _asker(one)
        return OwnSheet(
            partner=one,
            bid=one.bid,
            room=one.partnership,
            clusters=tuple(each.organisation.name for each in parties_joined(one.partnership_id)),
            mates=() if is_out else tuple(_mates(one)),
            packages=() if is_out else tuple(packages.order_by("number", "pk")),
            spendings=() if is_out else spendings,
            letter=texts.get(Kind.LETTER),
            text=None if is_out else texts.get(Kind.BID),
            asker=asker.name if asker else "",
            host=host,
        )


def _mates(one: Partner) -> Iterable[Mate]:
    """Yield the other invited or participating partners, the coordinator first. One query."""
    found = Partner.objects.filter(
        bid_id=one.bid_id, dropped_at=None, state__in=(State.ASKED, State.IN)
    ).exclude(pk=one.pk)
    for each in found.order_by("-leads", "name", "pk"):
        yield Mate(each.name, each.country, each.get_role_display(), each.leads)


def texts_of(one: Partner) -> dict[str, OwnText]:
    """Return the newest texts that need a partner's signature, by kind. Two queries, as the service."""
    about = Q(kind=Kind.LETTER, subject=str(one.pk)) | Q(kind=Kind.BID, subject=str(one.bid_id))
    found = Agreement.objects.filter(
        about, partnership_id=one.partnership_id, signatories__organisation_id=one.organisation_id
    ).prefetch_related("sign_offs")
    return {
        each.kind: OwnText(each, _signature(each, one.organisation_id))
        for each in found.order_by("number")
    }


def _signature(agreement: Agreement, organisation_id: int) -> SignOff | None:
    own = (one for one in agreement.sign_offs.all() if one.organisation_id == organisation_id)
    return next(own, None)


def asker_of(partner: Partner) -> Person | None:
    """Return the person who last invited a partner, if still there. Two queries, as the service."""
    return _asker(partner)[0]


def _asker(partner: Partner) -> tuple[Person | None, str]:
    asked = (
        AuditEntry.objects.filter(verb="ask_partner", target="bids.partner", target_id=partner.pk)
        .order_by("-at", "-pk")
        .first()
    )
    if asked is None:
        return None, ""
    side = partner.partnership.parties.filter(organisation_id=asked.organisation_id or 0)
    host = side.values_list("organisation__name", flat=True).first() or ""
    return Person.objects.filter(pk=asked.person_id or 0, erased_at=None).first(), host


def signed_of_bid(bid: Bid) -> list[Partner]:
    """Return the partners that have signed the whole bid, where that still holds. One query,
    as the service."""
    signed = SignOff.objects.filter(
        agreement__partnership_id=bid.partnership_id,
        agreement__kind=Kind.BID,
        agreement__subject=str(bid.pk),
        agreement__closed_at=None,
    ).values("organisation_id")
    found = Partner.objects.filter(bid=bid, dropped_at=None, organisation_id__in=signed)
    return list(found.exclude(state__in=OUT).select_related(*WITH).order_by("pk"))


def name_partners(subjects: set[str]) -> dict[str, str]:
    """Return the names of partners, by their numbers as text. One query, as the service."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Partner.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {str(pk): name for pk, name in found}
