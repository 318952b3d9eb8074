"""How each public page of studies is tried: it answers everybody."""

from datetime import timedelta

from django.utils import timezone

from proxeny.accounts.queries import hash_token
from proxeny.research.models import DataRequest, Publication
from tests.access.crowd import Crowd
from tests.access.research import ANSWERS, publication
from tests.access.routes._route import Route, by_matrix

#: Lets in who holds it.
LINK = "a-link-to-data-of-a-study"


def _study() -> Publication:
    """Let what is published have an open package and a recommendation. The same each time."""
    one = publication()
    content = dict(one.content)
    first = content["datasets"][0]
    keep()
    opened = {
        **first,
        "path": "data/0-open/",
        "access": "open",
        "files": [{**first["files"][0], "path": "data/0-open/answers.csv"}],
    }
    content["datasets"] = [first, opened]
    content["recommendations"] = [
        {
            "id": "#recommendation-1",
            "title": "Pay more",
            "state": "proposed",
            "source": "study",
            "evidence": [
                {
                    "id": "#evidence-1",
                    "kind": "data",
                    "note": "It is low.",
                    "file": "data/0-open/answers.csv",
                    "rows": [2, 2],
                    "columns": [],
                }
            ],
        }
    ]
    if content != one.content:
        Publication.objects.filter(pk=one.pk).update(content=content)
    return one


def keep() -> None:
    """Put the file into the store."""
    import io

    from proxeny.engine import package as engine
    from proxeny.research.store import get_store

    engine.keep(get_store(), io.BytesIO(ANSWERS), len(ANSWERS))


def study(crowd: Crowd) -> dict:
    """Return what finds it."""
    return {"slug": _study().slug}


def version(crowd: Crowd) -> dict:
    """Return what finds its first version."""
    return study(crowd) | {"number": 1}


def file(crowd: Crowd) -> dict:
    """Return what finds its open file."""
    return study(crowd) | {"path": "data/0-open/answers.csv"}


def link(crowd: Crowd) -> dict:
    """Return a link that lets in."""
    _study()
    DataRequest.objects.order_by("pk").update(
        state="granted",
        until=timezone.localdate() + timedelta(days=9),
        token_digest=hash_token(LINK),
    )
    return {"token": LINK}


PUBLIC_STUDIES = by_matrix(
    {
        "research:public-list": Route(),
        "research:public-sitemap": Route(),
        "research:public": Route(study),
        "research:public-version": Route(version),
        "research:public-advice": Route(lambda crowd: study(crowd) | {"advice": 1}),
        "research:public-file": Route(file),
        "research:public-version-file": Route(lambda crowd: file(crowd) | {"number": 1}),
        "research:public-crate": Route(study),
        "research:public-version-crate": Route(version),
        "research:public-cite": Route(lambda crowd: version(crowd) | {"form": "bibtex"}),
        "research:public-request": Route(
            lambda crowd: study(crowd) | {"package": publication().study.packages.earliest("pk").pk}
        ),
        # Who tries too many is told to wait.
        "research:data-link": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "research:data-file": Route(
            lambda _: {"token": "unknown", "path": "answers.csv"}, statuses=(404, 429)
        ),
        # Whoever holds a link takes that package.
        "research:data-link known": Route(link),
        "research:data-file known": Route(lambda crowd: link(crowd) | {"path": "answers.csv"}),
    }
)
