"""How each page of documents and steps of bids is tried."""

from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.bids.models import Paper
from tests.access.bids import at, main
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def paper() -> Paper:
    main()
    return Paper.objects.earliest("pk")


def version(crowd: Crowd) -> dict:
    return at(paper_id=paper)(crowd) | {"number": 1}


def _file(crowd: Crowd) -> dict:
    return {"kind": "annex", "file": SimpleUploadedFile("Plan.txt", b"A plan")}


PAGES: dict[str, Route] = by_matrix(
    {
        "bids:paper-bring": Route(at(), data=_file, posts_only=True),
        "bids:paper-version": Route(at(paper_id=paper), data=_file, posts_only=True),
        "bids:paper-download": Route(version),
        "bids:steps-plan": Route(at(), posts_only=True),
        "bids:steps-take-back": Route(at(), query="?steps=1", posts_only=True),
        "bids:steps-move": Route(at(), posts_only=True),
    }
)
