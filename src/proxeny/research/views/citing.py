"""How something is cited, as a file for other programs."""

import json

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.research.operations.citing import Citation
from proxeny.research.telling import tell_all

#: The forms: media type, and the file's name.
_FORMS = {
    "bibtex": ("application/x-bibtex", "citation.bib"),
    "cff": ("application/yaml", "CITATION.cff"),
    "datacite": ("application/json", "datacite.json"),
    "datapackage": ("application/json", "datapackage.json"),
}


def answer_citation(citation: Citation, form: str, *, of: str = "") -> HttpResponse:
    """Return a citation as a download; `of` stands before its name, where that is not prescribed.

    Raises
    ------
    NotFound
        There is no such form of it, or it lacks what DataCite cannot do without.
    """
    said = getattr(citation, form) if form in _FORMS else None
    if said is None:
        lacks = citation.lacks if form == "datacite" else ()
        raise NotFound(tell_all(lacks) or _("There is no such file."))
    media_type, name = _FORMS[form]
    if of and form != "cff":
        name = f"{of}.{name}"
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
