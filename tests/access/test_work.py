"""Work in the background: who may have it done, what it reads and what it writes.

The jobs are those of the access matrix (`docs/reference/access.md`), the people its columns.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from proxeny.accounts.models import Person
from proxeny.bids.models import Search
from proxeny.calls.models import Call
from proxeny.directory.models import (
    DuplicatePair,
    Listing,
    MatchList,
    MemberImport,
    Organisation,
    Project,
)
from proxeny.events.models import Participation
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, StoredFile
from proxeny.kernel.policies import tenant_models
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.labels.models import IssuerKey
from proxeny.labels.operations.keys import make_key, report_loss
from proxeny.notices.models import Notice
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction
from tests.access import bids, matrix
from tests.access.crowd import Crowd
from tests.access.test_api_routes import count_writes
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory, ProjectFactory, ProjectPartFactory
from tests.labels import awarding
from tests.partnerships.rooms import do

KINDS = sorted(
    {
        one.removeprefix("job:")
        for row in matrix.rows()
        for one in row.beneath
        if one.startswith("job:")
    }
)
NEED, OFFER = "Temperature sensors for furnaces", "Aluminium castings for pumps"


@dataclass(frozen=True)
class Work:
    """A kind of job on a record of A.

    Attributes
    ----------
    prepare : callable
        Makes what it works on.
    arguments : callable
        What it is given.
    is_done : callable
        Whether it has done its work.
    writes : set of str
        The tables that it may change; the trail and its own row aside.
    kept : callable, optional
        What came out, as it is kept: proposals with reasons.
    """

    prepare: Callable[[Crowd], None]
    arguments: Callable[[Crowd], dict[str, Any]]
    is_done: Callable[[Job], bool]
    writes: set[str]
    kept: Callable[[Job], Any] | None = None


def _bring_list(state: str) -> Callable[[Crowd], None]:
    def prepare(crowd: Crowd) -> None:
        content = b"Name,Country\nA new member,GR\n"
        StoredFile.objects.filter(pk=crowd.member_import.file_id).update(
            content=content, size=len(content)
        )
        MemberImport.objects.update(state=state, mapping={"name": "Name", "country": "Country"})

    return prepare


def _import(crowd: Crowd) -> dict[str, Any]:
    return {"import_id": crowd.member_import.pk, "version": crowd.member_import.version}


def _left(state: str) -> Callable[[Job], bool]:
    return lambda _job: MemberImport.objects.exclude(state=state).exists()


def _fitting(crowd: Crowd) -> None:
    """Give A's first member, one of B and one that only A sees what fits, and a project in common."""
    w = crowd.world
    own, others = w.a.members[0], (w.b.members[2], crowd.hidden)
    Organisation.objects.filter(pk=own.pk).update(summary="Kilns of all kinds.")
    for one, offer, need in ((own, OFFER, NEED), *((one, NEED, OFFER) for one in others)):
        ListingFactory(organisation=one, direction="offer", title=offer)
        ListingFactory(organisation=one, direction="need", title=need)
    for steward, members in ((w.a.cluster, (own, crowd.hidden)), (w.b.cluster, (others[0],))):
        project = ProjectFactory(steward=steward, reference="common")
        for one in members:
            ProjectPartFactory(project=project, organisation=one)
    Participation.objects.filter(organisation=own).update(pitch=NEED)


def _found_matches(job: Job) -> bool:
    return MatchList.objects.filter(person_id=job.person_id, computed_at__isnull=False).exists()


def _found_introductions(job: Job) -> bool:
    # The crowd's plan has a row of its own, without any.
    return ProposedIntroduction.objects.exclude(reasons=[]).exists()


def _searching(crowd: Crowd) -> None:
    """Leave A's call without conditions, so that two are a consortium."""
    bids.main()
    Call.objects.update(rule_set="", own_rules=[])
    Search.objects.update(state="working", settings={"least": 2, "most": 2})


def _search(crowd: Crowd) -> dict[str, Any]:
    one = Search.objects.earliest("pk")
    return {"partnership_id": one.partnership_id, "bid_id": one.bid_id, "search_id": one.pk}


