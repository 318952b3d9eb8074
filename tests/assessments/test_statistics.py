"""Statistical offices are asked and read: over HTTP, from answers as they give them."""

import socket
from collections.abc import Iterator

import pytest
import sdmx
from sdmx.source import Source

from proxeny.assessments.statistics import outbound
from proxeny.assessments.statistics.naming import tell_name, unit_of
from proxeny.assessments.statistics.outbound import OfficeSession, OtherHost
from proxeny.assessments.statistics.sdmx import Query, address_of, check_query, fetch
from proxeny.assessments.statistics.sources import OFFICES, get_office
from proxeny.config.environment import BadEnvironment, read_environment
from proxeny.kernel.errors import InvalidInput
from tests.assessments.offices import JSON, STRUCTURED, Offices, answering

GDP = Query("ESTAT", "nama_10_gdp", "A.CP_MEUR.B1GQ.EL+FR", "2022", "2024")
GDP_PATH = "/estat/data/nama_10_gdp/A.CP_MEUR.B1GQ.EL+FR"
RATES = Query("ECB", "EXR", "M.USD+GBP.EUR.SP00.A")
CLI = Query("OECD", "OECD.SDD.STES,DSD_STES@DF_CLI,4.1", "FRA.M.LI...AA...H", "2026-08")


@pytest.fixture
def offices(settings) -> Iterator[Offices]:
    with answering() as opened:
        settings.STATISTICS_AT = opened.places()
        yield opened


def refusal(query: Query, **more) -> tuple[str, str | None]:
    with pytest.raises(InvalidInput) as caught:
        fetch(query, **more)
    return str(caught.value), caught.value.field


def test_eurostat_is_read(offices):
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    steps = []
    fetched = fetch(GDP, report=steps.append)
    assert fetched.series == [
        {"name": "Greece", "points": [["2022", 207854.3], ["2023", 225197.1], ["2024", 237573.9]]},
        {"name": "France", "points": [["2022", 2655435.0], ["2023", 2826542.0]]},
    ]
    assert fetched.unit == "CP_MEUR"
    assert fetched.address == f"{offices.address}{GDP_PATH}?startPeriod=2022&endPeriod=2024"
    assert steps == ["ask", "read"]
    assert offices.asked == [f"{GDP_PATH}?startPeriod=2022&endPeriod=2024"]
    [headers] = offices.headers
    assert headers["Accept"] == "application/vnd.sdmx.genericdata+xml;version=2.1"
    assert headers["User-Agent"] == "Proxeny-Statistics/1"


def test_the_central_bank_is_read(offices):
    offices.say("/ecb/data/EXR/M.USD+GBP.EUR.SP00.A", "ecb_exr.xml", media_type=STRUCTURED)
    fetched = fetch(RATES)
    assert fetched.series == [
        {"name": "USD", "points": [["2026-08", 1.1012], ["2026-09", 1.1106]]},
        {"name": "GBP", "points": [["2026-08", 0.86112], ["2026-09", 0.8604]]},
    ]
    assert fetched.unit == ""


def test_the_oecd_is_read(offices):
    path = "/oecd/data/OECD.SDD.STES,DSD_STES@DF_CLI,4.1/FRA.M.LI...AA...H"
    offices.say(path, "oecd_cli.xml")
    fetched = fetch(CLI)
    assert fetched.series == [
        {"name": "France", "points": [["2026-08", 99.84], ["2026-09", 99.91]]}
    ]
    assert (fetched.unit, offices.asked) == ("IX", [f"{path}?startPeriod=2026-08"])


def test_flat_json_is_read(offices):
    offices.say("/oecd/data/UNE", "oecd_flat.json", media_type=JSON)
    fetched = fetch(Query("OECD", "UNE"))
    assert fetched.series == [
        {"name": "Greece", "points": [["2024-Q1", 4.1], ["2024-Q2", 4.3]]},
        {"name": "France", "points": [["2024-Q1", 7.25]]},
    ]
    assert fetched.unit == "PT_LF"


@pytest.mark.parametrize("query", [GDP, RATES, CLI, Query("ECB", "EXR", since="2024-Q1")])
def test_the_address_is_the_one_that_sdmx1_builds(query):
    office = OFFICES[query.agency]
    client = sdmx.Client()
    client.source = Source(id=office.code, url=office.address, name=office.name)
    periods = {"startPeriod": query.since, "endPeriod": query.until}
    built = client.get(
        "data",
        query.flow,
        key=query.key or None,
        dry_run=True,
        params={name: value for name, value in periods.items() if value},
    )
    assert address_of(query) == built.url.replace("/all?", "?")


