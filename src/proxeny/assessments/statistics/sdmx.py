"""Queries to a statistical office, and their answers, read by sdmx1.

sdmx1 needs pandas: it is loaded only where an answer is read, in a separate process.
"""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any, cast

import requests
import urllib3
from django.utils.translation import gettext as _
from requests_hardened.ip_filter import InvalidIPAddress

from proxeny.assessments.statistics import series as lines
from proxeny.assessments.statistics.naming import name_lines, unit_of
from proxeny.assessments.statistics.outbound import MAX_BYTES, OfficeSession, TooLarge
from proxeny.assessments.statistics.series import MAX_POINTS, MAX_SERIES, Series
from proxeny.assessments.statistics.sources import OFFICES, Office, get_office
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.sandbox import Limits, ReadingFailed, read_apart

#: Generic data name dimensions and attributes apart, so that no structure is needed to read them.
_ACCEPT = "application/vnd.sdmx.genericdata+xml;version=2.1"
_FLOW = re.compile(r"[A-Za-z0-9_@.$-]+(?:,[A-Za-z0-9_@.$-]+){0,2}")
_KEY = re.compile(r"[A-Za-z0-9_@$+*.-]*")
#: How sdmx1 and the offices call the time of a value.
_TIMES = ("TIME_PERIOD", "TIME")
#: Two seconds of them are pandas.
_LIMITS = Limits(cpu_s=40, wall_s=90, memory=1024**3)

Report = Callable[[str], None]
#: One line as it is answered: dimensions, attributes of the line, values by period.
Answered = tuple[dict[str, str], dict[str, str], dict[str, float]]


