"""A member list from the upload to the members: by operations, by jobs, and in the browser."""

import csv
import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from proxeny.directory import operations, queries
from proxeny.directory.memberlist.check import Options
from proxeny.directory.models import Details, MemberImport, Membership, Organisation
from proxeny.directory.sources.content import PAGE
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.models import AuditEntry, Job, StoredFile
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import DATA, reader_of
from tests.factories.directory import ListingFactory, OrganisationFactory

HEADER = "Reference,Name,Country,City,Website,E-mail,Employees,Fields\n"
LIST = HEADER + (
    "M1,Ψηφιακή Ακρόπολη,EL,Αθήνα,www.akropoli.example,info@akropoli.example,12,Heritage; 3D\n"
    "M2,Nefeli Studios,Greece,Πάτρα,,,,Animation\n"
    "M3,Orfeo Games,GR,,https://orfeo.example,,7,Games\n"
)


@pytest.fixture
def bring(world, tmp_path):
    """`bring(text)` imports a list as the manager of side A, at once; returns the import."""

    def run(text, *, options=None, mapping=None, name="members.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        reader = reader_of(world.a.manager)
        with acting_as(WEB, reader):
            return operations.import_file(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                path=path,
                now=timezone.now(),
                wanted=operations.Wanted(
                    mapping=mapping, options=options.to_json() if options else {}
                ),
            )

    return run


def counts(brought):
    return brought.added, brought.changed, brought.unchanged, brought.left_out


def test_list_becomes_members(world, bring):
    assert counts(bring(LIST)) == (3, 0, 0, 0)
    made = Organisation.objects.get(key="M1")
    assert (made.name, made.country, made.city, made.website, made.sectors) == (
        "Ψηφιακή Ακρόπολη",
        "GR",
        "Αθήνα",
        "https://www.akropoli.example",
        ["Heritage", "3D"],
    )
    assert Details.objects.get(pk=made.pk).employees == 12
    assert made.steward == world.a.cluster
    assert made.memberships.get().cluster == world.a.cluster
    with acting_as(WEB, reader_of(world.a.manager)):
        found = queries.visible_organisations(queries.Filters(q="ακροπολη"))
        assert [one.key for one in found] == ["M1"]
    entry = AuditEntry.objects.get(verb="apply_import")
    assert entry.changes == {"added": 3, "changed": 0, "unchanged": 0}


def test_same_list_again_changes_nothing(world, bring):
    bring(LIST)
    before = list(Organisation.objects.order_by("pk").values())
    assert counts(bring(LIST)) == (0, 0, 3, 0)
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_changed_rows_change_only_what_they_say(world, bring):
    bring(LIST)
    Organisation.objects.filter(key="M2").update(website="https://own.example", summary="Ours")
    listing = ListingFactory(organisation=Organisation.objects.get(key="M2"), title="Storyboards")
    brought = bring(LIST.replace("Nefeli Studios", "Nefeli Animation"))
    assert counts(brought) == (0, 1, 2, 0)
    assert brought.report["changes"][0]["fields"] == [
        {"field": "name", "before": "Nefeli Studios", "after": "Nefeli Animation"},
        {"field": "former_names", "before": "", "after": "Nefeli Studios"},
    ]
    made = Organisation.objects.get(key="M2")
    assert (made.name, made.website, made.summary, made.version) == (
        "Nefeli Animation",
        "https://own.example",
        "Ours",
        2,
    )
    for words in ("nefeli animation", listing.title):
        with acting_as(WEB, reader_of(world.a.manager)):
            found = queries.visible_organisations(queries.Filters(q=words))
            assert [one.key for one in found] == ["M2"], words


def test_names_and_countries_match_where_there_is_no_reference(world, bring):
    bring("Name,Country,City\nÉcole d'Été,FR,Lyon\nSame,FR,\nSame,GR,\n")
    brought = bring("Name,Country,City\nECOLE D'ETE,France,Paris\nSame,EL,\nSame,France,\n")
    assert counts(brought) == (0, 1, 2, 0)
    assert Organisation.objects.get(city="Paris").name == "ECOLE D'ETE"


def test_first_reference_is_given_to_the_entry_made_by_hand(world, bring):
    OrganisationFactory(name="By Hand", country="GR", key="", steward=world.a.cluster)
    assert counts(bring("Reference,Name,Country\nH1,By hand,GR\n")) == (0, 1, 0, 0)
    assert Organisation.objects.get(key="H1").memberships.count() == 1


def test_former_member_in_the_list_joins_again(world, bring):
    bring(LIST)
    Membership.objects.filter(organisation__key="M3").update(ends_on=timezone.now().date())
    assert counts(bring(LIST)) == (0, 1, 2, 0)
    assert Membership.objects.filter(organisation__key="M3", ends_on=None).count() == 1


def test_another_clusters_entries_are_never_touched(world, bring):
    foreign = OrganisationFactory(
        name="Nefeli Studios", country="GR", key="M2", steward=world.b.cluster
    )
    assert counts(bring(LIST)) == (3, 0, 0, 0)
    foreign.refresh_from_db()
    assert (foreign.city, foreign.version) == ("", 1)


@pytest.mark.parametrize(
    ("text", "row", "column", "reason"),
    [
        (
            HEADER + "M1,A,GR,,,,,\nM1,B,GR,,,,,\n",
            3,
            "Reference",
            "Rows 2 and 3 have the same reference",
        ),
        (
            "Name,Country,City\nA,GR,x\n á,EL,y\n",
            3,
            "Name",
            "Rows 2 and 3 have the same name and country",
        ),
        ("Name,Country\n,GR\n", 2, "Name", "This row has no name"),
        ("Name,Country\nA,Atlantis\n", 2, "Country", "“Atlantis” isn’t a country"),
        ("Name,E-mail\nA,a@@b\n", 2, "E-mail", "isn’t a valid email address"),
        ("Name,Website\nA,no address\n", 2, "Website", "isn’t a valid web address"),
        ("Name,Employees\nA,many\n", 2, "Employees", "isn’t a whole number"),
        (f"Name,City\nA,{'x' * 121}\n", 2, "City", "121 characters; the limit is 120"),
        ("Name,Country\nA, B,GR\n", 2, "", "3 cells but the header has 2"),
        ("Name;Kind\nA;Circle\n", 2, "Kind", "isn’t a kind of organisation"),
    ],
)
def test_bad_row_is_named_and_nothing_is_imported(world, bring, text, row, column, reason):
    before = Organisation.objects.count()
    with pytest.raises(InvalidInput, match=reason) as refused:
        bring(text)
    assert f"Row {row}, {column or 'whole row'}:" in str(refused.value)
    assert Organisation.objects.count() == before
    assert not MemberImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_missing_column_says_what_to_do(world, bring):
    with pytest.raises(InvalidInput, match="No column contains the members’ names"):
        bring("Town,Country\nAthens,GR\n")
    with pytest.raises(InvalidInput, match="No column contains the members’ countries"):
        bring("Name\nA\n", options=Options(country=""))
    with pytest.raises(InvalidInput, match="“Name” is used twice"):
        bring("Name,Country\nA,GR\n", mapping={"name": "Name", "city": "Name"})
    with pytest.raises(InvalidInput, match="no column called “Nom”"):
        bring("Name,Country\nA,GR\n", mapping={"name": "Nom"})


def test_gaps_are_left_out_where_the_manager_says_so(world, bring):
    options = Options(country="GR", nameless="skip", repeats="first", unreadable="blank")
    text = HEADER + "M1,A,GR,,no address,,,\nM1,B,GR,,,,,\nM9,,GR,,,,,\nM2,C,,,,,9,\n"
    brought = bring(text, options=options)
    assert counts(brought) == (2, 0, 0, 2)
    assert (brought.problem_count, brought.report["notes"]) == (0, 3)
    assert Organisation.objects.get(key="M1").website == ""
    assert Organisation.objects.get(key="M2").country == "GR"
    assert counts(bring(text, options=options)) == (0, 0, 2, 2)


def test_equal_rows_count_once(world, bring):
    assert counts(bring(HEADER + "M1,A,GR,,,,,\nM1,A,GR,,,,,\n")) == (1, 0, 0, 1)


def test_unclear_names_ask_for_a_reference(world, bring):
    bring("Reference,Name,Country\nX1,Same,GR\nX2,Same,GR\n")
    with pytest.raises(InvalidInput, match="several entries with this name and country"):
        bring("Name,Country\nSame,GR\n")


def test_only_a_manager_of_the_cluster_may_import(world):
    for person in (world.a.ambassador, world.a.representatives[0], world.b.manager):
        reader = reader_of(person)
        with acting_as(WEB, reader), pytest.raises(NotAllowed):
            operations.start_import(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                file_name="x.csv",
                content=LIST.encode(),
            )


def test_problems_are_listed_up_to_500_and_kept_whole_as_a_file(world):
    rows = "".join(f"M{n},A{n},Nowhere,,,,,\n" for n in range(700))
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, HEADER + rows)
        brought = operations.check_import(actor=reader, import_id=brought.pk)
        lines = list(csv.reader(io.StringIO(queries.get_problems(brought).decode("utf-8-sig"))))
    assert (brought.problem_count, len(brought.problems), len(lines)) == (700, 500, 701)
    assert lines[1][:3] == ["2", "Country", "Nowhere"]


