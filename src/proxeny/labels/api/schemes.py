"""Labels by program: the draft as it stands, its texts in other languages, and its publication.

What a label is made of are records of the room, written like all others. A text that waits for
signatures is signed under `/partnerships/{partnership_id}/texts/{text_id}`.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages, show_version
from proxeny.labels.api._router import router
from proxeny.labels.api._shapes import SchemeTextOut
from proxeny.labels.composing import key_of
from proxeny.labels.content import read_scheme
from proxeny.labels.gaps import Gap
from proxeny.labels.models import Scheme, SchemeVersion
from proxeny.labels.operations import beginning, publishing, wording
from proxeny.labels.queries import schemes as queries
from proxeny.labels.wordings import texts_of
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_of

ALL = "/partnerships/{partnership_id}/schemes"
ONE = f"{ALL}/{{scheme_id}}"
_Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Language = Literal["en", "fr", "el", "ar"]
_Key = Annotated[str, Field(max_length=40)]


class LabelOut(Out):
    """A label in its making."""

    id: int
    title: str
    slug: str
    language: str


class LabelGapOut(Out):
    """What is missing or worth a look; `key` names the part, `at` the field or the language."""

    text: str
    kind: str
    key: str | None
    at: str


class LabelDraftOut(Out):
    """What would be published of a label as it stands; `checksum` is what one signs."""

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
    """The parts that a label was begun with, by their keys."""

    keys: list[str]


class LabelExampleIn(In):
    """Which parts of the example to put away again; what was changed since stays."""

    keys: Annotated[list[_Key], Field(max_length=200)]


class LabelCountOut(Out):
    """How many parts were put away."""

    count: int


class LabelWordingOut(Out):
    """A text as it is written, and in another language.

    `hash` and `was` are the fingerprints of `source` and of `text`: send them along with a change.
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
    """A translation; `of_hash` is the `hash` of the text that was translated. Empty: none."""

    key: _Key
    text: Annotated[str, Field(max_length=6000)]
    of_hash: _Hash
    was: _Hash | Literal[""] | None = None


class LabelWordingsIn(In):
    """Translations; what is left out stays as it is."""

    texts: Annotated[list[LabelWordingIn], Field(max_length=1000)]


class LabelVersionRow(Out):
    """A version of a label; without `published_at` nobody else sees it."""

    id: int
    number: int
    slug: str
    title: str
    language: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class LabelVersionOut(LabelVersionRow):
    """A version with all it says."""

    contact: str
    content: SchemeTextOut


class LabelAskIn(In):
    """The checksum of the draft that was read: nobody signs what was changed since."""

    checksum: _Hash


class LabelSignedOut(Out):
    """The text that all sides sign."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class LabelWithdrawIn(In):
    """Why: everybody reads it where the label stood."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def _find(request: HttpRequest, partnership_id: int, scheme_id: int) -> tuple[Partnership, Scheme]:
    return enter(request, partnership_id), queries.get_scheme(partnership_id, scheme_id)


def _gap(one: Gap) -> dict[str, Any]:
    key = None if one.of is None else key_of(one.of)
    return {"text": one.text, "kind": one.kind, "key": key, "at": one.at}


def tell_version(one: SchemeVersion) -> dict[str, Any]:
    """Return a version with all it says."""
    told = {name: getattr(one, name) for name in LabelVersionRow.model_fields}
    return told | {"contact": one.contact, "content": read_scheme(one.content)}


@router.get(ALL, response=list[LabelOut], summary="List labels")
def list_labels(request: HttpRequest, partnership_id: Id) -> list[Scheme]:
    """List the labels of a room."""
    enter(request, partnership_id)
    return queries.list_schemes(partnership_id)


