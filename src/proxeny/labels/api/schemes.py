"""Labels for programs: the current draft, its translations, and its publication.

The parts of a label are records of the room, written like all others. A text that waits for
signatures is signed under `/partnerships/{partnership_id}/texts/{text_id}`.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages, show_version
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.api._shapes import SchemeTextOut
from proxeny.labels.composing import key_of
from proxeny.labels.content import read_scheme
from proxeny.labels.gaps import Gap
from proxeny.labels.models import Scheme, SchemeVersion
from proxeny.labels.operations import beginning, publishing, wording
from proxeny.labels.queries import schemes as queries
from proxeny.labels.scheme_texts import texts_of
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_of

ALL = "/partnerships/{partnership_id}/schemes"
ONE = f"{ALL}/{{scheme_id}}"
_Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Language = Literal["en", "fr", "el", "ar"]
_Key = Annotated[str, Field(max_length=40)]


class LabelOut(Out):
    """A label that is being prepared."""

    id: int
    title: str
    slug: str
    language: str


class LabelGapOut(Out):
    """Something that is missing or worth a look.

    `key` is the part, `at` the field or the language.
    """

    text: str
    kind: str
    key: str | None
    at: str


class LabelDraftOut(Out):
    """The label as it would be published now. `checksum` is what you sign."""

    id: int
    version: int
    number: int
    contact: str
    checksum: str
    content: SchemeTextOut
    missing: list[LabelGapOut]
    remarks: list[LabelGapOut]
    is_waiting: bool


class LabelExampleOut(Out):
    """The keys of the parts that were created from the example."""

    keys: list[str]


class LabelExampleIn(In):
    """The parts of the example to archive. Parts that have changed since are kept."""

    keys: Annotated[list[_Key], Field(max_length=200)]


class LabelCountOut(Out):
    """The number of parts that were archived."""

    count: int


class LabelWordingOut(Out):
    """A text in its original language and in another language.

    `hash` and `was` are the fingerprints of `source` and of `text`. Send them along with a change.
    """

    key: str
    label: str
    source: str
    hash: str
    text: str
    of_hash: str
    was: str
    is_missing: bool
    is_changed: bool


class LabelWordingIn(In):
    """A translation.

    `of_hash` is the `hash` of the text that was translated. An empty text removes the translation.
    """

    key: _Key
    text: Annotated[str, Field(max_length=6000)]
    of_hash: _Hash
    was: _Hash | Literal[""] | None = None


class LabelWordingsIn(In):
    """Translations to save. Texts that are left out stay as they are."""

    texts: Annotated[list[LabelWordingIn], Field(max_length=1000)]


class LabelVersionRow(Out):
    """A version of a label. Without `published_at`, no one else can see it."""

    id: int
    number: int
    slug: str
    title: str
    language: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class LabelVersionOut(LabelVersionRow):
    """A version with its complete content."""

    contact: str
    content: SchemeTextOut


class LabelAskIn(In):
    """The checksum of the draft that you read, so that no one signs later changes by mistake."""

    checksum: _Hash


class LabelSignedOut(Out):
    """The text that all sides sign."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class LabelWithdrawIn(In):
    """The reason, which everyone can read where the label was published."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def _find(request: Request, partnership_id: int, scheme_id: int) -> tuple[Partnership, Scheme]:
    return enter(request, partnership_id), queries.get_scheme(partnership_id, scheme_id)


def _gap(one: Gap) -> dict[str, Any]:
    key = None if one.of is None else key_of(one.of)
    return {"text": one.text, "kind": one.kind, "key": key, "at": one.at}


def tell_version(one: SchemeVersion) -> dict[str, Any]:
    """Return a version with its complete content."""
    told = {name: getattr(one, name) for name in LabelVersionRow.model_fields}
    return told | {"contact": one.contact, "content": read_scheme(one.content)}


@router.get(ALL, response=list[LabelOut], summary="List labels")
def list_labels(request: Request, partnership_id: Id) -> list[Scheme]:
    """Returns the labels of a partnership."""
    enter(request, partnership_id)
    return queries.list_schemes(partnership_id)


@router.get(ONE, response=LabelDraftOut, summary="Get the draft of a label")
def show_label(
    request: Request, response: HttpResponse, partnership_id: Id, scheme_id: Id
) -> dict[str, Any]:
    """Returns the draft and what is missing before it can be published.

    The ETag is that of its own record.
    """
    room, scheme = _find(request, partnership_id, scheme_id)
    found = publishing.prepare(
        queries.read_parts(scheme), parties_of(room), list(queries.versions_of(scheme))
    )
    show_version(response, scheme.version)
    return {
        "id": scheme.pk,
        "version": scheme.version,
        "number": found.number,
        "contact": found.contact,
        "checksum": found.checksum,
        "content": found.text,
        "missing": [_gap(one) for one in found.missing],
        "remarks": [_gap(one) for one in found.remarks],
        "is_waiting": queries.is_waiting(queries.text_of(room, scheme)),
    }


@router.post(
    f"{ONE}/example", response={201: LabelExampleOut}, summary="Start a label with an example"
)
def begin_label(request: Request, partnership_id: Id, scheme_id: Id) -> Status[Any]:
    """Adds criteria with indicators, levels, conditions and quotas that you can edit."""
    _find(request, partnership_id, scheme_id)
    made = beginning.begin_scheme(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        now=timezone.localtime(),
    )
    return Status(201, {"keys": [key_of(one) for one in made]})


@router.post(f"{ONE}/example/take-back", response=LabelCountOut, summary="Archive the example")
def take_back_label_example(
    request: Request, partnership_id: Id, scheme_id: Id, given: LabelExampleIn
) -> dict[str, int]:
    """Archives the parts of the example. Parts that someone has changed since are kept."""
    _find(request, partnership_id, scheme_id)
    count = beginning.take_back_example(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        keys=set(given.keys),
        now=timezone.localtime(),
    )
    return {"count": count}


@router.get(
    f"{ONE}/wordings/{{language}}",
    response=list[LabelWordingOut],
    summary="List the texts of a label in a language",
)
def list_label_texts(
    request: Request, partnership_id: Id, scheme_id: Id, language: _Language
) -> list[Any]:
    """Returns each text next to its original, in the order of the label's page."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return list(texts_of(queries.read_parts(scheme), language).values())


