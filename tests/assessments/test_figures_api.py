"""Figures by program: found, fetched, brought, refreshed, changed, taken along."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.assessments.models import Figure
from proxeny.kernel import jobs
from tests.assessments.test_figures import GDP_PATH, TABLE, bring, offices  # noqa: F401
from tests.factories.assessments import FigureFactory, FigureVersionFactory

pytestmark = pytest.mark.django_db

ASKED = {
    "title": "GDP",
    "agency": "ESTAT",
    "flow": "nama_10_gdp",
    "key": "A.CP_MEUR.B1GQ.EL+FR",
    "since": "2022",
}
SAID = {
    "title": "Turnover",
    "source": "Ministry",
    "url": "https://culture.example/t",
    "licence": "CC0",
}


def of(world, rest=""):
    return f"/assessments/{world.partnership.pk}/figures{rest}"


def file(text=TABLE):
    return SimpleUploadedFile("table.csv", text.encode())


def test_a_figure_is_fetched_and_refreshed(world, call, offices):  # noqa: F811
    program = call(world.a.manager)
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    answer = program.post(of(world, "/fetch"), ASKED)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    job_id = answer.json()["id"]
    jobs.run(job_id)
    work = program.get(f"/work/jobs/{job_id}").json()
    figure = Figure.objects.get()
    assert (work["state"], work["result"]) == ("done", {"figure_id": figure.pk, "number": 1})
    shown = program.get(of(world, f"/{figure.pk}"))
    body = shown.json()
    assert (body["source"], body["licence"], body["number"], body["unit"]) == (
        "Eurostat, nama_10_gdp",
        "CC BY 4.0",
        1,
        "CP_MEUR",
    )
    assert body["series"][1] == {
        "name": "France",
        "points": [["2022", 2655435.0], ["2023", 2826542.0]],
    }
    assert shown["ETag"].startswith('"1')
    offices.say(GDP_PATH, "estat_nama_10_gdp_later.xml")
    answer = program.post(of(world, f"/{figure.pk}/refresh"))
    jobs.run(answer.json()["id"])
    versions = program.get(of(world, f"/{figure.pk}")).json()["versions"]
    assert [(one["number"], one["added"], one["gone"], one["changed"]) for one in versions] == [
        (2, 1, 1, 1),
        (1, 0, 0, 0),
    ]
    old = program.get(of(world, f"/{figure.pk}/versions/1")).json()
    assert old["series"][0]["points"][0] == ["2022", 207854.3]
    assert old["query"] == f"{offices.address}{GDP_PATH}?startPeriod=2022"
    assert program.get(of(world, f"/{figure.pk}/versions/3")).status_code == 404
    content = program.get(of(world, f"/{figure.pk}/versions/1/file")).content.decode("utf-8-sig")
    assert content.startswith("Period,Greece,France\r\n2022,207854.3,2655435\r\n")
    assert "Licence,CC BY 4.0" in content


def test_a_query_that_no_office_has_is_refused(world, call, offices):  # noqa: F811
    program = call(world.b.ambassador)
    answer = program.post(of(world, "/fetch"), ASKED | {"key": "A/B"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/key"
    assert program.post(of(world, "/fetch"), ASKED | {"agency": "INSEE"}).status_code == 422
    job_id = program.post(of(world, "/fetch"), ASKED | {"flow": "nothing"}).json()["id"]
    jobs.run(job_id)
    work = program.get(f"/work/jobs/{job_id}").json()
    assert work["state"] == "done"
    assert work["result"]["refused"].startswith("Eurostat has no data set “nothing”.")


def test_a_table_is_brought_and_renewed(world, call):
    program = call(world.a.ambassador)
    answer = program.upload(of(world), SAID | {"file": file(TABLE.replace("13,25", "many"))})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Row 3, column France: “many” isn’t a number.")
    answer = program.upload(of(world), SAID | {"licence": "", "file": file()})
    assert answer.status_code == 422
    answer = program.upload(of(world), SAID | {"file": file(), "unit": "EUR", "shape": "bar"})
    assert answer.status_code == 201
    pk = answer.json()["id"]
    assert answer["Location"] == f"/api/v1{of(world, f'/{pk}')}"
    assert (answer.json()["origin"], answer.json()["unit"], answer.json()["shape"]) == (
        "csv",
        "EUR",
        "bar",
    )
    renew = of(world, f"/{pk}/renew")
    assert program.upload(renew, {"file": file()}).json()["number"] == 1
    answer = program.upload(renew, {"file": file("Year,France\n2023,12.5\n"), "decimal": "."})
    assert (answer.json()["number"], answer.json()["versions"][0]["gone"]) == (2, 2)


def test_what_is_said_changes_under_its_version(world, call):
    program, figure = call(world.b.manager), bring(world)
    one = of(world, f"/{figure.pk}")
    assert program.patch(one, {"title": "Studios"}).status_code == 428
    answer = program.patch(one, {"title": "Studios"}, version=1)
    assert (answer.json()["title"], answer.json()["version"]) == ("Studios", 2)
    assert program.patch(one, {"title": "Others"}, version=1).status_code == 412
    assert program.patch(one, {"title": ""}, version=2).status_code == 422
    assert program.post(f"{one}/drop").json()["dropped_at"] is not None
    assert program.post(f"{one}/drop").status_code == 409
    assert program.get(of(world)).json()["results"] == []
    assert len(program.get(of(world), {"away": True}).json()["results"]) == 1
    assert program.post(f"{one}/restore").json()["dropped_at"] is None


def test_the_library_is_found_by_what_is_asked(world, call):
    program = call(world.a.manager)
    for number in (1, 2):
        FigureVersionFactory(
            figure=FigureFactory(partnership=world.partnership, title=f"Figure {number}")
        )
    titles = [one["title"] for one in program.get(of(world)).json()["results"]]
    assert titles == ["Figure 2", "Figure 1"]
    assert len(program.get(of(world), {"q": "figure 2"}).json()["results"]) == 1
    assert program.get(of(world), {"office": "OECD"}).json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_list(world, call, rows, django_assert_num_queries):
    for _number in range(rows):
        FigureVersionFactory(figure=FigureFactory(partnership=world.partnership))
    program = call(world.a.manager)
    program.get(of(world))
    with django_assert_num_queries(14):
        assert len(program.get(of(world)).json()["results"]) == rows


def test_others_find_nothing(world, call):
    figure = bring(world)
    for person in (world.a.representatives[0], world.c.manager):
        program = call(person)
        for path in (
            "",
            f"/{figure.pk}",
            f"/{figure.pk}/versions/1",
            f"/{figure.pk}/versions/1/file",
        ):
            assert program.get(of(world, path)).status_code == 404
        assert program.post(of(world, "/fetch"), ASKED).status_code == 404
        assert program.post(of(world, f"/{figure.pk}/drop")).status_code == 404
    # A figure is found in its own partnership alone.
    elsewhere = f"/assessments/{world.partnership.pk + 1}/figures/{figure.pk}"
    assert call(world.a.manager).get(elsewhere).status_code == 404
