"""Sectors, fields of science and regions: reading codes, their labels, loading a published file."""

import csv
import json
import re
from pathlib import Path

import pytest
from django.utils import translation

from proxeny.directory import queries
from proxeny.directory.command import load_vocabulary_from_command_line
from proxeny.directory.countries import read_country
from proxeny.directory.models import Term
from proxeny.directory.operations import load_vocabulary
from proxeny.directory.places import coordinates_of
from proxeny.directory.vocabularies import (
    EUROSCIVOC,
    NACE,
    NUTS,
    choices,
    own_codes,
    own_label,
    parents_of,
    point_of,
    read_code,
)
from proxeny.directory.vocabularies.nuts import regions
from proxeny.folding import fold
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import STRANGER
from tests.conftest import DATA

NACE_FILE = DATA / "nace/nacecodes.csv"
NACE_2_FILE = DATA / "nace/nace_rev2_labels_en_fr_de_el.csv"
SCIENCE_FILE = DATA / "euroscivoc/euroscivoc_terms.csv"
REGIONS_FILE = DATA / "nuts/nuts2_full.geojson"
with_data = pytest.mark.skipif(
    not NACE_FILE.exists(), reason="left out: the published vocabularies are not on this machine"
)


@pytest.mark.parametrize(
    ("scheme", "written", "code"),
    [
        (NACE, "62", "62"),
        (NACE, " 62.10 ", "62.10"),
        (NACE, "6210", "62.10"),
        (NACE, "C10.1", "10.1"),
        (NACE, "k", "K"),
        (EUROSCIVOC, "/25/73", "/25/73"),
        (EUROSCIVOC, "25/73/401", "/25/73/401"),
        (NUTS, "EL30", "EL30"),
        (NUTS, "gr30", "EL30"),
        (NUTS, "GB", "UK"),
        (NUTS, "FRK26", "FRK26"),
        (NUTS, "PT17", "PT17"),
    ],
)
def test_a_code_is_read_as_the_vocabulary_writes_it(scheme, written, code):
    assert read_code(scheme, written) == code


@pytest.mark.parametrize(
    ("scheme", "written", "said"),
    [
        (NACE, "software", "“software” isn’t a NACE code. A code looks like 62, 62.1 or 62.10."),
        (NACE, "62.1000", "“62.1000” isn’t a NACE code. A code looks like 62, 62.1 or 62.10."),
        (NACE, "45.11", "NACE Rev. 2.1 has no division 45. The nearest is 47 (Retail)."),
        (NACE, "44", "NACE Rev. 2.1 has no division 44. The nearest is 43 (Specialised"),
        (EUROSCIVOC, "/25/74", "EuroSciVoc has no field /25/74. The nearest is /25/73 (Electrical"),
        (EUROSCIVOC, "physics", "“physics” isn’t a EuroSciVoc code. A code looks like /25/73."),
        (NUTS, "FRK9", "France has no NUTS region FRK9. The nearest is FRK"),
        (NUTS, "US1", "“US1” isn’t a NUTS code. A code looks like EL30 or FRK2."),
        (NUTS, "", "“” isn’t a NUTS code."),
    ],
)
def test_what_is_no_code_is_refused_with_the_nearest(scheme, written, said):
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        read_code(scheme, written)


def test_the_whole_revision_is_there_once():
    codes = list(own_codes(NACE))
    assert sum(code.isalpha() for code in codes) == 22
    assert sum(code.isdigit() for code in codes) == 87
    assert len(set(codes)) == len(codes) == 109
    assert len(list(own_codes(EUROSCIVOC))) == 47


def test_a_code_knows_what_it_is_part_of():
    assert parents_of(NACE, "62.10") == ["K", "62", "62.1"]
    assert parents_of(NACE, "62") == ["K"]
    assert parents_of(NACE, "K") == []
    assert parents_of(EUROSCIVOC, "/25/73/401") == ["/25", "/25/73"]
    assert parents_of(NUTS, "EL303") == ["EL", "EL3", "EL30"]


def test_a_region_is_named_in_the_readers_letters():
    assert own_label(NUTS, "EL30") == "Attiki"
    assert own_label(NUTS, "EL") == "Greece"
    with translation.override("el"):
        assert own_label(NUTS, "EL30") == "Αττική"
        assert own_label(NUTS, "BG41") == "Yugozapaden"
    assert own_label(NUTS, "XX1") is None


