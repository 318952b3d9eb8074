"""The study of A and B in the crowd's world: a row of every table of research.

Its package has a released version with one file, which is given on request; it is published, and
somebody asked for its data. What A's ambassador sends is on its way.
"""

import hashlib
import io
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.engine import package as engine
from proxeny.partnerships.models import Recommendation, Risk
from proxeny.research import models
from proxeny.research.content import to_content
from proxeny.research.models import Package, PackageFile, Publication, Study
from proxeny.research.rules import folder_of, slug_of
from proxeny.research.store import get_store
from tests.factories import research as made
from tests.factories.world import World

Arguments = Callable[[Any], dict]
State = Study.State
#: What is in the file of the package.
ANSWERS = b"studio,wage\r\nA,1200\r\nB,1400\r\n"
SHA256 = hashlib.sha256(ANSWERS).hexdigest()
LICENCE = engine.Licence(id="https://creativecommons.org/licenses/by/4.0/", name="CC BY 4.0")


def fill(world: World) -> None:
    """Give the room of A and B a study with a row of every table."""
    engine.keep(get_store(), io.BytesIO(ANSWERS), len(ANSWERS))
    study = made.StudyFactory(
        partnership=world.partnership, state=State.RUNNING, begun_on=timezone.localdate()
    )
    party = world.partnership.parties.get(side="A")
    made.ContributorFactory(study=study, party=party, cited=True)
    made.WeighedRiskFactory(study=study, risk=Risk.objects.earliest("pk"))
    made.ResultFactory(study=study)
    package = made.PackageFactory(study=study, access="request", terms="Name us as the source.")
    version = made.PackageVersionFactory(package=package, released_at=timezone.now())
    made.PackageFileFactory(version=version, size=len(ANSWERS), sha256=SHA256)
    made.UploadFactory(
        partnership=world.partnership,
        package=package,
        person=world.a.ambassador,
        name="on-its-way.csv",
    )
    made.ArrivalFactory(
        partnership=world.partnership,
        brought_by=world.a.manager,
        state="shown",
        study=None,
        content=to_content(_told(study, package)),
    )
    publication = made.PublicationFactory(
        study=study,
        slug=slug_of(study),
        published_at=timezone.now(),
        content=to_content(_told(study, package)),
    )
    asked = made.DataRequestFactory(package=package, publication=publication, terms=package.terms)
    made.UseFactory(study=study, package=package, request=asked, where="request")
    made.AdviceReviewFactory(
        recommendation=Recommendation.objects.filter(partnership=world.partnership).earliest("pk"),
        person=world.a.manager,
    )


def _told(study: Study, package: Package) -> engine.Study:
    """Return the study as the world is told of it."""
    file = engine.DataFile(
        path=f"{folder_of(package)}answers.csv",
        media_type="text/csv",
        size=len(ANSWERS),
        sha256=SHA256,
    )
    dataset = engine.Dataset(
        path=folder_of(package),
        title=package.title,
        description=package.details,
        access="restricted",
        creators=("#ada",),
        files=(file,),
    )
    return engine.Study(
        title=study.title,
        description="Wages are low.",
        question=study.question,
        published=timezone.localdate(),
        licence=LICENCE.id,
        licences=(LICENCE,),
        language="en",
        people=(engine.Person(id="#ada", name="Ada Example", roles=("lead",)),),
        authors=("#ada",),
        datasets=(dataset,),
    )


def main() -> Study:
    """Return the study."""
    return Study.objects.earliest("pk")


def package() -> Package:
    """Return its package."""
    return Package.objects.earliest("pk")


def file() -> PackageFile:
    """Return the file of its first version."""
    return PackageFile.objects.earliest("pk")


def publication() -> Publication:
    """Return its publication."""
    return Publication.objects.earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    one = {
        name: getattr(models, name).objects.order_by("pk").first()
        for name in (
            "Study",
            "Contributor",
            "WeighedRisk",
            "Result",
            "Package",
            "PackageVersion",
            "PackageFile",
            "Upload",
            "Arrival",
            "Publication",
            "DataRequest",
            "Use",
            "AdviceReview",
        )
    }
    return {
        "a study of A and B": [one["Study"], one["Contributor"], one["WeighedRisk"], one["Result"]],
        "data of a study": [one["Package"], one["PackageVersion"], one["PackageFile"]],
        "a file of A's ambassador on its way in": [one["Upload"]],
        "a study brought from elsewhere": [one["Arrival"]],
        "a study as it was published": [one["Publication"]],
        "who asked for data of a study": [one["DataRequest"]],
        "who took data of a study": [one["Use"]],
        "what was seen of a recommendation later": [one["AdviceReview"]],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED: dict[str, str] = {
    "a study of A and B": "title",
    "data of a study": "title",
    "a study brought from elsewhere": "name",
    "who asked for data of a study": "purpose",
    "who took data of a study": "path",
}


def _stand(state: str) -> Study:
    """Let the study stand at a state. The same each time: tests compare rows."""
    one = main()
    Study.objects.filter(pk=one.pk).exclude(state=state).update(state=state)
    return Study.objects.get(pk=one.pk)


def at(state: str = State.RUNNING, **more: Callable[[], Any]) -> Arguments:
    """Return what finds the study in a state, and more of it by number: `package_id=package`."""

    def arguments(crowd: Any) -> dict:
        one = _stand(state)
        found = {"pk": one.partnership_id, "study_id": one.pk}
        return found | {name: find().pk for name, find in more.items()}

    return arguments
