"""The pages of figures: library, fetching, bringing, one figure with its chart and versions."""

import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from proxeny.assessments.models import Figure
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.view_helpers import PAGE_SIZE
from proxeny.partnerships.models import Interest
from tests.assessments.doing import NOW
from tests.assessments.test_figures import GDP_PATH, TABLE, bring, fetch, offices  # noqa: F401
from tests.factories.assessments import (
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    make_engagement,
)
from tests.forms import form_of
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db

SAID = {
    "title": "Turnover",
    "source": "Ministry",
    "url": "https://culture.example/t",
    "licence": "CC0",
    "unit": "EUR",
    "shape": "line",
    "text": TABLE,
    "decimal": "",
}
ASKED = {
    "title": "GDP",
    "agency": "ESTAT",
    "flow": "nama_10_gdp",
    "key": "A.CP_MEUR.B1GQ.EL+FR",
    "since": "2022",
    "until": "",
    "unit": "",
    "shape": "line",
}


def page(name, *args):
    return reverse(f"assessments:{name}", args=args)


def text_of(answer):
    return words(answer.content.decode())


def test_the_address_is_shown_before_the_office_is_asked(world, sign_in, offices):  # noqa: F811
    pk, client = world.partnership.pk, sign_in(world.a.manager)
    assert "No figures yet" in text_of(client.get(page("figures", pk)))
    new = page("figure-fetch", pk)
    values = form_of(client.get(new), "flow") | ASKED
    shown = client.post(new, values)
    address = f"{offices.address}{GDP_PATH}?startPeriod=2022"
    assert shown.status_code == 200
    assert address in shown.content.decode().replace("&amp;", "&")
    assert (offices.asked, Job.objects.count()) == ([], 0)
    values = form_of(shown, "flow")
    assert values["seen"] == [address]
    # Another key has another address: it is shown before it is asked.
    shown = client.post(new, values | {"key": "A.CP_MEUR.B1GQ.FR"})
    assert "A.CP_MEUR.B1GQ.FR?startPeriod" in shown.content.decode()
    assert Job.objects.count() == 0
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    answer = client.post(new, values)
    job = Job.objects.get()
    fetching = page("figure-fetching", pk, job.pk)
    assert answer.url == fetching
    waiting = client.get(fetching)
    assert "Contacting the office" in text_of(waiting)
    assert '<meta http-equiv="refresh"' in waiting.content.decode()
    part = client.get(fetching, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith("<section")
    jobs.run(job.pk)
    assert client.get(fetching, headers={"HX-Request": "true"})["HX-Redirect"] == fetching
    answer = client.get(fetching, follow=True)
    figure = Figure.objects.get()
    assert answer.redirect_chain[-1][0] == page("figure", pk, figure.pk)
    text = text_of(answer)
    for told in (
        "The figure is in the library.",
        "Eurostat, nama_10_gdp",
        "CC BY 4.0",
        "237,573.9",
        "2,655,435",
    ):
        assert told in text


def test_what_an_office_does_not_have_can_be_put_right(world, sign_in, offices):  # noqa: F811
    pk, client = world.partnership.pk, sign_in(world.b.ambassador)
    new = page("figure-fetch", pk)
    answer = client.post(new, ASKED | {"flow": "nama 10"})
    assert answer.status_code == 422
    assert "This isn’t a data set code." in text_of(answer)
    address = f"{offices.address}/estat/data/nama_10_gpd"
    asked = ASKED | {"flow": "nama_10_gpd", "key": "", "since": "", "seen": address}
    answer = client.post(new, asked)
    jobs.run(Job.objects.get().pk)
    shown = client.get(answer.url)
    assert "Eurostat has no data set “nama_10_gpd”." in text_of(shown)
    again = f"{new}?title=GDP&amp;agency=ESTAT&amp;flow=nama_10_gpd&amp;shape=line"
    assert again in shown.content.decode()
    assert form_of(client.get(again.replace("&amp;", "&")), "flow")["flow"] == ["nama_10_gpd"]


def test_a_table_is_looked_at_before_it_is_kept(world, sign_in):
    pk, client = world.partnership.pk, sign_in(world.a.ambassador)
    new = page("figure-bring", pk)
    file = SimpleUploadedFile("t.csv", TABLE.replace("13,25", "many").encode("utf-16"))
    answer = client.post(new, SAID | {"text": "", "file": file, "look": "1"})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "1 cell is invalid" in text
    assert "3 France “many” isn’t a number." in text
    # The file stands there as text now, to be corrected.
    values = form_of(answer, "licence")
    assert "2024;many;" in values["text"][0]
    assert client.post(new, values | {"keep": "1"}).status_code == 422
    assert not Figure.objects.exists()
    values["text"] = [values["text"][0].replace("many", "13,25")]
    answer = client.post(new, values | {"look": "1"})
    assert answer.status_code == 200
    text = text_of(answer)
    for told in ("Preview", "2 series", "comma as decimal separator", "13.25"):
        assert told in text
    assert not Figure.objects.exists()
    answer = client.post(new, form_of(answer, "licence") | {"keep": "1"}, follow=True)
    figure = Figure.objects.get()
    assert answer.redirect_chain[-1][0] == page("figure", pk, figure.pk)
    assert "Ministry, uploaded on" in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": ""}, "Enter the publisher of these figures."),
        ({"url": ""}, "Enter where these figures are published."),
        ({"url": "nowhere"}, "Enter a full web address"),
        ({"licence": ""}, "Enter the licence these figures may be used under."),
        ({"title": ""}, "Describe in a few words what the figure shows."),
        ({"text": ""}, "Choose a file or paste a table."),
        ({"text": "Year,A\n"}, "No table was found."),
    ],
)
def test_what_a_table_needs_is_said_beside_its_field(world, sign_in, changes, sentence):
    answer = sign_in(world.a.manager).post(
        page("figure-bring", world.partnership.pk), SAID | changes | {"keep": "1"}
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Figure.objects.exists()


def test_a_file_that_is_none_is_refused(world, sign_in):
    client, new = sign_in(world.a.manager), page("figure-bring", world.partnership.pk)
    for content, sentence in (
        (b"", "This file is empty."),
        (b"1,2\n" * 400_000, "larger than 1 MB"),
        (b"a,b\n\0\0\0\1\0x", "This isn’t a text file"),
    ):
        answer = client.post(new, SAID | {"text": "", "file": SimpleUploadedFile("t.csv", content)})
        assert answer.status_code == 422
        assert sentence in text_of(answer)


def test_a_figure_is_drawn_and_says_the_same_as_a_table(world, sign_in):
    figure = bring(world)
    answer = sign_in(world.b.manager).get(page("figure", world.partnership.pk, figure.pk))
    content = answer.content.decode()
    data = json.loads(unescape(content.split('data-chart="')[1].split('"')[0]))
    assert data == {
        "shape": "bar",
        "unit": "million euros",
        "signs": [".", ","],
        "names": ["France", "Greece"],
        "periods": ["2023", "2024"],
        "values": [[12.5, 13.25], [7.0, None]],
    }
    assert "vendor/chart/echarts-chart" in content
    text = text_of(answer)
    for told in (
        "Turnover of sound studios (million euros)",
        "Period France Greece 2023 12.5 7",
        "Source: Ministry of culture, uploaded on 1 March 2083, CC BY 4.0",
        "https://culture.example/studios",
        "No finding you can read cites it yet.",
    ):
        assert told in text
    figure.shape = "table"
    figure.save()
    answer = sign_in(world.b.manager).get(page("figure", world.partnership.pk, figure.pk))
    assert "data-chart=" not in answer.content.decode()
    assert "echarts" not in answer.content.decode()


def test_countries_read_in_the_reader_s_language(world, sign_in):
    figure = bring(world)
    client = sign_in(world.b.manager)
    client.cookies["django_language"] = "fr"
    answer = client.get(page("figure", world.partnership.pk, figure.pk))
    assert "Grèce" in text_of(answer)


def test_a_refresh_shows_what_differs_and_keeps_the_version_before(world, sign_in, offices):  # noqa: F811
    fetch(world, offices)
    figure, pk = Figure.objects.get(), world.partnership.pk
    client = sign_in(world.b.ambassador)
    answer = client.post(page("figure-refresh", pk, figure.pk))
    jobs.run(Job.objects.latest("pk").pk)
    text = text_of(client.get(answer.url, follow=True))
    assert "Nothing has changed since" in text
    assert "Last checked for newer values" in text
    assert "version 2" not in text
    offices.say(GDP_PATH, "estat_nama_10_gdp_later.xml")
    answer = client.post(page("figure-refresh", pk, figure.pk))
    jobs.run(Job.objects.latest("pk").pk)
    text = text_of(client.get(answer.url, follow=True))
    for told in (
        "Newer values found.",
        "Changes since version 1",
        "1 value is new",
        "1 was removed",
        "1 was changed",
        "Greece 2022 removed 207,854.3 –",
        "Greece 2023 changed 225,197.1 224,686",
        "France 2024 new – 2,919,900",
    ):
        assert told in text
    old = client.get(page("figure-version", pk, figure.pk, 1))
    assert "This is version 1, added on" in text_of(old)
    assert "207,854.3" in text_of(old)
    assert "Changes since version" not in text_of(old)
    assert client.get(page("figure-version", pk, figure.pk, 3)).status_code == 404


def test_a_newer_table_is_looked_at_too(world, sign_in):
    figure, pk = bring(world), world.partnership.pk
    client, renew = sign_in(world.b.manager), page("figure-renew", pk, figure.pk)
    answer = client.post(renew, {"text": TABLE, "decimal": "", "look": "1"})
    assert "Save as a new version" in text_of(answer)
    answer = client.post(renew, {"text": TABLE, "decimal": "", "keep": "1"}, follow=True)
    assert "Nothing has changed since 1 March 2083." in text_of(answer)
    newer = TABLE.replace("13,25", "14,5")
    answer = client.post(renew, {"text": newer, "decimal": "", "keep": "1"}, follow=True)
    assert "France 2024 changed 13.25 14.5" in text_of(answer)
    assert figure.versions.count() == 2


def test_any_version_is_taken_along_with_its_source(world, sign_in, offices):  # noqa: F811
    fetch(world, offices)
    figure, pk = Figure.objects.get(), world.partnership.pk
    client = sign_in(world.b.ambassador)
    answer = client.get(page("figure-file", pk, figure.pk, 1), {"form": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[:4] == [
        "Period,Greece,France",
        "2022,207854.3,2655435",
        "2023,225197.1,2826542",
        "2024,237573.9,",
    ]
    address = f"{offices.address}{GDP_PATH}?startPeriod=2022"
    for line in (
        "What it shows,GDP of both countries",
        "Unit,CP_MEUR",
        'Source,"Eurostat, nama_10_gdp"',
        "Licence,CC BY 4.0",
        f"Query,{address}",
        "Version,1",
    ):
        assert line in lines
    assert any(line.startswith("Added on,") for line in lines)
    assert answer["Content-Disposition"] == 'attachment; filename="gdp-of-both-countries-1.csv"'
    answer = client.get(page("figure-file", pk, figure.pk, 1), {"form": "xlsx"})
    assert answer.content.startswith(b"PK")
    assert client.get(page("figure-file", pk, figure.pk, 2)).status_code == 404


def test_what_is_said_of_a_figure_is_changed_on_its_page(world, sign_in):
    figure, pk = bring(world), world.partnership.pk
    client, edit = sign_in(world.b.manager), page("figure-edit", world.partnership.pk, figure.pk)
    values = form_of(client.get(edit), "title")
    assert values["title"] == ["Turnover of sound studios"]
    assert client.post(edit, values | {"source": ""}).status_code == 422
    answer = client.post(edit, values | {"title": "Studios", "shape": "table"}, follow=True)
    assert answer.redirect_chain[-1][0] == page("figure", pk, figure.pk)
    assert "Saved. The other side can see it too." in text_of(answer)
    figure.refresh_from_db()
    assert (figure.title, figure.shape) == ("Studios", "table")


def test_a_figure_is_put_away_with_one_click_back(world, sign_in):
    figure, pk = bring(world), world.partnership.pk
    client = sign_in(world.a.manager)
    answer = client.post(page("figure-drop", pk, figure.pk), follow=True)
    assert "“Turnover of sound studios” archived." in text_of(answer)
    assert page("figure-restore", pk, figure.pk) in answer.content.decode()
    assert "Turnover of sound studios" in text_of(client.get(page("figures", pk), {"away": "on"}))
    shown = client.get(page("figure", pk, figure.pk))
    assert "This has been archived." in text_of(shown)
    answer = client.post(page("figure-restore", pk, figure.pk), follow=True)
    assert "“Turnover of sound studios” restored." in text_of(answer)
    FindingSourceFactory(
        finding=FindingFactory(engagement=make_engagement(world)), figure=figure.versions.get()
    )
    answer = client.post(page("figure-drop", pk, figure.pk), follow=True)
    assert answer.redirect_chain[-1][0] == page("figure", pk, figure.pk)
    assert "A finding is based on this figure, so it can’t be archived." in text_of(answer)


def make_library(world, count=3):
    made = []
    for number in range(1, count + 1):
        figure = FigureFactory(
            partnership=world.partnership, title=f"Figure {number}", unit=f"unit {number % 2}"
        )
        FigureVersionFactory(figure=figure)
        made.append(figure)
    return made


def test_the_library_is_searched_filtered_sorted_and_taken_along(world, sign_in):
    _first, second, third = make_library(world)
    third.origin, third.agency, third.flow = "sdmx", "OECD", "DF_CLI"
    third.save()
    FindingSourceFactory(
        finding=FindingFactory(engagement=make_engagement(world), title="They buy"),
        figure=second.versions.get(),
    )
    client, library = sign_in(world.a.manager), page("figures", world.partnership.pk)

    def titles(**query):
        answer = client.get(library, query)
        return [one.title for one in answer.context["figures"]]

    assert titles(sort="title") == ["Figure 1", "Figure 2", "Figure 3"]
    assert titles(sort="-title") == ["Figure 3", "Figure 2", "Figure 1"]
    assert titles(sort="cited")[0] == "Figure 2"
    assert titles(q="df_cli") == ["Figure 3"]
    assert titles(office="OECD") == ["Figure 3"]
    assert titles(office="csv", sort="title") == ["Figure 1", "Figure 2"]
    assert titles(unit="unit 0") == ["Figure 2"]
    assert titles(away="on") == []
    assert titles(sort="nonsense", office="nonsense", unit="nonsense", page="-1") != []
    assert "Nothing matches" in text_of(client.get(library, {"q": "nowhere"}))
    table = client.get(library, {"export": "csv", "sort": "title"}).content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in table.splitlines()] == [
        "What it shows",
        "Figure 1",
        "Figure 2",
        "Figure 3",
    ]
    assert client.get(library, {"export": "xlsx"}).content.startswith(b"PK")
    cited = client.get(page("figure", world.partnership.pk, second.pk))
    assert "They buy" in text_of(cited)


def test_the_library_has_pages(world, sign_in):
    make_library(world, PAGE_SIZE + 1)
    client, library = sign_in(world.a.manager), page("figures", world.partnership.pk)
    answer = client.get(library)
    assert (len(answer.context["figures"]), answer.context["next_url"]) == (PAGE_SIZE, "?page=2")
    assert len(client.get(library, {"page": "2"}).context["figures"]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_library(world, sign_in, rows, django_assert_num_queries):
    figures = make_library(world, rows)
    engagement = make_engagement(world)
    for number in range(rows):
        FindingSourceFactory(
            finding=FindingFactory(engagement=engagement), figure=figures[number].versions.get()
        )
        FindingSourceFactory(
            finding=FindingFactory(engagement=engagement), figure=figures[0].versions.get()
        )
    client = sign_in(world.a.manager)
    client.get(page("figures", world.partnership.pk))
    with django_assert_num_queries(14):
        client.get(page("figures", world.partnership.pk))
    for number in range(2, rows + 1):
        FigureVersionFactory(figure=figures[0], number=number, brought_by=world.b.manager)
    with django_assert_num_queries(16 if rows == 1 else 17):
        client.get(page("figure", world.partnership.pk, figures[0].pk))


def test_who_opens_the_pages_of_figures(world, sign_in):
    figure, pk = bring(world), world.partnership.pk
    finding = FindingFactory(engagement=make_engagement(world), title="They buy")
    FindingSourceFactory(finding=finding, figure=figure.versions.get())
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.ambassador,
        subject="assessment",
        subject_id=finding.engagement_id,
        conflicts=True,
        said_at=NOW,
    )
    pages = [
        page("figures", pk),
        page("figure", pk, figure.pk),
        page("figure-fetch", pk),
        page("figure-bring", pk),
        page("figure-file", pk, figure.pk, 1),
        page("figure-edit", pk, figure.pk),
        page("figure-renew", pk, figure.pk),
    ]
    for person in (world.a.manager, world.a.ambassador, world.b.manager, world.b.ambassador):
        client = sign_in(person)
        assert {client.get(one).status_code for one in pages} == {200}
        is_told = "They buy" in text_of(client.get(page("figure", pk, figure.pk)))
        assert is_told == (person != world.b.ambassador)
    for person in (world.a.representatives[0], world.b.representatives[1], world.c.manager):
        client = sign_in(person)
        assert {client.get(one).status_code for one in pages} == {404}
