"""Numbers of registers: read however they are written, refused with what is wrong with them."""

import csv

import pytest
from stdnum.eu import vat

from proxeny.directory.identifiers import (
    check_keys,
    read_identifier,
    read_several,
    register_page,
    split_key,
    tell_key,
)
from tests.conftest import DATA


@pytest.mark.parametrize(
    ("scheme", "typed", "country", "kept"),
    [
        ("vat", "EL 094014201", "GR", "EL094014201"),
        ("vat", "GR094014201", "GR", "EL094014201"),
        ("vat", "094.014.201", "GR", "EL094014201"),
        ("vat", "fr-40 303.265.045", "FR", "FR40303265045"),
        ("vat", "BE 0403.170.701", "", "BE0403170701"),
        ("vat", "CHE-116.075.613 TVA", "CH", "CHE116075613"),
        ("vat", "NO995525828MVA", "NO", "NO995525828"),
        ("vat", "GB 132 4236 49", "GB", "GB132423649"),
        ("vat", "US 98-7654321", "", "US987654321"),
        ("vat", "MISSING", "DE", ""),
        ("vat", " – ", "DE", ""),
        ("national", "55210055400025", "FR", "FR552100554"),
        ("national", "552 100 554", "FR", "FR552100554"),
        ("national", "HRB 12345", "DE", "DEHRB12345"),
        ("national", "123456789", "", "123456789"),
        ("pic", "999 969 703", "", "999969703"),
        ("ror", "https://ror.org/05gq02987", "", "05gq02987"),
        ("ror", "05GQ02987", "", "05gq02987"),
        ("lei", "5299 00T8 BM49 AURS DO55", "", "529900T8BM49AURSDO55"),
    ],
)
def test_a_number_is_kept_as_one_compares_it(scheme, typed, country, kept):
    assert read_identifier(scheme, typed, country=country) == kept
    assert read_identifier(scheme, kept, country=country) == kept


@pytest.mark.parametrize(
    ("scheme", "typed", "country", "says"),
    [
        ("vat", "EL094014202", "GR", "check digit"),
        ("vat", "FR41303265045", "FR", "check digit"),
        ("vat", "EL0940142", "", "EL123456789"),
        ("vat", "EL0940142", "", "9 letters and digits"),
        ("vat", "12", "DE", "DE123456789"),
        ("vat", "094014201", "", "is missing its country"),
        ("vat", "ΕΛ094014201", "", "Latin letters"),
        ("pic", "12345678", "", "8 letters and digits"),
        ("pic", "12345678a", "", "999984059"),
        ("ror", "05gq02988", "", "last two digits"),
        ("ror", "https://ror.org/15gq02987", "", "05dxps055"),
        ("lei", "529900T8BM49AURSDO56", "", "check digit"),
        ("lei", "529900T8BM49AURSDO5", "", "19 letters and digits"),
        ("national", "552100555", "FR", "check digit"),
        ("national", "unknown register", "DE", "isn’t a registration number"),
        ("national", "1" * 41, "", "too long"),
        ("national", "<b>1</b>", "", "Latin letters"),
    ],
)
def test_a_refusal_says_what_is_wrong(scheme, typed, country, says):
    with pytest.raises(ValueError, match="“") as refused:
        read_identifier(scheme, typed, country=country)
    assert says in str(refused.value)


def test_several_numbers_in_one_text_are_kept_once():
    assert read_several("pic", "999984059; 999 984 059,\n999997930") == ["999984059", "999997930"]
    assert read_several("pic", " , n/a") == []


def test_keys_are_checked_and_put_in_order():
    found = check_keys(["vat:gr094014201", "pic:999984059", "pic:999 984 059", "ror:"])
    assert found == ["pic:999984059", "vat:EL094014201"]
    with pytest.raises(ValueError, match="isn’t a register we recognise"):
        check_keys(["tax:1"])
    with pytest.raises(ValueError, match="999984059x"):
        check_keys(["pic:999984059x"])


def test_a_key_is_told_with_its_register_and_page():
    assert split_key("national:DE:1") == ("national", "DE:1")
    assert tell_key("ror:05dxps055") == "ROR (research organisations) 05dxps055"
    assert register_page("ror:05dxps055") == "https://ror.org/05dxps055"
    assert register_page("vat:EL094014201") == ""


@pytest.mark.data
def test_real_vat_numbers_that_the_union_knows_are_kept():
    path = DATA / "cordis_h2020_orgs_2023" / "organizations_union.csv"
    if not path.exists():
        pytest.skip("the shared data folder is not here")
    with path.open(encoding="utf-8", newline="") as file:
        numbers = {row["vatNumber"] for row in csv.DictReader(file)}
    known = [number for number in numbers if number and vat.is_valid(number)]
    assert len(known) > 2000
    kept = [read_identifier("vat", number) for number in known]
    assert all(vat.is_valid(number) for number in kept)
