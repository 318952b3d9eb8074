"""Public pages as everybody reads them: many by what is looked for, and one with how it stands."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from proxeny.alliances.content import Content
from proxeny.alliances.models import PageVersion
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Partnership, Party


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for among public pages; nothing: everything."""

    q: str = ""
    country: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for."""
        return self != Wanted()


def find_published(wanted: Wanted) -> QuerySet[PageVersion]:
    """Return the newest version of each page that stands, the newest first.

    Without their content, but with what a list tells of it: `about`, `members`, `since`.
    """
    # Who is named and what is shown; what else stands beside are words of programs.
    found = _standing().alias(named=Concat(_each("name"), _each("title")))
    for word in wanted.q.split()[:10]:
        found = found.filter(
            Q(title__icontains=word) | Q(content__about__icontains=word)
            | Q(content__audience__icontains=word) | Q(named__icontains=word)
        )  # fmt: skip
    if wanted.country:
        of_country = [{"country": wanted.country}]
        found = found.filter(
            Q(content__members__contains=of_country) | Q(content__partners__contains=of_country)
        )
    return (
        found.defer("content")
        .annotate(
            about=F("content__about"), members=F("content__members"), since=F("content__since")
        )
        .order_by("-published_at", "-pk")
    )


def _each(name: str) -> Cast:
    template = f"jsonb_path_query_array(%(expressions)s, '$.*[*].{name}')"
    return Cast(Func(F("content"), template=template), TextField())


def _standing() -> QuerySet[PageVersion]:
    newer = PageVersion.objects.filter(
        partnership=OuterRef("partnership"), published_at__isnull=False,
        number__gt=OuterRef("number"),
    )  # fmt: skip
    return PageVersion.objects.filter(~Exists(newer), published_at__isnull=False, withdrawn_at=None)


def countries_seen() -> list[str]:
    """Return the codes of the countries of members and partners of standing pages. One query."""
    rows = _standing().values_list("content__members", "content__partners")
    return sorted({
        one["country"] for lists in rows for some in lists for one in some or () if one["country"]
    })  # fmt: skip


def get_published(slug: str, number: int | None = None) -> PageVersion:
    """Return what the world sees under an address: a version, or the newest one.

    One that was withdrawn comes too: that, and why, is told.

    Raises
    ------
    NotFound
        Nothing was published there, whether there is a draft or not.
    """
    found = PageVersion.objects.filter(slug=slug, published_at__isnull=False)
    if number is not None:
        found = found.filter(number=number)
    one = found.order_by("-number").first()
    if one is None:
        raise NotFound(_("No page is published here."))
    return one


def list_seen(version: PageVersion) -> list[PageVersion]:
    """Return all versions that the world has seen, the newest first. One query."""
    found = PageVersion.objects.filter(slug=version.slug, published_at__isnull=False)
    return list(found.defer("content").order_by("-number"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How what a page says stands today.

    Attributes
    ----------
    left : mapping
        Since when those whom it names take part no more, by the number of the party.
    has_new : bool
        Whether somebody has joined whom it does not name.
    ended_on : date, optional
        When the partnership ended.
    """

    left: dict[int, date | None] = field(default_factory=dict)
    has_new: bool = False
    ended_on: date | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether other members take part than it names."""
        return self.has_new or bool(self.left)


def read_standing(version: PageVersion, content: Content) -> Standing:
    """Return how what a page says stands today; read as the service, and no name told. One query."""
    with as_service():
        found = Party.objects.filter(partnership_id=version.partnership_id)
        parties = list(found.select_related("partnership"))
    named, joined = content.parties, Party.State.JOINED
    is_over = parties[0].partnership.state == Partnership.State.ENDED
    return Standing(
        left={one.pk: one.left_on for one in parties if one.pk in named and one.state != joined},
        has_new=any(one.state == joined and one.pk not in named for one in parties),
        ended_on=parties[0].partnership.ends_on if is_over else None,
    )


def list_addresses() -> list[tuple[str, object]]:
    """Return the last part of each standing page's address, and when it was published. One query."""
    return list(_standing().order_by("pk").values_list("slug", "published_at"))
