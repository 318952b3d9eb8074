"""Published pages as everybody sees them: search results, and one page with its current status."""

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
    """A search of public pages; empty: everything."""

    q: str = ""
    country: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for."""
        return self != Wanted()


def find_published(wanted: Wanted) -> QuerySet[PageVersion]:
    """Return the newest version of each published page, newest first.

    Without their content, except the fields that a list shows: `about`, `members`, `since`.
    """
    # Search the names and titles shown; other values are codes for programs.
    found = _standing().alias(named=Concat(_each("name"), _each("title")))
    for word in wanted.q.split()[:10]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(content__about__icontains=word)
            | Q(content__audience__icontains=word)
            | Q(named__icontains=word)
        )
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
        partnership=OuterRef("partnership"),
        published_at__isnull=False,
        number__gt=OuterRef("number"),
    )
    return PageVersion.objects.filter(~Exists(newer), published_at__isnull=False, withdrawn_at=None)


def countries_seen() -> list[str]:
    """Return the codes of the countries of members and partners of standing pages. One query."""
    rows = _standing().values_list("content__members", "content__partners")
    return sorted(
        {one["country"] for lists in rows for some in lists for one in some or () if one["country"]}
    )


def get_published(slug: str, number: int | None = None) -> PageVersion:
    """Return the published page at an address: a given version, or the newest one.

    A withdrawn one is returned too: the page then shows that, with the reason.

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
    """The current status of a published page's statements.

    Attributes
    ----------
    left : mapping
        Leaving dates of named parties that no longer take part, by the number of the party.
    has_new : bool
        Whether a party that the page does not name has joined.
    ended_on : date, optional
        End of the partnership.
    """

    left: dict[int, date | None] = field(default_factory=dict)
    has_new: bool = False
    ended_on: date | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether other members take part than it names."""
        return self.has_new or bool(self.left)


def read_standing(version: PageVersion, content: Content) -> Standing:
    """Return the current status of a page's statements, read as the service, without names.

    One query.
    """
    with as_service("A stranger is told who has left since, but may not read the parties."):
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
