"""Citations of a study: as a line of text, as BibTeX, and as a citation file."""

import json
import re
import unicodedata

from proxeny.engine.package.study import Organisation, Person, Study

__all__ = ["cite_apa", "cite_bibtex", "cite_cff"]

_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_MOST_NAMES = 20


def cite_apa(study: Study) -> str:
    """Return a study's reference in the manner of the APA (7th edition, data sets)."""
    names = [_apa_name(one) for one in _authors(study)]
    if len(names) > _MOST_NAMES:
        who = f"{', '.join(names[: _MOST_NAMES - 1])}, … {names[-1]}"
    elif len(names) > 1:
        who = f"{', '.join(names[:-1])}, & {names[-1]}"
    else:
        who = "".join(names)
    year = f"({study.published.year if study.published else 'n.d.'})"
    title = _plain(study.title) + (f" (Version {_plain(study.version)})" if study.version else "")
    parts = [f"{title} [Data set]", _publisher(study)]
    # Without an author the title comes first.
    parts = [f"{_dotted(who)} {year}", *parts] if who else [f"{parts[0]} {year}", *parts[1:]]
    line = " ".join(_dotted(part) for part in parts if part)
    return f"{line} https://doi.org/{study.doi}" if study.doi else line


def cite_bibtex(study: Study) -> str:
    """Return a study's reference as an entry for BibTeX."""
    authors = [_bibtex_name(one) for one in _authors(study)]
    lines = {
        "author": " and ".join(authors),
        "title": f"{{{_bibtex(study.title)}}}",
        "year": str(study.published.year) if study.published else "",
        "publisher": _bibtex(_publisher(study)),
        "version": _bibtex(study.version),
        "doi": study.doi,
        "url": f"https://doi.org/{study.doi}" if study.doi else "",
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in lines.items() if value)
    return f"@misc{{{_key(study)},\n{body}}}\n"


def cite_cff(study: Study) -> str:
    """Return a study's `CITATION.cff` (Citation File Format 1.2.0)."""
    authors = _authors(study)
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them.",
        "type: dataset",
        f"title: {_yaml(study.title)}",
        "authors:",
        *(line for one in authors for line in _cff_name(one)),
    ]
    if not authors:
        lines.append(f"  - name: {_yaml(_publisher(study) or 'Anonymous')}")
    licence = re.fullmatch(
        r"https?://spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html)?", study.licence
    )
    said = {
        "abstract": study.description,
        "version": study.version,
        "doi": study.doi,
        "date-released": study.published.isoformat() if study.published else "",
        "license": licence[1] if licence else "",
        "license-url": study.licence if study.licence.startswith("http") and not licence else "",
    }
    lines += [f"{name}: {_yaml(value)}" for name, value in said.items() if value]
    if study.keywords:
        lines += ["keywords:", *(f"  - {_yaml(word)}" for word in study.keywords)]
    return "\n".join(lines) + "\n"


def _authors(study: Study) -> list[Person | Organisation]:
    known = study.parties
    return [known[id_] for id_ in study.authors if id_ in known]


def _publisher(study: Study) -> str:
    return next((_plain(one.name) for one in study.organisations if one.id == study.publisher), "")


def _plain(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())


def _dotted(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _apa_name(one: Person | Organisation) -> str:
    if isinstance(one, Person) and one.family:
        initials = " ".join(
            "-".join(f"{part[0]}." for part in name.split("-") if part)
            for name in one.given.split()
        )
        return f"{_plain(one.family)}, {initials}".rstrip(", ")
    return _plain(one.name)


def _bibtex_name(one: Person | Organisation) -> str:
    if isinstance(one, Person) and one.family:
        return f"{_bibtex(one.family)}, {_bibtex(one.given)}".rstrip(", ")
    # In braces it is not taken apart.
    return f"{{{_bibtex(one.name)}}}"


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(sign, sign) for sign in _plain(text))


def _key(study: Study) -> str:
    first = next(iter(_authors(study)), None)
    name = (first.family if isinstance(first, Person) else "") or (first.name if first else "study")
    plain = unicodedata.normalize(
        "NFKD", f"{name}{study.published.year if study.published else ''}"
    )
    return re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode().lower()) or "study"


def _cff_name(one: Person | Organisation) -> list[str]:
    said = {"name": one.name}
    if isinstance(one, Person) and one.family:
        said = {"family-names": one.family, "given-names": one.given}
    if one.id.startswith("https://orcid.org/") and isinstance(one, Person):
        said["orcid"] = one.id
    lines = [f"{name}: {_yaml(value)}" for name, value in said.items() if value]
    return [f"{'  - ' if at == 0 else '    '}{line}" for at, line in enumerate(lines)]


def _yaml(text: str) -> str:
    # A text of JSON is one of YAML.
    return json.dumps(text, ensure_ascii=False)
