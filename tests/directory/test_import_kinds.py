"""What each kind of file makes, and rows that are or only look like an entry."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.directory import operations, queries
from proxeny.directory.memberlist.check import Options
from proxeny.directory.models import (
    ClusterProfile,
    DuplicatePair,
    Kind,
    MemberImport,
    Membership,
    Organisation,
)
from proxeny.kernel import jobs
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.queries import list_other_clusters
from tests.conftest import reader_of
from tests.directory.test_import_sources import CARDS, ORGANISATIONS, zipped
from tests.factories.directory import IdentifierFactory, OrganisationFactory
from tests.stages import staged

NUMBERS = "Name,Country,VAT number,National register number,PIC\n"


@pytest.fixture
def bring(world, tmp_path):
    """`bring(text, **wanted)` imports a file as the manager of side A; returns the import."""

    def run(text, **wanted):
        path = tmp_path / "list"
        path.write_bytes(text.encode())
        reader = reader_of(world.a.manager)
        with acting_as(WEB, reader):
            return operations.import_file(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                path=path,
                now=timezone.now(),
                wanted=operations.Wanted(**wanted),
            )

    return run


def counts(brought):
    return brought.added, brought.changed, brought.unchanged, brought.left_out


def entry(world, name, *numbers, **facts):
    made = OrganisationFactory(
        name=name, steward=world.a.cluster, country="GR", **{"key": "", **facts}
    )
    for number in numbers:
        scheme, value = number.split(":")
        IdentifierFactory(organisation=made, scheme=scheme, value=value)
    return made


def test_facts_of_an_entry_are_read_and_come_back(bring):
    brought = bring(
        "Name,Country,Former names,NUTS region,Coordinates,Sectors (NACE),Fields of science,Size,VAT number\n"
        'Seeds,EL,Old Seeds; Older Seeds,EL303,"37.98, 23.72",62;72,/25/73,Small,EL 094 014 201\n'
    )
    assert brought.added == 1
    made = Organisation.objects.get(name="Seeds")
    assert (made.former_names, made.nuts, made.latitude, made.longitude) == (
        ["Old Seeds", "Older Seeds"],
        "EL303",
        37.98,
        23.72,
    )
    assert (made.nace, made.topics, made.size) == (["62", "72"], ["/25/73"], "small")
    assert made.fact("identifiers") == ["vat:EL094014201"]


def test_employees_tell_the_size_and_the_city_the_place(bring):
    bring("Name,Country,City,Employees\nSeeds,GR,Θεσσαλονίκη,120\n")
    made = Organisation.objects.get(name="Seeds")
    assert made.size == "medium"
    assert (round(made.latitude), round(made.longitude)) == (41, 23)


def test_same_number_is_the_same_entry_whatever_its_name(world, bring):
    known = entry(world, "Old name", "vat:EL094014201")
    brought = bring(NUMBERS + "New name,GR,EL 094014201,,\n")
    assert counts(brought) == (0, 1, 0, 0)
    known.refresh_from_db()
    assert (known.name, known.former_names) == ("New name", ["Old name"])


def test_numbers_of_another_cluster_tell_nothing(world, bring):
    foreign = OrganisationFactory(name="Foreign", country="GR", steward=world.b.cluster)
    IdentifierFactory(organisation=foreign, scheme="vat", value="EL094014201")
    assert counts(bring(NUMBERS + "Ours,GR,EL094014201,,\n")) == (1, 0, 0, 0)
    foreign.refresh_from_db()
    assert foreign.name == "Foreign"


def test_better_register_decides_and_a_contradiction_is_told_not_guessed(world, bring):
    holder = entry(world, "Institute A", "pic:999969703", "vat:EL094014201")
    brought = bring(
        NUMBERS + "Institute A,GR,EL094014201,,999969703\nInstitute B,GR,EL094014201,,999984059\n"
    )
    # B has the VAT number of A and another PIC: an entry of its own, and a pair to decide on.
    assert (brought.added, brought.alike) == (1, 1)
    pair = DuplicatePair.objects.get()
    made = Organisation.objects.get(name="Institute B")
    assert (pair.first, pair.second, pair.state) == (holder, made, "open")
    assert pair.evidence["identifier"] == ["vat:EL094014201"]
    assert "pic" in pair.evidence["against"]


def test_same_name_with_another_number_is_another_organisation(world, bring):
    entry(world, "Same", "vat:EL094014201")
    brought = bring(NUMBERS + "Same,GR,EL094259216,,\n")
    assert (brought.added, brought.alike) == (1, 0)


def test_merged_entry_means_the_one_it_became(world, bring):
    kept = entry(world, "Kept", "vat:EL094014201")
    entry(world, "Gone", "vat:EL094259216", merged_into=kept)
    brought = bring("Name,Country,City,VAT number\nGone,GR,Πάτρα,EL094259216\n")
    assert (brought.added, brought.changed) == (0, 1)
    kept.refresh_from_db()
    assert kept.city == "Πάτρα"


def test_reference_of_a_merged_entry_means_the_one_it_became(world, bring):
    kept = entry(world, "Kept", key="new-1")
    gone = entry(world, "Gone", key="old-1")
    manager = reader_of(world.a.manager)
    with acting_as(WEB, manager):
        operations.merge_organisations(
            actor=manager, kept_id=kept.pk, gone_id=gone.pk, chosen=(), now=timezone.now()
        )
    header = "Reference,Name,Country,City\n"
    brought = bring(header + "old-1,Kept,GR,Πάτρα\n")
    assert (brought.added, brought.changed) == (0, 1)
    kept.refresh_from_db()
    assert (kept.key, kept.city) == ("new-1", "Πάτρα")
    # A list from elsewhere goes on naming both: the second is told and left out, and stops nothing.
    brought = bring(header + "old-1,Gone,GR,Volos\nnew-1,Kept,GR,Πάτρα\n")
    assert (brought.added, brought.unchanged, brought.left_out) == (0, 1, 1)


def test_row_without_a_reference_is_the_one_that_has_its_number(world, bring):
    header = "Reference,Name,Country,VAT number\n"
    rows = ",Institute A,GR,EL094014201\nI-1,Institute A,GR,EL094014201\n"
    with pytest.raises(InvalidInput, match="the same registration number"):
        bring(header + rows)
    for added in (1, 0):
        brought = bring(header + rows, options=Options(repeats="first").to_json())
        assert (brought.added, brought.left_out) == (added, 1)
    assert Organisation.objects.get(name="Institute A").key == "I-1"


def test_looks_alike_is_proposed_never_merged(world, bring):
    seeds = entry(world, "Ψηφιακή Ακρόπολη Α.Ε.", website="https://www.akropoli.example")
    brought = bring(
        "Name,Country,Website\nΨηφιακή Ακρόπολις,GR,\nAkropoli,GR,https://akropoli.example/en\nOther,GR,\n"
    )
    assert (brought.added, brought.alike) == (3, 2)
    pairs = DuplicatePair.objects.filter(cluster=world.a.cluster)
    assert {pair.first_id for pair in pairs} == {seeds.pk}
    assert {frozenset(pair.evidence) for pair in pairs} == {
        frozenset(["name"]),
        frozenset(["website"]),
    }
    seeds.refresh_from_db()
    assert (seeds.name, seeds.version) == ("Ψηφιακή Ακρόπολη Α.Ε.", 1)


@staged
def checked(world):
    """Two rows that look like an entry, checked; returns the import and the entry."""
    seeds = entry(world, "Seeds Research SA")
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader,
            cluster_id=world.a.cluster.pk,
            file_name="l.csv",
            content="Name,Country,City\nSeeds Research Ltd,GR,Πάτρα\nSeed Research,GR,\n".encode(),
        )
        brought = operations.set_mapping(
            actor=reader,
            import_id=brought.pk,
            mapping=brought.mapping,
            version=brought.version,
            options=Options.from_json(brought.options),
        )
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    return brought, seeds


def decide(world, brought, decisions, rest=""):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.decide_pairs(
            actor=reader,
            import_id=brought.pk,
            version=brought.version,
            decisions=decisions,
            rest=rest,
        )
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    return brought


def apply(world, brought):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    return brought


def test_a_person_decides_pair_by_pair(world, checked):
    brought, seeds = checked
    assert (brought.added, brought.alike) == (2, 2)
    assert {one["row"] for one in brought.report["pairs"]} == {2, 3}
    brought = decide(world, brought, {(2, seeds.pk): True, (3, seeds.pk): False})
    assert (brought.added, brought.changed, brought.alike) == (1, 1, 0)
    brought = apply(world, brought)
    seeds.refresh_from_db()
    assert (seeds.name, seeds.city) == ("Seeds Research Ltd", "Πάτρα")
    pair = DuplicatePair.objects.get()
    assert (pair.state, pair.person, pair.first) == ("different", world.a.manager, seeds)


def test_a_person_decides_for_all_at_once(world, checked):
    brought, _seeds = checked
    brought = decide(world, brought, {}, rest="same")
    # Two rows cannot be one entry: the second is named.
    assert (brought.problem_count, brought.alike) == (1, 0)
    brought = decide(world, brought, {}, rest="apart")
    assert (brought.added, brought.problem_count, brought.alike) == (2, 0, 2)
    apply(world, brought)
    assert DuplicatePair.objects.filter(state="open").count() == 2


def test_one_row_is_not_two_entries(world, checked):
    brought, seeds = checked
    reader = reader_of(world.a.manager)
    other = entry(world, "Another")
    with acting_as(WEB, reader), pytest.raises(InvalidInput, match="Row 2 can’t match two entries"):
        operations.decide_pairs(
            actor=reader,
            import_id=brought.pk,
            version=brought.version,
            decisions={(2, seeds.pk): True, (2, other.pk): True},
        )


def test_entry_of_another_cluster_cannot_be_decided_upon(world, checked):
    brought, _seeds = checked
    foreign = OrganisationFactory(name="Seeds Research", country="GR", steward=world.b.cluster)
    brought = decide(world, brought, {(2, foreign.pk): True})
    assert (brought.added, brought.changed) == (2, 0)


def test_contacts_are_known_and_no_members(world, bring):
    brought = bring("Name,Country\nAcquaintance,GR\n", source="contacts")
    made = Organisation.objects.get(name="Acquaintance")
    assert (brought.source, made.steward, made.visibility) == (
        "contacts",
        world.a.cluster,
        "cluster",
    )
    assert not Membership.objects.filter(organisation=made).exists()
    # As a list of members later, they join.
    assert counts(bring("Name,Country\nAcquaintance,GR\n")) == (0, 1, 0, 0)
    assert Membership.objects.filter(organisation=made, ends_on=None).count() == 1


def test_list_of_clusters_makes_clusters_that_nobody_signs_in_to(world, bring):
    text = (
        "Cluster name,Country,Region,Website,Cluster staff,Number of members,ECEI label,Sectors\n"
        "Βiocluster,EL,Attica,bio.example,3.5,120,GOLD Label,Health; Food\n"
        "Pôle Été,FR,Occitanie,,2,80,,Aerospace\n"
    )
    brought = bring(text)
    assert (brought.source, brought.added) == ("clusters", 2)
    made = Organisation.objects.get(sort_name="pole ete")
    assert (made.kind, made.steward) == (Kind.CLUSTER, world.a.cluster)
    gold = Organisation.objects.get(quality_label="gold")
    assert ClusterProfile.objects.get(pk=gold.pk).staff_fte == 3.5
    assert ClusterProfile.objects.get(pk=gold.pk).committed_members == 120
    assert not Membership.objects.filter(organisation=made).exists()
    assert counts(bring(text)) == (0, 0, 2, 0)


def test_known_cluster_cannot_stand_for_one_that_signs_in(world, bring):
    bring(f"Cluster name,Country,Label\n{world.b.cluster.name},FR,gold\n")
    fake = Organisation.objects.get(steward=world.a.cluster, kind=Kind.CLUSTER)
    assert queries.find_cluster(world.b.cluster.name) == world.b.cluster
    with acting_as(WEB, reader_of(world.a.manager)):
        assert fake not in list_other_clusters(reader_of(world.a.manager))


def test_cards_become_organisations_with_a_contact(world, bring):
    brought = bring(CARDS)
    assert (brought.source, counts(brought)) == ("vcard", (3, 0, 0, 1))
    made = Organisation.objects.get(name="Seeds, Plants; Co")
    assert (made.country, made.city, made.sectors, made.summary) == (
        "GR",
        "Αθήνα",
        ["health", "3D"],
        "",
    )
    assert not Membership.objects.filter(organisation=made).exists()
    assert counts(bring(CARDS)) == (0, 0, 3, 1)


def test_each_entry_keeps_its_history(world, bring):
    bring("Reference,Name,Country,City\nM1,A,GR,Αθήνα\nM2,B,GR,\n")
    bring("Reference,Name,Country,City\nM1,A,GR,Πάτρα\nM2,B,GR,\n")
    made = Organisation.objects.get(key="M1")
    told = AuditEntry.objects.filter(target_id=made.pk, verb="import_organisation").order_by("pk")
    assert [one.changes.get("city") for one in told] == [None, ["Αθήνα", "Πάτρα"]]
    assert told[0].changes == {"file": "list"}
    assert {one.person_id for one in told} == {world.a.manager.pk}


def test_columns_are_remembered_by_cluster_and_kind(world, bring):
    bring("Title,Ort\nA,GR\n", mapping={"name": "Title", "country": "Ort"})
    assert bring("Title,Ort\nB,GR\n").added == 1
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        members, contacts = (
            operations.start_import(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                file_name="l.csv",
                content=b"Title,Ort\nC,GR\n",
                source=source,
            )
            for source in ("members", "contacts")
        )
    assert members.mapping == {"name": "Title", "country": "Ort"}
    assert contacts.mapping == {}


def test_kind_of_file_can_be_corrected(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader,
            cluster_id=world.a.cluster.pk,
            file_name="l.csv",
            content=b"Name,Country,Staff\nC,GR,3\n",
        )
        assert (brought.source, brought.mapping["employees"]) == ("members", "Staff")
        brought = operations.reread_import(actor=reader, import_id=brought.pk, source="clusters")
    assert (brought.source, brought.mapping["staff"]) == ("clusters", "Staff")
    assert brought.columns["recognised"] == "members"


def test_only_some_countries_are_read(bring):
    brought = bring("Name,Country\nA,GR\nB,FR\nC,CY\n", options={"only": "GR CY"})
    assert counts(brought) == (2, 0, 0, 1)
    assert not MemberImport.objects.exclude(pk=brought.pk).exists()


def test_page_shows_pairs_and_takes_decisions(world, checked, sign_in):
    brought, seeds = checked
    client = sign_in(world.a.manager)
    url = f"/directory/import/{brought.pk}/"
    page = client.get(url).text
    assert "Are these the same?" in page
    assert "Seeds Research Ltd" in page
    field = f"pair-2-{seeds.pk}"
    answer = client.post(
        f"{url}decide/", {field: "same", "version": brought.version, "rest": "apart"}
    )
    assert answer["Location"] == url
    brought.refresh_from_db()
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert (brought.added, brought.changed, brought.alike) == (1, 1, 1)
    apply(world, brought)
    done = client.get(url).text
    assert "You can’t undo an import as a whole" in done
    assert "/directory/duplicates/" in done


def test_page_recognises_an_archive_of_cordis(world, sign_in):
    client = sign_in(world.a.manager)
    assert "Detect automatically" in client.get("/directory/import/").text
    data = zipped(
        project__csv="id,acronym,title,startDate\n651036,A,B,2020-01-01\n",
        organization__csv=ORGANISATIONS,
    )
    file = SimpleUploadedFile("cordis.zip", data)
    url = client.post("/directory/import/", {"file": file, "cluster": world.a.cluster.pk})[
        "Location"
    ]
    page = client.get(url).text
    assert "a CORDIS organisation file: 2 participations by 1 organisations" in page
    client.post(f"{url}read-again/", {"sheet": "project.csv", "source": "cordis"})
    page = client.get(url)
    assert "a CORDIS project file: 1 rows" in page.text
    form = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert client.post(f"{url}columns/", form)["Location"] == url
    brought = MemberImport.objects.get()
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert (brought.state, brought.left_out) == ("checked", 1)
    assert client.get(url).status_code == 200


def test_countries_to_read_are_chosen_by_name(world, sign_in):
    client = sign_in(world.a.manager)
    file = SimpleUploadedFile("l.csv", b"Name,Country\nA,GR\nB,FR\n")
    url = client.post("/directory/import/", {"file": file, "cluster": world.a.cluster.pk})[
        "Location"
    ]
    form = {f.html_name: f.value() or "" for f in client.get(url).context["form"]}
    refused = client.post(f"{url}columns/", form | {"only": ["GR", "Atlantis"]})
    assert "Atlantis is not one of the available choices" in refused.text
    client.post(f"{url}columns/", form | {"only": ["GR", "CY"]})
    assert MemberImport.objects.get().options["only"] == "GR CY"
