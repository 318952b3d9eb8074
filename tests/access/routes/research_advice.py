"""How each page of what studies recommend is tried."""

from proxeny.partnerships.models import Recommendation
from proxeny.research.models import PackageFile
from tests.access.crowd import Crowd
from tests.access.research import main
from tests.access.routes._route import Route, by_matrix
from tests.research.advising import advice_of, file_of


def room(crowd: Crowd) -> dict:
    """Return the room of A and B."""
    return {"pk": crowd.world.partnership.pk}


def study(crowd: Crowd) -> dict:
    """Return the study of A and B."""
    return room(crowd) | {"study_id": main().pk}


def advice(crowd: Crowd) -> Recommendation:
    """Return what the study recommends, which is under way; the same each time."""
    found = Recommendation.objects.filter(source="study", source_id=main().pk).first()
    return found or advice_of(main(), state="doing", details="It pays.")


def table(crowd: Crowd) -> PackageFile:
    """Return a released table of the study, whose bytes are there; the same each time."""
    found = PackageFile.objects.filter(table__isnull=False, version__package__study=main()).first()
    return found or file_of(main())


def one(crowd: Crowd) -> dict:
    """Return what finds the recommendation; there is a table to point at."""
    table(crowd)
    return room(crowd) | {"advice_id": advice(crowd).pk}


def file(crowd: Crowd) -> dict:
    """Return what finds the file among its study."""
    return study(crowd) | {"file_id": table(crowd).pk}


def pointed(crowd: Crowd) -> dict:
    """Return which rows are pointed at, and what they show."""
    return {"file": table(crowd).pk, "rows": "5-7", "columns": "wage", "text": "They earn less."}


ADVICE = by_matrix(
    {
        "research:advice": Route(study),
        "research:rows": Route(file, query="?row=5-7&col=wage"),
        "research:fates": Route(room),
        "research:advice-add": Route(
            study, data=lambda _: {"title": "Pay interns", "addressee": "all"}
        ),
        "research:advice-rows": Route(one, data=pointed),
        "research:advice-look": Route(one, data=lambda _: {"note": "Three do it now."}),
    }
)