def _lost_key(crowd: Crowd) -> None:
    """Let an award bear the signature of a lost key of A, which has a new one."""
    IssuerKey.objects.all().delete()
    w = crowd.world
    awarding.awarded(w, slug="atlas-lost")
    do(w.a.manager, report_loss, organisation_id=w.a.cluster.pk, number=1, why="Lost.")
    do(w.a.manager, make_key, organisation_id=w.a.cluster.pk)


def _new_key(crowd: Crowd) -> dict[str, Any]:
    key = IssuerKey.objects.get(organisation=crowd.world.a.cluster, number=2)
    return {"organisation_id": crowd.world.a.cluster.pk, "key_id": key.pk}


WORK = {
    "labels.sign-anew": Work(
        _lost_key, _new_key, lambda job: job.result == {"signed": 1}, {"labels.Award"}
    ),
    "directory.check-import": Work(
        _bring_list("checking"),
        _import,
        _left("checking"),
        {"directory.MemberImport", "kernel.StoredFile"},
    ),
    "directory.apply-import": Work(
        _bring_list("applying"),
        _import,
        _left("applying"),
        {
            "directory.MemberImport",
            "directory.Organisation",
            "directory.Details",
            "directory.Membership",
            "kernel.StoredFile",
        },
    ),
    "directory.find-duplicates": Work(
        lambda crowd: None,
        lambda crowd: {"cluster_id": crowd.world.a.cluster.pk},
        # Nothing speaks for the crowd's pair: a search takes it away.
        lambda job: not DuplicatePair.objects.exists(),
        {"directory.DuplicatePair"},
    ),
    "directory.find-matches": Work(
        _fitting,
        lambda crowd: {"organisation_id": crowd.world.a.members[0].pk},
        _found_matches,
        {"directory.MatchList"},
        lambda job: MatchList.objects.get(person_id=job.person_id).proposals,
    ),
    "partnerships.introduce": Work(
        _fitting,
        lambda crowd: {
            "partnership_id": crowd.world.partnership.pk,
            "plan_id": crowd.world.partnership.introduction_plans.get().pk,
        },
        _found_introductions,
        {"partnerships.IntroductionPlan", "partnerships.ProposedIntroduction"},
        lambda job: list(ProposedIntroduction.objects.values("left_id", "right_id", "reasons")),
    ),
    "bids.search": Work(
        _searching,
        _search,
        lambda _job: Search.objects.filter(state="ready").exists(),
        {"bids.Search"},
        lambda _job: [
            {"target": one["id"]}
            for each in Search.objects.get().result["proposals"]
            for one in each["members"]
        ],
    ),
    "events.suggest": Work(
        _fitting,
        lambda crowd: {"participation": crowd.taken.greek[0].pk},
        lambda job: job.state == Job.State.DONE,
        set(),
        lambda job: [one | {"of": one.pop("target")} for one in job.result["proposals"]],
    ),
}


def _rows() -> dict[str, list[str]]:
    """Return what stands in each table; of the trail and of jobs nothing."""
    return {
        model._meta.label: _rows_of(model)
        for model, _tenancy in tenant_models()
        if model._meta.label not in ("kernel.AuditEntry", "kernel.AuditLink", "kernel.Job")
    }


def _rows_of(model: type[Model]) -> list[str]:
    return sorted(map(repr, model._base_manager.values_list()))


def _changed(before: dict[str, list[str]], writes: dict[str, int]) -> set[str]:
    """Return the tables whose rows are others; only those are read that were written since."""
    now = count_writes()
    return {
        model._meta.label
        for model, _tenancy in tenant_models()
        if now.get(model._meta.db_table) != writes.get(model._meta.db_table)
        and model._meta.label in before
        and _rows_of(model) != before[model._meta.label]
    }