def started(world, reader, text):
    brought = operations.start_import(
        actor=reader, cluster_id=world.a.cluster.pk, file_name="m.csv", content=text.encode()
    )
    return operations.set_mapping(
        actor=reader,
        import_id=brought.pk,
        mapping=brought.mapping,
        version=brought.version,
        options=Options.from_json(brought.options),
    )


def test_check_and_import_run_as_jobs(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
    assert Job.objects.get(pk=brought.job_id).kind == "directory.check-import"
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert (brought.state, counts(brought)) == ("checked", (3, 0, 0, 0))
    assert not Organisation.objects.filter(key="M1").exists()
    with acting_as(WEB, reader):
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
        again = operations.apply_import(actor=reader, import_id=brought.pk, version=brought.version)
    assert again.job_id == brought.job_id
    jobs.run(brought.job_id)
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert brought.state == "applied"
    assert Organisation.objects.filter(key__startswith="M").count() == 3
    assert Job.objects.get(pk=brought.job_id).result == {"added": 3, "changed": 0, "unchanged": 0}
    assert not StoredFile.objects.exists()


def test_job_that_breaks_in_the_middle_leaves_nothing_and_runs_again(world, monkeypatch):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
        jobs_of_check = brought.job_id
    jobs.run(jobs_of_check)
    brought.refresh_from_db()
    with acting_as(WEB, reader):
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
    with monkeypatch.context() as broken:
        # The last step: all rows are written by then.
        broken.setattr("proxeny.kernel.jobs.JobContext.finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.run(brought.job_id)
    assert not Organisation.objects.filter(key="M1").exists()
    brought.refresh_from_db()
    assert brought.state == "applying"
    jobs.run(brought.job_id)
    assert Organisation.objects.filter(key__startswith="M").count() == 3


_FULL = """
CREATE FUNCTION fill_up() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER fill_up BEFORE INSERT ON directory_organisation
FOR EACH ROW EXECUTE FUNCTION fill_up();
"""


def test_an_import_that_a_full_disk_stopped_can_be_started_again(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    with acting_as(WEB, reader):
        operations.apply_import(actor=reader, import_id=brought.pk, version=brought.version)
    brought.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(_FULL)
        jobs.run(brought.job_id, last_attempt=True)
        cursor.execute("RESET ROLE")
        cursor.execute("DROP FUNCTION fill_up() CASCADE")
    enter(SERVICE)
    job = Job.objects.get(pk=brought.job_id)
    assert (job.state, job.error) == (
        "failed",
        "Something went wrong on our side. Nothing was changed. Please try again.",
    )
    brought.refresh_from_db()
    assert brought.state == "failed"
    with acting_as(WEB, reader):
        brought = operations.set_mapping(
            actor=reader,
            import_id=brought.pk,
            mapping=brought.mapping,
            version=brought.version,
            options=Options.from_json(brought.options),
        )
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    with acting_as(WEB, reader):
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
    jobs.run(brought.job_id)
    assert Organisation.objects.filter(key__startswith="M").count() == 3


def test_an_import_whose_end_was_never_told_goes_on_too(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    with acting_as(WEB, reader):
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
    Job.objects.filter(pk=brought.job_id).update(state="failed")
    assert MemberImport.objects.get(pk=brought.pk).state == "applying"
    with acting_as(WEB, reader):
        operations.discard_import(actor=reader, import_id=brought.pk)
    assert not MemberImport.objects.filter(pk=brought.pk).exists()


def test_directory_that_changed_since_the_check_is_not_overwritten(world):
    reader = reader_of(world.a.manager)
    text = "Name,Country\nSame,GR\n"
    with acting_as(WEB, reader):
        brought = started(world, reader, text)
        operations.check_import(actor=reader, import_id=brought.pk)
        brought.refresh_from_db()
        brought = operations.apply_import(
            actor=reader, import_id=brought.pk, version=brought.version
        )
    for key in ("X1", "X2"):
        OrganisationFactory(name="Same", country="GR", key=key, steward=world.a.cluster)
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert brought.state == "failed"
    assert "directory has changed" in Job.objects.get(pk=brought.job_id).error


def test_manager_who_lost_the_seat_imports_nothing(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
    world.a.manager.seats.all().delete()
    jobs.run(brought.job_id)
    brought.refresh_from_db()
    assert brought.state == "checking"
    assert not Organisation.objects.filter(key="M1").exists()


def test_old_version_is_a_conflict(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = started(world, reader, LIST)
        with pytest.raises(Conflict):
            operations.set_mapping(
                actor=reader,
                import_id=brought.pk,
                mapping=brought.mapping,
                options=Options(),
                version=1,
            )
        with pytest.raises(Conflict, match="Check this list again"):
            operations.apply_import(actor=reader, import_id=brought.pk, version=brought.version)


def upload(client, content, *, name="members.csv", **data):
    file = SimpleUploadedFile(name, content)
    return client.post("/directory/import/", {"file": file, **data})


def test_the_whole_way_in_the_browser(world, sign_in):
    client = sign_in(world.a.manager)
    assert "Empty list (XLSX)" in client.get("/directory/import/").text
    response = upload(client, LIST.encode("utf-16"), cluster=world.a.cluster.pk)
    url = response["Location"]
    page = client.get(url)
    assert "Read as UTF-16" in page.text
    assert page.context["form"]["name"].initial == "Name"
    assert "Nefeli Studios" in page.text
    form = {field.html_name: field.value() or [] for field in page.context["form"]}
    broken = client.post(f"{url}columns/", form | {"name": ""})
    assert broken.status_code == 422
    assert "No column contains the members’" in broken.text
    assert client.post(f"{url}columns/", form)["Location"] == url
    brought = MemberImport.objects.get()
    assert "hx-get" in client.get(url).text
    assert "queued" in client.get(f"{url}progress/").text
    jobs.run(brought.job_id)
    assert client.get(f"{url}progress/")["HX-Redirect"] == url
    page = client.get(url).text
    assert "The list can be imported" in page
    assert "Import everything" in page
    brought.refresh_from_db()
    assert client.post(f"{url}apply/", {"version": brought.version})["Location"] == url
    brought.refresh_from_db()
    jobs.run(brought.job_id)
    assert "The list has been imported" in client.get(url).text
    assert len(client.get("/directory/", {"q": "nefeli"}).context["page"].rows) == 1
    assert "members.csv" in client.get("/directory/import/").text
    # The next list of this cluster is read as this one was.
    client.post("/directory/import/", {})
    second = MemberImport.objects.get(
        pk=int(upload(client, LIST.encode(), cluster=world.a.cluster.pk)["Location"].split("/")[-2])
    )
    assert second.mapping == brought.mapping


def test_what_has_to_be_corrected_is_shown_and_can_be_taken_along(world, sign_in):
    client = sign_in(world.a.manager)
    url = upload(client, b"Name,Country\nA,Atlantis\n", cluster=world.a.cluster.pk)["Location"]
    page = client.get(url)
    form = {field.html_name: field.value() or [] for field in page.context["form"]}
    client.post(f"{url}columns/", form)
    brought = MemberImport.objects.get()
    jobs.run(brought.job_id)
    page = client.get(url).text
    assert "1 problem to correct" in page
    assert "Atlantis" in page
    assert "Import everything" not in page
    brought.refresh_from_db()
    refused = client.post(f"{url}apply/", {"version": brought.version}, follow=True)
    assert "Check this list again" in refused.text
    refused = client.post(f"{url}apply/", {"version": "9" * 5000}, follow=True)
    assert refused.status_code == 200
    assert "Atlantis" in client.get(f"{url}problems.csv").content.decode("utf-8-sig")
    assert "Match your columns" in client.get(f"{url}?columns").text
    assert client.post(f"{url}discard/")["Location"] == "/directory/import/"
    assert not StoredFile.objects.exists()


def test_wrong_encoding_is_corrected_by_hand(world, sign_in):
    client = sign_in(world.a.manager)
    greek = "Name,Country\nΑθήνα,GR\n".encode("cp1253")
    url = upload(client, greek, cluster=world.a.cluster.pk)["Location"]
    assert "Read as Windows-1253" in client.get(url).text
    client.post(f"{url}read-again/", {"encoding": "cp1252"})
    assert "Read as Windows-1252" in client.get(url).text
    client.post(f"{url}read-again/", {"encoding": "utf-8-sig"}, follow=True)
    assert "Read as Windows-1252" in client.get(url).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.4", "type is PDF"),
        (b"Name,Country\n", "no members below it"),
        (b"x" * (PAGE.size + 1), "This file is 21 MB; you can import up to 20 MB"),
        (b"x" * (50 * 1024 * 1024), "MB; you can import up to 20 MB at once"),
    ],
    ids=["empty", "pdf", "headers", "21MB", "50MB"],
)
def test_bad_upload_is_refused_beside_the_file(world, sign_in, content, sentence):
    response = upload(sign_in(world.a.manager), content, cluster=world.a.cluster.pk)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors["file"][0]
    assert not StoredFile.objects.exists()


def test_upload_needs_the_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.a.manager.account)
    assert upload(client, LIST.encode(), cluster=world.a.cluster.pk).status_code == 403
    assert not MemberImport.objects.exists()


def test_nobody_else_reaches_an_import(world, sign_in):
    manager = sign_in(world.a.manager)
    url = upload(manager, LIST.encode(), cluster=world.a.cluster.pk)["Location"]
    for person in (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    ):
        client = sign_in(person)
        for part in ("", "progress/", "problems.csv"):
            assert client.get(url + part).status_code == 404, (person.name, part)
        for part in ("columns/", "read-again/", "apply/", "discard/"):
            assert client.post(url + part).status_code == 404, (person.name, part)
    assert Client().get(url).status_code == 302
    foreign = upload(sign_in(world.b.manager), LIST.encode(), cluster=world.a.cluster.pk)
    assert foreign.status_code == 422
    for person in (world.a.ambassador, world.nobody_special):
        assert sign_in(person).get("/directory/import/").status_code == 403


def test_template_names_all_columns(world, sign_in):
    response = sign_in(world.a.manager).get("/directory/import/template/", {"format": "csv"})
    text = response.content.decode("utf-8-sig")
    assert text.startswith("Reference,Name,Former names,Kind,Country,VAT number")


@pytest.mark.slow
def test_thousands_of_rows(world, bring, capsys):
    rows = "".join(
        f"M{n},Εταιρεία {n} Société,EL,Αθήνα,www.m{n}.example,info@m{n}.example,{n % 300},"
        f"Health; Imaging {n % 7}\n"
        for n in range(5_000)
    )
    expected = [(5_000, 0, 0, 0), (0, 5_000, 0, 0)]
    for text, want in zip((rows, rows.replace("Health", "Care")), expected, strict=True):
        start = time.monotonic()
        assert counts(bring(HEADER + text)) == want
        with capsys.disabled():
            print(f"\n5,000 rows, {want}: {time.monotonic() - start:.1f} s")  # noqa: T201
    assert (
        Organisation.objects.filter(steward=world.a.cluster, key__startswith="M").count() == 5_000
    )


def data_file(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"left out: there is no {path}")
    return path.read_bytes()


@pytest.mark.data
def test_real_list_of_french_companies(world, bring):
    content = data_file("ilab_fr/ilab_companies.csv")
    with pytest.raises(InvalidInput, match="This row has no name"):
        bring(content)
    options = Options(
        country="FR", language="fr", nameless="skip", repeats="first", unreadable="blank"
    )
    brought = bring(content, options=options)
    assert brought.mapping["name"] == "Libellé entreprise"
    # Twelve rows without a reference have the number of a row with one: the same companies.
    assert counts(brought) == (2189, 0, 0, 1734)
    assert counts(bring(content, options=options)) == (0, 0, 2189, 1734)
    one = Organisation.objects.get(steward=world.a.cluster, name="ZebraMed")
    assert (one.region, one.website) == ("Île-de-France", "https://zebramed.bio/")
    # Its fields have commas in them, and are one each.
    fields = {row["Domaine technologique"] for row in csv.DictReader(io.StringIO(content.decode()))}
    named = Organisation.objects.filter(steward=world.a.cluster).values_list("sectors", flat=True)
    assert {one for several in named for one in several} <= fields