@router.get(ONE, response=LabelDraftOut, summary="A label as it stands")
def show_label(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, scheme_id: Id
) -> dict[str, Any]:
    """With what is missing before it can be published. The ETag is that of its own record."""
    room, scheme = _find(request, partnership_id, scheme_id)
    found = publishing.prepare(
        queries.read_parts(scheme), parties_of(room), list(queries.versions_of(scheme))
    )
    show_version(response, scheme.version)
    return {
        "id": scheme.pk, "version": scheme.version, "number": found.number,
        "contact": found.contact, "checksum": found.checksum, "content": found.text,
        "missing": [_gap(one) for one in found.missing],
        "remarks": [_gap(one) for one in found.remarks],
        "is_waiting": queries.is_waiting(queries.text_of(room, scheme)),
    }  # fmt: skip


@router.post(
    f"{ONE}/example", response={201: LabelExampleOut}, summary="Begin a label with an example"
)
def begin_label(request: HttpRequest, partnership_id: Id, scheme_id: Id) -> Status[Any]:
    """Criteria with indicators, levels, conditions and quotas, to write over."""
    _find(request, partnership_id, scheme_id)
    made = beginning.begin_scheme(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, {"keys": [key_of(one) for one in made]})


@router.post(
    f"{ONE}/example/take-back", response=LabelCountOut, summary="Put the example away again"
)
def take_back_label_example(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, given: LabelExampleIn
) -> dict[str, int]:
    """What somebody has changed since stays."""
    _find(request, partnership_id, scheme_id)
    count = beginning.take_back_example(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        keys=set(given.keys), now=timezone.localtime(),
    )  # fmt: skip
    return {"count": count}


@router.get(
    f"{ONE}/wordings/{{language}}", response=list[LabelWordingOut],
    summary="Texts of a label in a language",
)  # fmt: skip
def list_label_texts(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, language: _Language
) -> list[Any]:
    """Each beside the text as it is written, in the order of the label's page."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return list(texts_of(queries.read_parts(scheme), language).values())


@router.put(
    f"{ONE}/wordings/{{language}}", response=list[LabelWordingOut],
    summary="Translate texts of a label",
)  # fmt: skip
def write_label_texts(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, language: _Language,
    given: LabelWordingsIn,
) -> list[Any]:  # fmt: skip
    """Send `was`, the fingerprint of the translation that was read (empty: there was none), to
    write over nobody else's."""
    _find(request, partnership_id, scheme_id)
    wording.write_texts(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        language=language, texts=[wording.Wanted(**one.model_dump()) for one in given.texts],
        now=timezone.localtime(),
    )  # fmt: skip
    return list_label_texts(request, partnership_id, scheme_id, language)


@router.get(f"{ONE}/versions", response=list[LabelVersionRow], summary="Versions of a label")
@in_pages("-id")
def list_label_versions(
    request: HttpRequest, partnership_id: Id, scheme_id: Id
) -> QuerySet[SchemeVersion]:
    """The one that waits for signatures among them."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return queries.versions_of(scheme).defer("content").order_by()


@router.get(f"{ONE}/versions/{{number}}", response=LabelVersionOut, summary="A version of a label")
def show_label_version(
    request: HttpRequest, partnership_id: Id, scheme_id: Id,
    number: Annotated[int, Field(ge=1, le=32_767)],
) -> dict[str, Any]:  # fmt: skip
    """As it was signed, or waits."""
    _room, scheme = _find(request, partnership_id, scheme_id)
    return tell_version(queries.get_version(scheme, number))


@router.post(
    f"{ONE}/publication", response={201: LabelSignedOut}, summary="Put a label before all sides"
)
def ask_label(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, given: LabelAskIn
) -> Status[Any]:
    """Signed at once for one's own side; with the last signature everybody reads it."""
    _find(request, partnership_id, scheme_id)
    made = publishing.ask_scheme(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        seen=given.checksum, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)


@router.post(f"{ONE}/withdraw", response=LabelVersionRow, summary="Withdraw a label")
def withdraw_label(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, given: LabelWithdrawIn
) -> SchemeVersion:
    """In all its versions: its address says so, and why. What was awarded holds."""
    _find(request, partnership_id, scheme_id)
    return publishing.withdraw_scheme(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        reason=given.reason, now=timezone.localtime(),
    )  # fmt: skip
