"""A whole study for the tests, and its files."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from proxeny.engine.package import (
    Action,
    Constraints,
    DataFile,
    Dataset,
    Dialect,
    Evidence,
    Field,
    Funding,
    Licence,
    Organisation,
    Person,
    Recommendation,
    Report,
    Schema,
    Study,
    write_crate,
)

CC_BY = Licence(id="https://creativecommons.org/licenses/by/4.0/", name="CC BY 4.0")
CLOSED = Licence(id="#members-only", name="For the members of both clusters")
ATHENS = Organisation(id="https://ror.org/03xawq568", name="Athens cluster")
PARIS = Organisation(id="#paris-cluster", name="Pôle de Paris", url="https://paris.example/")
LEAD = Person(
    id="https://orcid.org/0000-0002-1825-0097",
    name="Lead researcher",
    given="Lead",
    family="Researcher",
    roles=("author", "manager"),
    organisation=ATHENS.id,
)
CURATOR = Person(id="#curator", name="Υπεύθυνη δεδομένων", roles=("data curator",))
CONTENT = {
    "data/exports/exports 2025.csv": b"year;worth\n2024;1,5\n2025;2,75\n",
    "data/exports/notes.txt": "Σημειώσεις & <more>\n".encode(),
    "data/interviews/list.csv": b"id,answer\n1,yes\n",
    "reports/study.pdf": b"%PDF-1.7\n%%EOF\n",
}


def file(path: str, media_type: str, **more) -> DataFile:
    content = CONTENT[path]
    sha256 = hashlib.sha256(content).hexdigest()
    return DataFile(path=path, media_type=media_type, size=len(content), sha256=sha256, **more)


EXPORTS = file(
    "data/exports/exports 2025.csv",
    "text/csv",
    title="Exports",
    description="Worth by year.",
    schema=Schema(
        fields=(
            Field(name="year", type="year", constraints=Constraints(required=True)),
            Field(name="worth", type="number", decimal_char=","),
        ),
        primary_key=("year",),
    ),
    dialect=Dialect(delimiter=";"),
)

STUDY = Study(
    title="Olive oil between Athens & Paris",
    question="Which producers could deliver to <whom>?",
    description="A study of both clusters' exports.",
    published=date(2026, 11, 26),
    created=date(2026, 3, 1),
    modified=date(2026, 11, 25),
    licence=CC_BY.id,
    version="1.1",
    language="en",
    doi="10.5281/zenodo.1234567",
    publisher=ATHENS.id,
    authors=(LEAD.id, PARIS.id),
    keywords=("exports", "olive oil"),
    licences=(CC_BY, CLOSED),
    organisations=(ATHENS, PARIS),
    people=(LEAD, CURATOR),
    datasets=(
        Dataset(
            path="data/exports/",
            title="Exports",
            description="By year.",
            access="open",
            created=date(2026, 4, 1),
            creators=(LEAD.id,),
            keywords=("exports",),
            files=(EXPORTS, file("data/exports/notes.txt", "text/plain")),
        ),
        Dataset(
            path="data/interviews/",
            title="Interviews",
            licence=CLOSED.id,
            access="restricted",
            files=(file("data/interviews/list.csv", "text/csv"),),
        ),
        Dataset(path="data/empty/", title="To come"),
    ),
    reports=(
        Report(
            file=file("reports/study.pdf", "application/pdf", title="The report"),
            language="el",
            created=date(2026, 11, 1),
            authors=(LEAD.id,),
        ),
    ),
    recommendations=(
        Recommendation(
            id="#recommendation-1",
            title="Begin with three producers",
            text="They have room.",
            state="decided",
            addressee=PARIS.id,
            source="study",
            decision="amended",
            reason="Two are enough.",
            evidence=(
                Evidence(
                    id="#evidence-1",
                    kind="data",
                    note="Exports grew.",
                    file=EXPORTS.path,
                    rows=(2, 3),
                    columns=("year", "worth"),
                ),
                Evidence(id="#evidence-2", kind="meeting", note="The round table of May"),
            ),
            actions=("Write to both", "Visit"),
            proof=(Evidence(id="#proof-1", kind="document", note="The contract"),),
        ),
        Recommendation(id="#recommendation-2", title="Ask again in a year"),
    ),
    actions=(
        Action(
            id="#cleaning",
            name="Cleaning the exports",
            kind="UpdateAction",
            agent=CURATOR.id,
            started=datetime(2026, 4, 1, 8, tzinfo=UTC),
            ended=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
            objects=("data/interviews/list.csv", "https://statistics.example/exports"),
            results=(EXPORTS.path,),
            instrument="Proxeny",
        ),
    ),
    funding=(Funding(id="#grant", name="Two ports", number="101000", funder=ATHENS.id),),
)
# What an action refers to outside has to be told of too.
STUDY = replace(
    STUDY,
    actions=(replace(STUDY.actions[0], objects=("data/interviews/list.csv",)),),
)


def content_of(one: DataFile) -> Iterator[bytes]:
    yield CONTENT[one.path]


def packed(study: Study = STUDY, extra: Iterable = ()) -> io.BytesIO:
    """Return the study's crate."""
    return io.BytesIO(b"".join(write_crate(study, content_of, extra=extra)))