@router.put(
    f"{ONE}/wordings/{{language}}",
    response=list[LabelWordingOut],
    summary="Translate texts of a label",
)
def write_label_texts(
    request: Request,
    partnership_id: Id,
    scheme_id: Id,
    language: _Language,
    given: LabelWordingsIn,
) -> list[Any]:
    """Saves translations.

    Send `was`, the fingerprint of the translation that you read (empty if there was none), so that
    you don't overwrite someone else's.
    """
    _find(request, partnership_id, scheme_id)
    wording.write_texts(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        language=language,
        texts=[wording.Wanted(**one.model_dump()) for one in given.texts],
        now=timezone.localtime(),
    )
    return list_label_texts(request, partnership_id, scheme_id, language)


@router.get(
    f"{ONE}/versions", response=list[LabelVersionRow], summary="List the versions of a label"
)
@in_pages("-id")
def list_label_versions(
    request: Request, partnership_id: Id, scheme_id: Id
) -> QuerySet[SchemeVersion]:
    """Returns all versions, including the one waiting for signatures."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return queries.versions_of(scheme).defer("content").order_by()


@router.get(
    f"{ONE}/versions/{{number}}", response=LabelVersionOut, summary="Get a version of a label"
)
def show_label_version(
    request: Request,
    partnership_id: Id,
    scheme_id: Id,
    number: Annotated[int, Field(ge=1, le=32_767)],
) -> dict[str, Any]:
    """Returns the version as it was signed, or as it is waiting for signatures."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return tell_version(queries.get_version(scheme, number))


@router.post(
    f"{ONE}/publication", response={201: LabelSignedOut}, summary="Send a label for signature"
)
def ask_label(
    request: Request, partnership_id: Id, scheme_id: Id, given: LabelAskIn
) -> Status[Any]:
    """Signs the label immediately for your own side. With the last signature, it is published."""
    _find(request, partnership_id, scheme_id)
    made = publishing.ask_scheme(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        seen=given.checksum,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.post(f"{ONE}/withdraw", response=LabelVersionRow, summary="Withdraw a label")
def withdraw_label(
    request: Request, partnership_id: Id, scheme_id: Id, given: LabelWithdrawIn
) -> SchemeVersion:
    """Withdraws all versions of the label.

    Its address then shows that it was withdrawn, and why. Awards remain valid.
    """
    _find(request, partnership_id, scheme_id)
    return publishing.withdraw_scheme(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        reason=given.reason,
        now=timezone.localtime(),
    )
