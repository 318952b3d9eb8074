"""Taking in a vocabulary from the file that its keeper publishes."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Term
from proxeny.directory.sources.reading import read_table
from proxeny.directory.vocabularies import NACE, SCHEMES, own_codes, read_code
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader, as_service

#: Names of the column of codes in files, and of that of labels when they hold one language.
_CODES = ("code", "euroscivoccode", "nuts id", "nuts code", "sr code", "nutscode", "id", "notation")
_LABELS = (
    "name",
    "label",
    "euroscivoctitle",
    "name latn",
    "nuts name",
    "nuts label",
    "sr label",
    "title",
    "heading",
)
#: Below the classes a nation has subclasses of its own; they are left out, and no mistake.
_NATIONAL = re.compile(r"\d\d\.\d{2}\.?\d+")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Loaded:
    """The contents of a file: number of codes, languages, and the rows left out."""

    codes: int
    languages: list[str]
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    code: int
    labels: dict[str, int]


def load_vocabulary(*, actor: Reader, scheme: str, path: Path, language: str = "en") -> Loaded:
    """Load the codes and labels of a file, replacing those loaded before.

    Parameters
    ----------
    scheme : str
        `nace`, `euroscivoc` or `nuts`.
    path : Path
        CSV or XLSX with a column of codes and one of labels, or one a language (`en`, `fr`, `el`);
        for regions also GeoJSON, of which the properties are read.
    language : str
        Language of the labels where the header does not say it.

    Side effects: an audit row. Rows without a code of the vocabulary are left out and told.

    Raises
    ------
    InvalidInput
        No such vocabulary, a file that cannot be read, no column of codes or labels, or codes that
        belong to another revision.
    """
    if scheme not in SCHEMES:
        raise InvalidInput(_("Choose one of: %(names)s.") % {"names": ", ".join(SCHEMES)})
    header, rows = _read(path)
    columns = _find_columns(header, language)
    terms, left_out = _read_terms(scheme, rows, columns)
    _refuse_another(scheme, terms, left_out)
    # Public terms have no owner: an operator loads them, no page does.
    with transaction.atomic(), as_service("Public terms have no owner who could write them."):
        Term.objects.filter(scheme=scheme).delete()
        for some in batched(terms, _BATCH):
            Term.objects.bulk_create(some)
        codes = len({one.code for one in terms})
        audit.record(
            actor,
            "load_vocabulary",
            Term.objects.filter(scheme=scheme).order_by("pk")[0],
            changes={"scheme": scheme, "codes": codes, "file": path.name},
        )
    return Loaded(codes, list(columns.labels), left_out)


def _read(path: Path) -> tuple[list[str], Iterable[Sequence[str]]]:
    data = path.read_bytes()
    if data.lstrip()[:1] == b"{":
        return _read_geojson(data)
    table = read_table(data)
    return table.header, (row.cells for row in table.rows())


def _read_geojson(data: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        properties = [one["properties"] for one in json.loads(data)["features"]]
        header = list(properties[0])
    except (ValueError, TypeError, KeyError, IndexError):
        raise InvalidInput(_("This JSON isn’t GeoJSON with properties.")) from None
    return header, [[str(one.get(name) or "") for name in header] for one in properties]


def _find_columns(header: Sequence[str], language: str) -> _Columns:
    names = [fold(name) for name in header]
    code = next((names.index(name) for name in _CODES if name in names), None)
    labels = {name: place for place, name in enumerate(names) if len(name) == 2 and name != "id"}
    if not labels:
        plain = next((names.index(name) for name in _LABELS if name in names), None)
        labels = {} if plain is None else {language: plain}
    if code is None or not labels:
        raise InvalidInput(
            _(
                "The file needs a “code” column and a “name” column, or one for each language, "
                "such as “en”. It has: %(names)s."
            )
            % {"names": ", ".join(header)}
        )
    return _Columns(code, labels)


def _read_terms(
    scheme: str, rows: Iterable[Sequence[str]], columns: _Columns
) -> tuple[list[Term], list[str]]:
    terms: dict[tuple[str, str], Term] = {}
    left_out = []
    for cells in rows:
        written = cells[columns.code].strip()
        try:
            code = read_code(scheme, written)
        except ValueError as error:
            if not (scheme == NACE and _NATIONAL.fullmatch(written)):
                left_out.append(str(error))
            continue
        for language, label in _labels(cells, columns):
            terms[code, language] = Term(
                scheme=scheme,
                code=code,
                language=language,
                label=label[:300],
                search_text=fold(label)[:400],
            )
    return list(terms.values()), left_out


def _labels(cells: Sequence[str], columns: _Columns) -> Iterator[tuple[str, str]]:
    for language, place in columns.labels.items():
        label = " ".join(cells[place].split()) if place < len(cells) else ""
        if label:
            yield language, label


def _refuse_another(scheme: str, terms: Sequence[Term], left_out: Sequence[str]) -> None:
    if not terms:
        raise InvalidInput(
            _("The file contains no codes from this vocabulary. %(reason)s")
            % {"reason": left_out[0] if left_out else ""}
        )
    codes = {one.code for one in terms}
    # Each revision of NACE has divisions that the other has not, and gives old numbers a new sense.
    if scheme == NACE and (left_out or not codes >= set(own_codes(NACE))):
        raise InvalidInput(
            _("This isn’t the complete NACE Rev. 2.1. %(reason)s")
            % {"reason": left_out[0] if left_out else _("Divisions are missing.")}
        )
