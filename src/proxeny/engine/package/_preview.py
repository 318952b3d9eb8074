"""A study's crate as a page that is read without any program."""

from collections.abc import Iterable, Iterator
from html import escape

from proxeny.engine.package._graph import id_of
from proxeny.engine.package.study import Recommendation, Study

__all__ = ["write_preview"]


def write_preview(study: Study) -> str:
    """Return the page: everything escaped, nothing that runs, links only into the archive."""
    language = escape(study.language or "en")
    title = escape(study.title)
    body = "\n".join(_body(study))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _body(study: Study) -> Iterator[str]:
    names = {id_: one.name for id_, one in study.parties.items()}
    names |= {one.id: one.name for one in study.licences}
    if study.question:
        yield f"<p><strong>{escape(study.question)}</strong></p>"
    yield f"<p>{escape(study.description)}</p>"
    yield from _list(
        "Facts",
        (
            f"{label}: {escape(value)}"
            for label, value in (
                ("Published", str(study.published or "")),
                ("Version", study.version),
                ("DOI", study.doi),
                ("Licence", names.get(study.licence, study.licence)),
                ("Publisher", names.get(study.publisher, "")),
            )
            if value
        ),
    )
    yield from _list(
        "People",
        (
            escape(f"{one.name} ({', '.join(one.roles)})" if one.roles else one.name)
            for one in study.people
        ),
    )
    for dataset in study.datasets:
        yield f"<h2>{escape(dataset.title)}</h2>\n<p>{escape(dataset.description)}</p>"
        yield from _list("", (_link(file.path, file.title) for file in dataset.files))
    yield from _list("Reports", (_link(one.file.path, one.file.title) for one in study.reports))
    yield from _list("Recommendations", map(_recommendation, study.recommendations))
    yield from _list(
        "Funding", (escape(f"{one.name} {one.number}".strip()) for one in study.funding)
    )


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"<li>{item}</li>" for item in items]
    if lines:
        heading = f"<h2>{title}</h2>\n" if title else ""
        yield f"{heading}<ul>\n" + "\n".join(lines) + "\n</ul>"


def _link(path: str, title: str) -> str:
    return f'<a href="{escape(id_of(path))}">{escape(title or path)}</a>'


def _recommendation(one: Recommendation) -> str:
    state = f" ({escape(one.state)})" if one.state else ""
    rests = "".join(
        f"<li>{_link(part.file, part.note) if part.file else escape(part.note)}</li>"
        for part in one.evidence
    )
    return f"{escape(one.title)}{state}" + (f"<ul>{rests}</ul>" if rests else "")