def test_a_form_offers_the_regions_of_today():
    [(country, offered)] = choices(NUTS, country="PT")
    codes = [code for code, _label in offered]
    assert country == "Portugal"
    assert "PT1A" in codes
    assert "PT17" not in codes, "given up in 2024, and still read"
    assert "PT1" in codes
    assert all(len(code) <= 4 for code in codes)
    assert choices(NUTS, country="US") == []
    assert {name for name, _offered in choices(NUTS)} >= {"France", "Greece", "Türkiye", "Ukraine"}


def test_each_region_of_level_two_has_a_point():
    without = {one.code for one in regions().values() if one.level == 2 and not point_of(one.code)}
    assert without == set()
    assert point_of("EL303") == point_of("EL30") == coordinates_of("Athens", "GR")
    assert point_of("EL3") is None
    assert point_of("EL") is None


@pytest.mark.parametrize(
    ("city", "country", "point"),
    [
        ("Αθήνα", "GR", (37.98, 23.73)),
        ("ATHENES", "GR", (37.98, 23.73)),
        ("Marseille Cedex 13", "FR", (43.3, 5.38)),
        ("Lille (Nord)", "FR", (50.63, 3.06)),
        ("Paris, La Défense", "FR", (48.85, 2.35)),
        ("AARHUS C", "DK", (56.16, 10.21)),
        ("Gent - Zwijnaarde", "BE", (51.05, 3.72)),
        ("تونس", "TN", (36.82, 10.17)),
        ("Πειραιάς", "GR", (37.94, 23.65)),
        ("Athens", "FR", None),
        ("Nowhere at all", "FR", None),
        ("", "FR", None),
    ],
)
def test_where_a_city_lies(city, country, point):
    assert coordinates_of(city, country) == point


@pytest.mark.usefixtures("db")
def test_labels_need_no_query_where_the_product_has_them(django_assert_num_queries):
    Term.objects.create(scheme=NACE, code="62.10", language="en", label="Programming")
    Term.objects.create(scheme=NACE, code="62.10", language="fr", label="Programmation")
    Term.objects.create(scheme=NACE, code="62.20", language="el", label="Συμβουλές")
    with django_assert_num_queries(0):
        assert queries.labels_of(NACE, ["62", "K"]) == {
            "62": "Programming and computer consultancy",
            "K": "Telecommunications, software and computing",
        }
    with django_assert_num_queries(1):
        found = queries.labels_of(NACE, ["62", "62.10", "62.20", "62.90"])
    assert found["62.10"] == "Programming"
    assert found["62.20"] == "Συμβουλές", "in another language rather than not at all"
    assert found["62.90"] == "62.90"
    with translation.override("fr"):
        assert queries.label_of(NACE, "62.10") == "Programmation"
    assert queries.is_known(NACE, "62.10")
    assert not queries.is_known(NACE, "62.90")


@pytest.mark.usefixtures("db")
def test_terms_are_found_by_the_beginnings_of_words_and_codes():
    label = "Computer programming activities"
    Term.objects.create(
        scheme=NACE, code="62.10", language="en", label=label, search_text=fold(label)
    )
    assert queries.search_terms(NACE, "comp prog") == [
        ("62", "Programming and computer consultancy"),
        ("62.10", label),
    ]
    assert [code for code, _ in queries.search_terms(NACE, "62")] == ["62", "62.10"]
    assert queries.search_terms(NACE, "ogramm") == [], "the middle of a word is not its beginning"
    assert queries.search_terms(NUTS, "attik")[0] == ("EL3", "Attiki")
    assert queries.search_terms(NUTS, "FRK")[0][0] == "FRK"
    assert queries.search_terms(EUROSCIVOC, "/25/7")[0][0] == "/25/71"
    assert queries.search_terms(NACE, "  ") == []


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("db")
def test_a_vocabulary_is_loaded_in_place_of_the_last_one(tmp_path):
    first = write(
        tmp_path / "a.csv", "euroSciVocCode,euroSciVocTitle\n/25/73/1,Old\n/25/73/2,Kept\n"
    )
    load_vocabulary(actor=STRANGER, scheme=EUROSCIVOC, path=first)
    second = write(tmp_path / "b.csv", "code;en;fr\n/25/73/2;Robots;Robots\n/99/1;None;\nx;Word;\n")
    loaded = load_vocabulary(actor=STRANGER, scheme=EUROSCIVOC, path=second)
    assert (loaded.codes, loaded.languages) == (1, ["en", "fr"])
    assert loaded.left_out[0].startswith("EuroSciVoc has no field /99. The nearest is /31")
    assert loaded.left_out[1].startswith("“x” isn’t a EuroSciVoc code")
    assert set(Term.objects.values_list("code", "language", "label")) == {
        ("/25/73/2", "en", "Robots"),
        ("/25/73/2", "fr", "Robots"),
    }
    assert AuditEntry.objects.filter(verb="load_vocabulary").count() == 2


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("word,meaning\nx,y\n", "The file needs a “code” column"),
        ("code,name\nhello,there\n", "contains no codes from this vocabulary. “hello” isn’t"),
        (
            "code,name\n62,Software\n",
            "This isn’t the complete NACE Rev. 2.1. Divisions are missing.",
        ),
        ('{"a": 1}', "This JSON isn’t GeoJSON with properties."),
    ],
)
def test_another_file_is_refused_and_nothing_lost(tmp_path, text, said):
    Term.objects.create(scheme=NACE, code="62.10", language="en", label="Programming")
    with pytest.raises(InvalidInput, match=re.escape(said)):
        load_vocabulary(actor=STRANGER, scheme=NACE, path=write(tmp_path / "a", text))
    assert Term.objects.get().code == "62.10"


