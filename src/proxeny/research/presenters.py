"""A study as a page shows it: from plain data, whether published, in preparation or imported.

Nothing here queries the database. The words of the study are in its own language, all others in the
reader's.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proxeny.engine import package as engine
from proxeny.kernel.addresses import web_address
from proxeny.partnerships.advice_queries import TONES
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.research.content import from_content
from proxeny.research.crate_extensions import Beside, from_json
from proxeny.research.models import Package, Result
from proxeny.research.presenter_parts import (
    Advice,
    Data,
    Deed,
    File,
    Licence,
    Outcome,
    Piece,
    Served,
    Shown,
    Step,
    Taker,
)

_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
_STATES = {"in progress": Recommendation.State.DOING.value}
_ACCESS = {"open": Package.Access.OPEN, "restricted": Package.Access.REQUEST}
_FOLDER = re.compile(r"data/(\d{1,18})-")
_NUMBER = re.compile(r"#recommendation-(\d{1,18})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DONE = re.compile(r"(.*) \(done on (\d{4}-\d\d-\d\d)\)", re.DOTALL)


def show_content(
    content: dict[str, Any],
    *,
    published: date | None = None,
    address: Callable[[str], str] | None = None,
) -> Shown:
    """Return the page content of a study stored as JSON.

    Parameters
    ----------
    published : date, optional
        The publication date, if it differs from the content's.
    address : callable, optional
        Returns the download address of a file in an open package.
    """
    study = from_content(content)
    if published is not None:
        study = replace(study, published=published)
    return show_study(study, from_json(content.get("beside")), address=address)


def show_study(
    study: engine.Study, beside: Beside, *, address: Callable[[str], str] | None = None
) -> Shown:
    """Return the page content of a study."""
    licences = {one.id: Licence(one.name, web_address(one.id)) for one in study.licences}
    packages = tuple(
        _package(one, at, study, beside, licences, address)
        for at, one in enumerate(study.datasets, 1)
    )
    files = {file.path: file for one in packages if one.is_open for file in one.files}
    parties = study.parties
    publisher = parties.get(study.publisher)
    return Shown(
        study=study,
        beside=beside,
        title=study.title,
        direction=direction_of(study.language),
        elements=_elements(beside),
        takers=_takers(study, beside),
        publisher=publisher.name if publisher else "",
        served=_served(beside),
        packages=packages,
        advice=tuple(_advice(one, study, files) for one in study.recommendations),
        steps=_steps(study),
        reports=tuple(_file(one.file, None) for one in study.reports),
        funding=tuple(one.name for one in study.funding),
        licence=licences.get(study.licence),
    )


def direction_of(language: str) -> str:
    """Return in which direction a language is written, as HTML says it."""
    return "rtl" if language[:2] in _RIGHT_TO_LEFT else "ltr"


def _elements(beside: Beside) -> tuple[tuple[str, str], ...]:
    labels = {
        "why": _("Why it matters"),
        "expected": _("Who should benefit"),
        "methods": _("How it was done"),
        "ethics": _("Ethical considerations"),
        "data_plan": _("What happens to the data"),
        "resources": _("People and budget"),
    }
    return tuple((labels[name], text) for name in labels if (text := beside.elements.get(name)))


def _takers(study: engine.Study, beside: Beside) -> tuple[Taker, ...]:
    names = {one.id: one.name for one in study.organisations}
    cited = set(study.authors)
    found = [
        Taker(
            one.name,
            web_address(one.id),
            tuple(_role(role) for role in one.roles),
            names.get(one.organisation, ""),
            is_person=True,
            is_cited=one.id in cited,
        )
        for one in study.people
    ]
    found += [
        Taker(
            one.name,
            web_address(one.url) or web_address(one.id),
            (_role(beside.roles[one.id]),) if one.id in beside.roles else (),
            "",
            is_person=False,
            is_cited=one.id in cited,
        )
        for one in study.organisations
        if one.id in cited or one.id in beside.roles or one.name in beside.clusters
    ]
    return tuple(sorted(found, key=lambda one: not one.is_cited))


def _role(word: str) -> str:
    words = {
        "manager": _("Study lead"),
        "lead": _("Study lead"),
        "partner": _("Partner"),
        "methodology": _("Methods"),
        "methods": _("Methods"),
        "data curator": _("Data"),
        "data": _("Data"),
        "researcher": _("Analysis"),
        "analysis": _("Analysis"),
        "editor": _("Writing"),
        "writing": _("Writing"),
        "practice": _("Practice"),
        "adviser": _("Advice"),
        "advice": _("Advice"),
        "funder": _("Funder"),
    }
    return words.get(word, word)


def _served(beside: Beside) -> tuple[Served, ...]:
    """Return the results by beneficiary, outcomes first."""
    order = {Result.Kind.OUTCOME: 0, Result.Kind.OUTPUT: 1, Result.Kind.ENGAGEMENT: 2}
    names = {
        Result.Kind.OUTCOME: pgettext("of a study", "Outcome"),
        Result.Kind.OUTPUT: pgettext("of a study", "Output"),
        Result.Kind.ENGAGEMENT: pgettext("of a study", "Engagement"),
    }
    groups = []
    for benefits in Result.Benefits:
        own = [one for one in beside.results if one.benefits == benefits and one.kind in names]
        own.sort(key=lambda one: order[Result.Kind(one.kind)])
        outcomes = tuple(
            Outcome(names[Result.Kind(one.kind)], one, read_day(one.happened_on)) for one in own
        )
        if outcomes:
            groups.append(Served(str(benefits.label), outcomes))
    return tuple(groups)


def read_day(text: str) -> date | None:
    """Return the day that a text begins with, None where it begins with another thing."""
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


def _package(
    one: engine.Dataset,
    at: int,
    study: engine.Study,
    beside: Beside,
    licences: dict[str, Licence],
    address: Callable[[str], str] | None,
) -> Data:
    access = _ACCESS.get(one.access, Package.Access.CLOSED)
    labels = {
        Package.Access.OPEN: _("Open to all"),
        Package.Access.REQUEST: _("On request"),
        Package.Access.CLOSED: _("Not shared"),
    }
    where = address if access == Package.Access.OPEN else None
    match = _FOLDER.match(one.path)
    return Data(
        number=int(match[1]) if match else 0,
        anchor=f"data-{match[1]}" if match else f"data-of-others-{at}",
        folder=one.path,
        title=one.title or one.path,
        details=one.description,
        licence=licences.get(one.licence or study.licence),
        access=access.value,
        access_label=labels[access],
        created=one.created,
        keywords=one.keywords,
        files=tuple(_file(file, where, folder=one.path) for file in one.files),
        terms=beside.terms.get(one.path, ""),
    )


def _file(one: engine.DataFile, address: Callable[[str], str] | None, *, folder: str = "") -> File:
    return File(
        name=one.path.removeprefix(folder),
        path=one.path,
        size=one.size,
        media_type=one.media_type,
        sha256=one.sha256,
        title=one.title,
        details=one.description,
        columns=one.schema.fields if one.schema else (),
        url=address(one.path) if address else "",
    )


def _advice(one: engine.Recommendation, study: engine.Study, files: dict[str, File]) -> Advice:
    state = _STATES.get(one.state, one.state)
    known = state in Recommendation.State.values
    tone, icon = TONES[Recommendation.State(state)] if known else ("", "circle-dashed")
    addressee = study.parties.get(one.addressee)
    match = _NUMBER.fullmatch(one.id)
    days = {kind: read_day(day) for kind, day in _days(one.decision)}
    return Advice(
        number=int(match[1]) if match else 0,
        anchor=one.id.removeprefix("#"),
        title=one.title,
        text=one.text,
        state=state,
        state_label=str(Recommendation.State(state).label) if known else one.state,
        tone=tone,
        icon=icon,
        addressee=addressee.name if addressee else "",
        decided_on=days.get("decided"),
        adopted_on=days.get("adopted"),
        reason=one.reason,
        pieces=tuple(_piece(piece, files) for piece in one.evidence),
        actions=tuple(map(_deed, one.actions)),
        proof=tuple(piece.note for piece in one.proof),
    )


def _deed(text: str) -> Deed:
    """Return an action as `gathering_advice.tell_deed` has told it."""
    match = _DONE.fullmatch(text)
    day = read_day(match[2]) if match else None
    return Deed(match[1] if match and day else text, day)


def _days(decision: str) -> list[tuple[str, str]]:
    return [
        ("adopted" if part.startswith("adopted") else "decided", match[0])
        for part in decision.split(", ")
        if (match := _DAY.search(part))
    ]


def split_note(note: str) -> tuple[str, str]:
    """Return the text of a piece of evidence, and the address at its end, if any."""
    match = re.fullmatch(r"(.*) \((https?://[^\s()]+)\)", note, re.DOTALL)
    return (match[1], match[2]) if match else (note, "")


def _piece(one: engine.Evidence, files: dict[str, File]) -> Piece:
    note, url = split_note(one.note)
    kinds = dict(Evidence.Kind.choices)
    return Piece(
        kind=str(kinds.get(one.kind, one.kind)),
        note=note,
        url=url,
        path=one.file,
        rows=one.rows,
        columns=one.columns,
        file=files.get(one.file),
    )


def _steps(study: engine.Study) -> tuple[Step, ...]:
    """Return the dated steps, those of Proxeny's own studies in the reader's words."""
    marks = {"#begun": _("The study started"), "#concluded": _("The study was concluded")}
    steps = [Step(marks.get(one.id, one.name), one.ended or one.started) for one in study.actions]
    # Those of others may have no day, or days without a zone.
    return tuple(sorted(steps, key=lambda one: one.moment.isoformat() if one.moment else ""))