def test_an_unknown_data_set_is_named(offices):
    assert refusal(Query("ESTAT", "nama_10_gpd")) == (
        ("Eurostat has no data set “nama_10_gpd”. Copy its code exactly as the office writes it."),
        "flow",
    )
    assert offices.asked == ["/estat/data/nama_10_gpd", "/estat/dataflow/ESTAT/nama_10_gpd"]
    assert refusal(CLI)[1] == "flow"
    assert offices.asked[-1] == "/oecd/dataflow/OECD.SDD.STES/DSD_STES@DF_CLI"


def test_a_key_that_matches_nothing_is_explained_by_the_office(offices):
    offices.say("/estat/dataflow/ESTAT/nama_10_gdp", b"<x/>", media_type="application/xml")
    offices.say(GDP_PATH, "estat_fault_value.xml", status=400, media_type="text/xml")
    assert refusal(GDP) == (
        (
            "Nothing in nama_10_gdp matches this key and these periods. The office says: "
            "“INVALID_QUERY_DIMENSION_VALUE: Query is invalid as per its structure's definition. The "
            "following values for dimension are not allowed: GEO=XX.”"
        ),
        "key",
    )
    offices.say(
        GDP_PATH, b"<html><body>Not found</body></html>", status=404, media_type="text/html"
    )
    assert refusal(GDP) == (
        (
            "Nothing in nama_10_gdp matches this key and these periods. Check the "
            "codes and their order at the office."
        ),
        "key",
    )


def _generic(series: int, points: int) -> bytes:
    whole = (answering_file("estat_nama_10_gdp.xml")).decode()
    head, foot = whole.split("<g:Series>")[0], "</m:DataSet></m:GenericData>"
    observed = "".join(
        f'<g:Obs><g:ObsDimension value="{1600 + number}"/><g:ObsValue value="1"/></g:Obs>'
        for number in range(points)
    )
    made = "".join(
        f'<g:Series><g:SeriesKey><g:Value id="geo" value="R{number}"/></g:SeriesKey>{observed}'
        "</g:Series>"
        for number in range(series)
    )
    return f"{head}{made}{foot}".encode()


def answering_file(name: str) -> bytes:
    from tests.assessments.offices import RECORDED

    return (RECORDED / name).read_bytes()


def test_an_empty_answer_matches_nothing(offices):
    offices.say(GDP_PATH, _generic(0, 0))
    assert refusal(GDP)[0].startswith("Nothing in nama_10_gdp matches this key")


def test_too_many_series_and_values_are_counted(offices):
    offices.say(GDP_PATH, _generic(51, 1))
    assert refusal(GDP) == (
        ("The key matches 51 series; up to 50 can be fetched at once. Add more codes to the key."),
        "key",
    )
    offices.say(GDP_PATH, _generic(20, 251))
    assert refusal(GDP) == (
        (
            "The key matches 5020 values; up to 5000 can be fetched at once. Choose "
            "fewer series or fewer periods."
        ),
        "key",
    )
    offices.say(GDP_PATH, _generic(50, 100))
    assert sum(len(one["points"]) for one in fetch(GDP).series) == 5000


def test_an_answer_that_is_too_large_is_not_read(offices):
    large = (
        (
            "Eurostat has too much data under this key to fetch at once. Add more "
            "codes to the key or choose fewer periods."
        ),
        "key",
    )
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    assert refusal(GDP, most=1000) == large
    # Eurostat makes a file of it, and says where it will be: nobody waits for that.
    offices.say(GDP_PATH, "estat_footer.xml")
    assert refusal(GDP) == large
    offices.say(GDP_PATH, b"", status=413)
    assert refusal(GDP) == large
    assert offices.asked == [f"{GDP_PATH}?startPeriod=2022&endPeriod=2024"] * 3


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<html><body>Maintenance</body></html>", "text/html"),
        (b"not at all", "application/xml"),
        (b"<m:GenericData", "application/vnd.sdmx.genericdata+xml;version=2.1"),
        (b"{}", JSON),
        (b"", "application/xml"),
    ],
)
def test_what_is_no_statistics_is_not_read(offices, body, media_type):
    offices.say(GDP_PATH, body, media_type=media_type)
    assert refusal(GDP) == (
        (
            "The answer from Eurostat can’t be read as statistics. Nothing was "
            "changed. Try again later, or upload the data set as CSV."
        ),
        None,
    )


def test_a_value_that_is_none_is_not_read(offices):
    bad = answering_file("estat_nama_10_gdp.xml").replace(b'"225197.1"', b'"a lot"')
    offices.say(GDP_PATH, bad)
    assert refusal(GDP)[0] == (
        "The office’s answer contains values that can’t be read. Nothing was saved. "
        "Narrow the key, or upload the data set as CSV."
    )