class NoStatistics(Exception):
    """An answer that is no SDMX."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query to an office: a data set, the key of its lines, from one period to another."""

    agency: str
    flow: str
    key: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The result of a query: its lines, their unit, and the address that was queried."""

    series: Series
    unit: str
    address: str


def check_query(query: Query) -> Query:
    """Return a query without spaces around its parts.

    Raises
    ------
    InvalidInput
        An office that we do not know; a data set, key or period that SDMX cannot have.
    """
    query = Query(*(getattr(query, name).strip() for name in Query.__slots__))
    if query.agency not in OFFICES:
        raise InvalidInput(_("Choose one of the offices."), field="agency")
    if not _FLOW.fullmatch(query.flow) or len(query.flow) > 120:
        raise InvalidInput(
            _(
                "This isn’t a data set code. Copy it exactly as the office writes it, for "
                "instance %(flow)s."
            )
            % {"flow": OFFICES[query.agency].example[0]},
            field="flow",
        )
    if not _KEY.fullmatch(query.key) or len(query.key) > 300:
        raise InvalidInput(
            _(
                "A key is made up of codes: a dot between dimensions, and a plus sign between "
                "several codes of one dimension, for instance %(key)s."
            )
            % {"key": OFFICES[query.agency].example[1]},
            field="key",
        )
    for name in ("since", "until"):
        if getattr(query, name) and not lines.is_period(getattr(query, name)):
            raise InvalidInput(
                _("Enter a year, a quarter (2024-Q1), a month (2024-03) or a day (2024-03-31)."),
                field=name,
            )
    if query.since and query.until and query.since[:4] > query.until[:4]:
        raise InvalidInput(_("The last period is before the first one."), field="until")
    return query


def address_of(query: Query) -> str:
    """Return the address at which an office answers a checked query: this, and no other, is fetched."""
    path = f"{get_office(query.agency).address}/data/{query.flow}"
    path += f"/{query.key}" if query.key else ""
    asked = [
        f"{name}={value}"
        for name, value in (("startPeriod", query.since), ("endPeriod", query.until))
        if value
    ]
    return f"{path}?{'&'.join(asked)}" if asked else path


def fetch(query: Query, *, report: Report = lambda step: None, most: int = MAX_BYTES) -> Fetched:
    """Ask an office and return what it answers. Up to a minute and a half; no transaction is held.

    Raises
    ------
    InvalidInput
        The office cannot be reached or answers with an error, knows no such data set, has nothing
        under this key, or too much; its answer cannot be read. The sentence says which.
    """
    query = check_query(query)
    office, address = get_office(query.agency), address_of(query)
    report("ask")
    with OfficeSession(office, most=most) as session:
        content = _ask(session, office, query, address)
    report("read")
    try:
        found, has_note = read_apart(read_answer, content, limits=_LIMITS, raises=(NoStatistics,))
    except (NoStatistics, ReadingFailed):
        raise _refuse_unreadable(office) from None
    if not found:
        # A note in the foot of an answer without values: Eurostat prepares a large one as a file.
        raise _refuse_large(office) if has_note else _refuse_no_match(query)
    _refuse_too_many(found)
    names = name_lines([key for key, _attributes, _values in found])
    made = lines.make_series(_by_name(names, found))
    return Fetched(made, unit_of([key | attributes for key, attributes, _v in found]), address)


def _ask(session: OfficeSession, office: Office, query: Query, address: str) -> bytes:
    try:
        asked = requests.Request("GET", address, headers={"Accept": _ACCEPT})
        answer = session.send(session.prepare_request(asked))
        answer.raise_for_status()
    except TooLarge:
        raise _refuse_large(office) from None
    except requests.HTTPError as error:
        raise _refuse_error(cast("requests.Response", error.response), session, query) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, InvalidIPAddress, OSError):
        raise _refuse_unreachable(office) from None
    return bytes(answer.content)


def read_answer(content: bytes) -> list[Any]:
    """Return the lines of an answer, and whether it has a note in its foot. For `read_apart`.

    Raises
    ------
    NoStatistics
        It is no SDMX, whatever a reader stumbles over in it.
    InvalidInput
        A value or a period in it cannot be read.
    """
    import sdmx

    try:
        message = sdmx.read_sdmx(io.BytesIO(content))
    except Exception:
        raise NoStatistics from None
    footer = getattr(message, "footer", None)
    return [list(_read(message)), bool(footer is not None and footer.text)]


def _read(message: Any) -> Iterable[Answered]:
    """Yield the lines of a message; values that were not observed are left out."""
    found: dict[tuple[tuple[str, str], ...], Answered] = {}
    try:
        for data in message.data:
            for one in data.obs:
                key = {name: str(value.value) for name, value in one.key.values.items()}
                period = next((key.pop(name) for name in _TIMES if name in key), "")
                attributes = _attributes(data, one)
                place = found.setdefault(tuple(key.items()), (key, attributes, {}))
                number = lines.to_number(one.value)
                if not lines.is_period(period):
                    raise ValueError(period)
                if number is not None:
                    place[2][period] = number
    except (AttributeError, TypeError, ValueError):
        raise InvalidInput(
            _(
                "The office’s answer contains values that can’t be read. Nothing was saved. "
                "Narrow the key, or upload the data set as CSV."
            )
        ) from None
    return [one for one in found.values() if one[2]]


def _attributes(data: Any, one: Any) -> dict[str, str]:
    attached = dict(data.attrib) | dict(one.attrib)
    return {name: str(value.value) for name, value in attached.items()}


def _by_name(names: list[str], found: list[Answered]) -> dict[str, dict[str, float]]:
    """Return values by the name of their line, all of them in the same power of ten."""
    powers = {
        attributes.get("UNIT_MULT", key.get("UNIT_MULT", "0")) for key, attributes, _values in found
    }
    if len(powers) == 1:
        return {name: values for name, (_k, _a, values) in zip(names, found, strict=True)}
    return {
        name: {
            period: value * 10 ** int(attributes.get("UNIT_MULT", key.get("UNIT_MULT", 0)))
            for period, value in values.items()
        }
        for name, (key, attributes, values) in zip(names, found, strict=True)
    }


def _refuse_too_many(found: list[Answered]) -> None:
    points = sum(len(values) for _key, _attributes, values in found)
    if len(found) > MAX_SERIES:
        raise InvalidInput(
            _(
                "The key matches %(found)d series; up to %(most)d can be fetched at once. Add "
                "more codes to the key."
            )
            % {"found": len(found), "most": MAX_SERIES},
            field="key",
        )
    if points > MAX_POINTS:
        raise InvalidInput(
            _(
                "The key matches %(found)d values; up to %(most)d can be fetched at once. Choose "
                "fewer series or fewer periods."
            )
            % {"found": points, "most": MAX_POINTS},
            field="key",
        )


def _refuse_no_match(query: Query, said: str = "") -> InvalidInput:
    values = {"flow": query.flow, "said": said}
    if said:
        sentence = _(
            "Nothing in %(flow)s matches this key and these periods. The office says: “%(said)s”"
        )
    else:
        sentence = _(
            "Nothing in %(flow)s matches this key and these periods. Check the codes and their "
            "order at the office."
        )
    return InvalidInput(sentence % values, field="key")


def _refuse_error(
    response: requests.Response, session: OfficeSession, query: Query
) -> InvalidInput:
    office = get_office(query.agency)
    if response.status_code == 413:
        return _refuse_large(office)
    if response.status_code not in (400, 404):
        return InvalidInput(
            _("%(office)s returned an error (%(status)d). Try again later.")
            % {"office": office.name, "status": response.status_code}
        )
    if not _is_known(session, office, query):
        return InvalidInput(
            _(
                "%(office)s has no data set “%(flow)s”. Copy its code exactly as the office "
                "writes it."
            )
            % {"office": office.name, "flow": query.flow},
            field="flow",
        )
    return _refuse_no_match(query, _said(response))


def _is_known(session: OfficeSession, office: Office, query: Query) -> bool:
    """Ask whether an office has a data set; where it says nothing of use, it has."""
    *agency, flow = query.flow.split(",")[:2]
    address = f"{office.address}/dataflow/{agency[0] if agency else query.agency}/{flow}"
    try:
        asked = requests.Request("GET", address, headers={"Accept": "*/*"})
        answer = session.send(session.prepare_request(asked))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        return True
    return answer.status_code != 404


def _said(response: requests.Response) -> str:
    """Return an office's explanation of an error, in one line; empty if it sends a page."""
    if "html" in response.headers.get("Content-Type", ""):
        return ""
    text = response.content[:4000].decode(errors="replace")
    told = re.search(r"<(?:\w+:)?(?:faultstring|Text)\b[^<>]*>([^<]*)<", text)
    text = unescape(told[1]) if told else re.sub(r"<[^<>]*>", " ", text)
    return " ".join(text.split())[:200]


def _refuse_large(office: Office) -> InvalidInput:
    return InvalidInput(
        _(
            "%(office)s has too much data under this key to fetch at once. Add more codes to the "
            "key or choose fewer periods."
        )
        % {"office": office.name},
        field="key",
    )


def _refuse_unreachable(office: Office) -> InvalidInput:
    return InvalidInput(
        _("Couldn’t reach %(office)s. Nothing was changed. Try again later.")
        % {"office": office.name}
    )


def _refuse_unreadable(office: Office) -> InvalidInput:
    return InvalidInput(
        _(
            "The answer from %(office)s can’t be read as statistics. Nothing was changed. Try "
            "again later, or upload the data set as CSV."
        )
        % {"office": office.name}
    )