def _named(kept: Any, key: str = "") -> Iterator[tuple[type[Model], int]]:
    """Yield the rows that proposals and their reasons name, wherever they stand."""
    models = {
        "target": Organisation,
        "left_id": Organisation,
        "right_id": Organisation,
        "of": Participation,
        "need": Listing,
        "offer": Listing,
        "texts": Listing,
        "asked": Listing,
        "offered": Listing,
        "rows": Project,
    }
    if isinstance(kept, Mapping):
        if kept.get("kind") == "clusters":
            yield from ((Organisation, pk) for pk in kept["codes"])
        for name, value in kept.items():
            yield from _named(list(value) if name in ("asked", "offered") else value, name)
    elif isinstance(kept, list):
        if key == "chains":
            for partner, *rows in kept:
                yield Organisation, partner
                yield from ((Project, pk) for pk in rows)
        else:
            for one in kept:
                yield from _named(one, key)
    elif key in models:
        yield models[key], int(kept)


def _unseen(person: Person, kept: Any) -> list[str]:
    """Return what is named that a person does not see; texts are offers and needs from 1 on."""
    named = {(model, pk) for model, pk in _named(kept) if not (model is Listing and pk <= 0)}
    assert named
    with acting_as(WEB, reader_of(person)):
        return [
            f"{model._meta.label} {pk}"
            for model, pk in sorted(named, key=repr)
            if not model._base_manager.filter(pk=pk).exists()
        ]


def test_each_kind_is_tried():
    assert sorted(WORK) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_work_in_the_background_does_no_more_than_its_person_may(crowd, kind):
    work, row = WORK[kind], next(row for row in matrix.rows() if f"job:{kind}" in row.beneath)
    work.prepare(crowd)
    before, done = _rows(), set()
    notices = set(Notice.objects.values_list("key", flat=True))
    for who, person in crowd.people().items():
        with transaction.atomic():
            writes = count_writes()
            job = Job.objects.create(
                kind=kind,
                key=f"matrix-{who}",
                person_id=person.pk if person else None,
                arguments=work.arguments(crowd),
            )
            jobs.run(job.pk)
            enter(SERVICE)
            job.refresh_from_db()
            # Who started it is told of its end, and nobody else.
            told = Notice.objects.filter(key__startswith=f"job:{job.pk}:")
            assert {one.person_id for one in told} <= {job.person_id}, who
            assert {one.key for one in Notice.objects.all()} - notices == {one.key for one in told}
            told.delete()
            changed = _changed(before, writes)
            if work.is_done(job):
                done.add(who)
                assert changed <= work.writes, who
                if work.kept and person:
                    assert _unseen(person, work.kept(job)) == [], who
            else:
                assert (changed, job.result) == (set(), {}), who
            transaction.set_rollback(True)
        enter(SERVICE)
    assert done == row.readers


def test_a_list_is_made_with_the_eyes_of_who_asked(crowd):
    """The cluster's people see an entry for "only us", the member for whom they ask does not."""
    _fitting(crowd)
    own, found = crowd.world.a.members[0], {}
    for who in ("a_member", "a_ambassador", "a_manager"):
        person = crowd.people()[who]
        job = Job.objects.create(
            kind="directory.find-matches",
            key=who,
            person_id=person.pk,
            arguments={"organisation_id": own.pk},
        )
        jobs.run(job.pk)
        enter(SERVICE)
        kept = MatchList.objects.get(person=person).proposals
        found[who] = crowd.hidden.pk in [one["target"] for one in kept]
    assert found == {"a_member": False, "a_ambassador": True, "a_manager": True}


@pytest.mark.parametrize("change", ["ended", "seat"])
def test_introductions_are_not_worked_out_for_who_may_no_longer_have_them(crowd, change):
    _fitting(crowd)
    partnership, manager = crowd.world.partnership, crowd.world.a.manager
    plan = IntroductionPlan.objects.get()
    if change == "ended":
        partnership.state = "ended"
        partnership.save()
    else:
        manager.seats.update(role="ambassador")
    arguments = {"partnership_id": partnership.pk, "plan_id": plan.pk}
    job = Job.objects.create(
        kind="partnerships.introduce", key="late", person_id=manager.pk, arguments=arguments
    )
    jobs.run(job.pk)
    enter(SERVICE)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not _found_introductions(job)
