"""Citations as files for other programs."""

import json

from django.http import HttpResponse
from django.utils.translation import gettext as _

from proxeny.kernel.downloads import disposition
from proxeny.kernel.errors import NotFound
from proxeny.research.messages import tell_all
from proxeny.research.operations.citing import Citation

#: The forms: media type, and the file's name.
_FORMS = {
    "bibtex": ("application/x-bibtex", "citation.bib"),
    "cff": ("application/yaml", "CITATION.cff"),
    "datacite": ("application/json", "datacite.json"),
    "datapackage": ("application/json", "datapackage.json"),
}


def answer_citation(citation: Citation, form: str, *, of: str = "") -> HttpResponse:
    """Return a citation as a download; `of` is the prefix of its name, unless the name is fixed.

    Raises
    ------
    NotFound
        There is no such form of it, or it lacks what DataCite requires.
    """
    said = getattr(citation, form) if form in _FORMS else None
    if said is None:
        lacks = citation.lacks if form == "datacite" else ()
        raise NotFound(tell_all(lacks) or _("We couldn’t find this file."))
    media_type, name = _FORMS[form]
    if of and form != "cff":
        name = f"{of}.{name}"
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = disposition(name)
    return response