@with_data
@pytest.mark.usefixtures("db")
def test_the_published_nace_fits_ours():
    said = load_vocabulary_from_command_line(scheme=NACE, path=NACE_FILE, language="en")
    # 22 sections, 87 divisions, 287 groups, 651 classes; a nation's own fifth level is left out.
    assert said == ["1047 codes loaded, with labels in: en."]
    with NACE_FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    published = {row["code"] for row in rows if row["level"] in "12"}
    assert published == set(own_codes(NACE))
    for row in rows:
        if row["level"] in ("2", "3", "4"):
            assert row["parentCode"] == parents_of(NACE, row["code"])[-1]
    assert queries.label_of(NACE, "62.10") == "Computer programming activities"


@with_data
@pytest.mark.usefixtures("db")
def test_the_revision_before_is_refused_as_a_whole():
    with pytest.raises(InvalidInput, match=r"has no division 45\. The nearest is 47"):
        load_vocabulary(actor=STRANGER, scheme=NACE, path=NACE_2_FILE)
    assert not Term.objects.exists()


@with_data
@pytest.mark.usefixtures("db")
def test_the_published_euroscivoc_fits_ours():
    loaded = load_vocabulary(actor=STRANGER, scheme=EUROSCIVOC, path=SCIENCE_FILE)
    assert (loaded.codes, loaded.left_out) == (961, [])


@with_data
@pytest.mark.usefixtures("db")
def test_the_published_regions_fit_ours_and_their_points_lie_in_them():
    loaded = load_vocabulary(actor=STRANGER, scheme=NUTS, path=REGIONS_FILE)
    assert (loaded.codes, loaded.left_out) == (334, [])
    outside = {
        one["properties"]["NUTS_ID"]
        for one in json.loads(REGIONS_FILE.read_text(encoding="utf-8"))["features"]
        if not _holds(one["geometry"], point_of(one["properties"]["NUTS_ID"]))
    }
    # The shapes are coarse: a harbour or a small island lies beyond their coast.
    assert len(outside) <= 12, outside


def _holds(geometry, point) -> bool:
    parts = geometry["coordinates"]
    return any(
        _crossings(part[0], point) % 2
        for part in (parts if geometry["type"] == "MultiPolygon" else [parts])
    )


def _crossings(ring, point) -> int:
    y, x = point
    return sum(
        (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a
        for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True)
    )


@with_data
def test_most_cities_of_real_organisations_are_known_and_lie_where_they_say(record_property):
    with (DATA / "cordis_h2020_orgs_2023/organizations_union.csv").open(encoding="utf-8") as file:
        rows = {row["organisationID"]: row for row in csv.DictReader(file)}.values()
    known, near, told = 0, 0, 0
    for row in rows:
        point = coordinates_of(row["city"], read_country(row["country"]) or "")
        known += point is not None
        given = [float(part) for part in row["geolocation"].split(",") if part.strip()]
        if point and len(given) == 2:
            told += 1
            near += abs(point[0] - given[0]) < 0.25 and abs(point[1] - given[1]) < 0.35
    record_property("cities known", f"{known} of {len(rows)}, {near} of {told} within about 25 km")
    # The rest are suburbs that give a city beside them; of the points some are known to be bad.
    assert known > 0.86 * len(rows)
    assert near > 0.9 * told