def test_entities_are_not_followed(offices, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("225197.1")
    bad = (
        answering_file("estat_nama_10_gdp.xml")
        .replace(
            b"<m:GenericData",
            f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]><m:GenericData'.encode(),
            1,
        )
        .replace(b'value="EL"', b'value="&s;"')
    )
    offices.say(GDP_PATH, bad)
    assert refusal(GDP)[0].startswith("The answer from Eurostat can’t be read")


def test_errors_of_the_office_and_redirects_are_told(offices):
    offices.say(GDP_PATH, b"busy", status=503)
    assert refusal(GDP) == (
        "Eurostat returned an error (503). Try again later.",
        None,
    )
    offices.say(GDP_PATH, b"http://127.0.0.1:1/elsewhere", status=302)
    assert refusal(GDP)[0].startswith("The answer from Eurostat can’t be read")
    assert len(offices.asked) == 2


def test_an_office_that_is_away_is_told(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    settings.STATISTICS_AT = {"ESTAT": f"http://127.0.0.1:{port}/estat"}
    assert refusal(GDP) == (
        "Couldn’t reach Eurostat. Nothing was changed. Try again later.",
        None,
    )


def test_an_office_that_never_ends_is_left(settings, monkeypatch):
    monkeypatch.setattr(outbound, "READ_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.STATISTICS_AT = {"ESTAT": f"http://127.0.0.1:{port}/estat"}
        assert refusal(GDP)[0].startswith("Couldn’t reach Eurostat.")


def test_a_session_asks_its_office_alone(offices):
    with OfficeSession(get_office("ESTAT")) as session:
        for address in (
            "https://example.org/",
            offices.address.replace("http", "https"),
            "http://127.0.0.1:1/estat/data/x",
        ):
            with pytest.raises(OtherHost):
                session.get(address)
    assert offices.asked == []


def test_addresses_within_a_network_are_refused(settings):
    # A name that leads into one's own network, or to the machine itself by another name.
    for host in ("10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "192.168.1.1"):
        settings.STATISTICS_AT = {"ESTAT": f"https://{host}/estat"}
        assert refusal(GDP)[0].startswith("Couldn’t reach Eurostat.")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (Query("INSEE", "x"), "agency"),
        (Query("ESTAT", ""), "flow"),
        (Query("ESTAT", "../secret"), "flow"),
        (Query("ESTAT", "x?y"), "flow"),
        (Query("ESTAT", "a,b,c,d"), "flow"),
        (Query("ESTAT", "x", "A/../B"), "key"),
        (Query("ESTAT", "x", "A#B"), "key"),
        (Query("ESTAT", "x", "A" * 301), "key"),
        (Query("ESTAT", "x", "A", "last year"), "since"),
        (Query("ESTAT", "x", "A", "2024&x=1"), "since"),
        (Query("ESTAT", "x", "A", "2024-13"), "since"),
        (Query("ESTAT", "x", "A", "2024", "2023"), "until"),
    ],
)
def test_a_query_that_no_office_has_is_refused(query, field):
    with pytest.raises(InvalidInput) as caught:
        check_query(query)
    assert caught.value.field == field


def test_a_query_is_taken_without_spaces():
    assert check_query(Query("ESTAT", " x ", " A.B ", "2024-Q1 ", "")) == Query(
        "ESTAT", "x", "A.B", "2024-Q1", ""
    )


def test_units_are_told_with_their_power():
    assert unit_of([{"UNIT": "EUR", "UNIT_MULT": "6"}] * 2) == "10^6 EUR"
    assert unit_of([{"UNIT": "EUR"}, {"UNIT": "USD"}]) == ""
    assert unit_of([{"unit": "PC"}]) == "PC"


def test_countries_are_named_in_the_reader_s_language():
    assert tell_name("Greece · B1GQ", "fr") == "Grèce · B1GQ"
    assert tell_name("France", "el") == "Γαλλία"
    assert tell_name("Turnover", "ar") == "Turnover"


def test_where_offices_answer_is_read_from_the_environment():
    read = read_environment(
        {"PROXENY_STATISTICS_AT": "ESTAT=https://m.example/x/, ECB=http://localhost:9/y"}
    )
    assert read["PROXENY_STATISTICS_AT"] == {
        "ESTAT": "https://m.example/x",
        "ECB": "http://localhost:9/y",
    }
    for bad in (
        "ESTAT",
        "ESTAT=http://m.example",
        "ESTAT=http://127.0.0.1.m.example/",
        "ESTAT=ftp://x",
    ):
        with pytest.raises(BadEnvironment):
            read_environment({"PROXENY_STATISTICS_AT": bad})
