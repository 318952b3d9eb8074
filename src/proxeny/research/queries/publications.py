"""Publications of studies: for the room, and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.queries import SignedText, list_agreed
from proxeny.research.models import Publication, Study, Use

#: What stays of a publication in lists: its content is long.
_LIGHT = ("content",)


def list_publications(study: Study) -> list[Publication]:
    """Return a study's publications, the newest first, without their content. One query."""
    return list(study.publications.defer(*_LIGHT).order_by("-number"))


def get_waiting(study: Study) -> Publication | None:
    """Return the publication of a study that is not published: it waits, or was not signed."""
    return study.publications.filter(published_at=None).first()


def text_of(partnership: Partnership, publication: Publication | None) -> SignedText | None:
    """Return the newest text sent for signature about a publication. Two queries."""
    if publication is None:
        return None
    return next(iter(list_agreed(partnership, Agreement.Kind.STUDY, str(publication.pk))), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for published studies; empty for all."""

    q: str = ""
    language: str = ""
    keyword: str = ""
    cluster: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for."""
        return self != Wanted()


def find_published(wanted: Wanted) -> QuerySet[Publication]:
    """Return the newest publication of each study that is not withdrawn, the newest first.

    Without their content, but with the columns of a list: `question`, `authors` (ids), `people`,
    `organisations`, `clusters` (names), and the numbers of `packages` and recommendations
    (`advised`).
    """
    # Names alone: what else stands of people are words of programs.
    names = Func(
        F("content"), template="jsonb_path_query_array(%(expressions)s, '$.people[*].name')"
    )
    found = _standing().alias(names=Cast(names, TextField()))
    for word in wanted.q.split()[:10]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(content__question__icontains=word)
            | Q(content__description__icontains=word)
            | Q(content__keywords__icontains=word)
            | Q(names__icontains=word)
        )
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.keyword:
        found = found.filter(content__keywords__contains=[wanted.keyword])
    if wanted.cluster:
        found = found.filter(content__beside__clusters__contains=[wanted.cluster])
    return (
        found.defer(*_LIGHT)
        .annotate(
            question=F("content__question"),
            authors=F("content__authors"),
            people=F("content__people"),
            organisations=F("content__organisations"),
            clusters=F("content__beside__clusters"),
            packages=_count("datasets"),
            advised=_count("recommendations"),
        )
        .order_by("-published_at", "-pk")
    )


def _count(name: str) -> Func:
    lists = F(f"content__{name}")
    return Func(lists, function="jsonb_array_length", output_field=IntegerField())


def _standing() -> QuerySet[Publication]:
    newer = Publication.objects.filter(
        study=OuterRef("study"), published_at__isnull=False, number__gt=OuterRef("number")
    )
    return Publication.objects.filter(~Exists(newer), published_at__isnull=False, withdrawn_at=None)


@dataclass(frozen=True, slots=True)
class Choices:
    """By what published studies can be narrowed."""

    languages: tuple[str, ...]
    keywords: tuple[str, ...]
    clusters: tuple[str, ...]


def find_choices() -> Choices:
    """Return the languages, keywords and clusters that there are among them. One query."""
    rows = list(
        _standing().values_list("language", "content__keywords", "content__beside__clusters")
    )
    return Choices(
        tuple(sorted({language for language, _words, _names in rows})),
        _each(words for _language, words, _names in rows),
        _each(names for _language, _words, names in rows),
    )


def _each(lists: Iterable[list[str] | None]) -> tuple[str, ...]:
    return tuple(sorted({word for words in lists for word in words or ()}, key=str.casefold))


def get_published(slug: str, number: int | None = None) -> Publication:
    """Return the publication at a public address: a version, or the newest one.

    A withdrawn one is returned too: its page shows that, with the reason.

    Raises
    ------
    NotFound
        Nothing was published there.
    """
    found = Publication.objects.filter(slug=slug, published_at__isnull=False)
    if number is not None:
        found = found.filter(number=number)
    one = found.order_by("-number").first()
    if one is None:
        raise NotFound(_("No study is published here."))
    return one


def list_versions(publication: Publication) -> list[Publication]:
    """Return all versions that the world has seen, the newest first. One query."""
    found = Publication.objects.filter(slug=publication.slug, published_at__isnull=False)
    return list(found.defer(*_LIGHT).order_by("-number"))


def get_standing_of(study_id: int) -> Publication | None:
    """Return the newest publication of a study; None if it was withdrawn."""
    found = Publication.objects.filter(study_id=study_id, published_at__isnull=False)
    newest = found.order_by("-number").first()
    return newest if newest is not None and newest.withdrawn_at is None else None


def count_uses(publication: Publication) -> int:
    """Return the number of public downloads of a study's files; counted in the service role."""
    with as_service("Everybody may know how often a study was downloaded, but not by whom."):
        taken = Use.objects.filter(study_id=publication.study_id)
        return taken.exclude(where=Use.Where.ROOM).count()


def list_addresses() -> list[tuple[str, object]]:
    """Return the slug and the publication date of each published study."""
    return list(_standing().order_by("pk").values_list("slug", "published_at"))
