"""Files of calls: recognised, shown, taken; what is wrong is told with its row."""

import gzip
import io
import json
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.calls.models import Call, CallImport
from proxeny.calls.operations import calls as by_hand
from proxeny.calls.operations.importing import bring_calls, leave_calls, take_calls
from proxeny.calls.rules import closing_moment
from proxeny.calls.sources.facts import read_facts
from proxeny.calls.sources.guessing import guess_part, guess_rule_set
from proxeny.calls.sources.reading import read_file
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from tests.conftest import DATA, reader_of
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
PORTAL = {
    "topicId": "HORIZON-CL5-2041-1",
    "title": "Cleaner harbours",
    "programme": "Horizon Europe",
    "callIdentifier": "HORIZON-CL5-2027",
    "deadline": "2041-03-17",
    "stage": "single-stage",
    "budgetMin": 4000000.0,
    "budgetMax": "",
    "expectedGrants": 2.0,
    "typesOfAction": "HORIZON  Research and Innovation Actions",
    "keywords": "HORIZON-CL5-2027, HORIZON-CL5-2041-1, Harbours, Sensors",
    "portalUrl": "https://portal.example.org/topic",
    "description": "Objective: clean water.",
}


def _lines(*rows):
    return "\n".join(json.dumps(one) for one in rows).encode()


def _csv(*rows):
    return ("reference;title;closes at;budget;topics\r\n" + "\r\n".join(rows)).encode()


@pytest.fixture
def bring(world, reading):
    def bring(content, *, person=None, name="calls.jsonl"):
        person = person or world.a.manager
        with reading(person):
            return bring_calls(
                actor=reader_of(person),
                cluster_id=world.a.cluster.pk,
                file_name=name,
                content=content,
                now=NOW,
            )

    return bring


@pytest.fixture
def take(world, reading):
    def take(one, *, person=None, **given):
        person = person or world.a.manager
        with reading(person):
            return take_calls(
                actor=reader_of(person), import_id=one.pk, version=one.version, now=NOW, **given
            )

    return take


def test_an_export_is_shown_first_and_then_taken(world, bring, take):
    one = bring(_lines(PORTAL, PORTAL | {"topicId": "X-2", "title": "Other", "programme": "LIFE"}))
    assert (one.rows, one.added, one.changed, one.unchanged, one.problem_count) == (2, 2, 0, 0, 0)
    assert one.report["new"][0] == ["HORIZON-CL5-2041-1", "Cleaner harbours"]
    assert not Call.objects.exists()
    taken = take(one)
    assert (taken.state, taken.added, bytes(taken.content)) == ("taken", 2, b"")
    call = Call.objects.get(reference="HORIZON-CL5-2041-1")
    assert (call.rule_set, call.part) == ("horizon-europe-ria", "pillar-2")
    assert call.action == "HORIZON Research and Innovation Actions"
    assert call.topics == ["Harbours", "Sensors"]
    assert (call.grant_least, call.grant_most, call.grants_expected) == (Decimal(4000000), None, 2)
    assert call.closes_at == closing_moment(date(2041, 3, 17))
    assert (call.source, call.brought_by, call.brought_at) == ("portal", world.a.manager, NOW)
    assert call.steward == world.a.cluster
    assert AuditEntry.objects.get(verb="take_calls").changes["added"] == 2


def test_taking_the_same_again_changes_nothing(bring, take):
    take(bring(_lines(PORTAL)))
    again = bring(_lines(PORTAL))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    before = Call.objects.values().get()
    take(again)
    assert Call.objects.values().get() == before
    assert not AuditEntry.objects.filter(verb="change_call").exists()


def test_what_changed_is_told_and_what_a_person_wrote_stays(world, bring, take, reading):
    take(bring(_lines(PORTAL)))
    call = Call.objects.get()
    facts = by_hand.facts_of(call)
    with reading(world.a.ambassador):
        by_hand.change_call(
            actor=reader_of(world.a.ambassador),
            call_id=call.pk,
            version=1,
            now=NOW,
            facts=by_hand.CallFacts(
                **{
                    **{name: getattr(facts, name) for name in by_hand.COLUMNS},
                    "rule_set": "horizon-europe-csa",
                    "budget": Decimal(7),
                }
            ),
        )
    one = bring(_lines(PORTAL | {"deadline": "2041-04-01", "description": ""}))
    assert (one.added, one.changed) == (0, 1)
    [[reference, _title, changes]] = one.report["changed"]
    assert reference == "HORIZON-CL5-2041-1"
    assert [name for name, _was, _is in changes] == ["closes_at"]
    take(one)
    call.refresh_from_db()
    assert (call.rule_set, call.budget, call.version) == ("horizon-europe-csa", 7, 3)
    assert call.text == "Objective: clean water."
    assert call.closes_at == closing_moment(date(2041, 4, 1))


@pytest.mark.parametrize(
    ("cells", "line", "field", "words"),
    [
        ("B-2;;2041-01-01;;", 3, "title", "title"),
        (";No name;2041-01-01;;", 3, "reference", "reference"),
        ("B-2;When;soon;;", 3, "closes_at", "“soon” isn’t a date"),
        ("B-2;When;2041-02-30;;", 3, "closes_at", "isn’t a date"),
        ("B-2;Sum;2041-01-01;much;", 3, "budget", "“much” isn’t an amount"),
        ("B-1;Twice;2041-01-01;;", 3, "reference", "Row 2 already has the reference"),
        ("B-2;Wide;2041-01-01;;a;b", 3, "", "more cells than the header"),
    ],
)
def test_a_wrong_row_is_told_and_keeps_all_out_unless_it_is_left_out(
    bring, take, cells, line, field, words
):
    one = bring(_csv("B-1;Fine;2041-01-01;1.500.000,50;nets", cells))
    assert (one.added, one.problem_count) == (1, 1)
    [problem] = one.problems
    assert (problem["line"], problem["field"]) == (line, field)
    assert words in problem["text"]
    with pytest.raises(Conflict):
        take(one)
    assert not Call.objects.exists()
    assert take(one, leave_out=True).problem_count == 1
    assert Call.objects.get().budget == Decimal("1500000.50")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<html></html>", "HTML"),
        (b"[1, 2, 3]", "doesn’t say which calls"),
        (b'{"topics": {"a": 1}}', "“topics”"),
        (b'[{"id": 7, "label": "x"}]', "“id”"),
        (b'{"id": 7}\n{"id": 8}', "“id”"),
        (b'[{"topicId": "A", "title": "B"', "cut off"),
        (b'[{"topicId": "A", "title": NaN}]', "cut off"),
        (b"[" * 100_000, "cut off"),
        (b"name,country\r\nAcme,FR\r\n", "“country”"),
        (b"reference,title\r\n", "no call"),
        (b"just some words", "doesn’t say which calls"),
    ],
)
def test_a_file_of_an_unknown_shape_is_refused_with_a_sentence(bring, content, words):
    with pytest.raises(InvalidInput) as refused:
        bring(content)
    assert words in str(refused.value)
    assert refused.value.field == "file"
    assert not CallImport.objects.exists()


def test_a_line_that_is_cut_off_is_told_and_the_others_are_read(bring):
    one = bring(_lines(PORTAL) + b'\n{"topicId": "X"\n[1]')
    assert (one.added, [problem["line"] for problem in one.problems]) == (1, [2, 3])


def test_packed_files_and_a_whole_export_with_the_calls_further_in_are_read(bring):
    whole = json.dumps({"fundingData": {"GrantTenderObj": [PORTAL], "more": []}}).encode()
    search = json.dumps(
        {
            "results": [
                {
                    "url": "https://x.example.org",
                    "metadata": {
                        "identifier": ["X-1"],
                        "title": ["A title"],
                        "deadlineDate": [
                            "2041-01-20T17:00:00.000+0000",
                            "2021-01-20T17:00:00.000+0000",
                        ],
                        "frameworkProgramme": [{"abbreviation": "HORIZON"}],
                    },
                }
            ]
        }
    ).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("calls.json", whole)
    for content in (whole, json.dumps([PORTAL]).encode(), gzip.compress(whole), packed.getvalue()):
        assert bring(content).added == 1
    [record] = read_file(search).records
    facts = read_facts(record.cells, now=NOW)
    assert (facts["reference"], facts["title"], facts["programme"]) == ("X-1", "A title", "HORIZON")
    assert facts["closes_at"] == datetime(2041, 1, 20, 17, tzinfo=UTC)


def test_dates_sums_and_texts_are_read_as_people_write_them():
    def read(**cells):
        return read_facts(cells, now=NOW)

    days = (
        "2041-05-31",
        "31/05/2041",
        "31.5.2041",
        "31 May 2041",
        "2041-05-31T17:00:00+0200",
        "2041-05-31 17:00",
        1811862000000,
    )
    closing = closing_moment(date(2041, 5, 31))
    assert [read(closes_at=one)["closes_at"] for one in days[:6]] == [closing] * 6
    assert read(opens_on="2041-05-31")["opens_on"] == date(2041, 5, 31)
    sums = {
        "1500000": "1500000",
        "1 500 000": "1500000",
        "1,500,000.5": "1500000.5",
        "€1.500.000": "1500000",
        "EUR 1500000,25": "1500000.25",
        "1e6": "1000000",
    }
    assert {one: read(budget=one)["budget"] for one in sums} == {
        one: Decimal(value) for one, value in sums.items()
    }
    two = read(closes_at=["2041-09-01", "2041-02-01"], stage="two-stage")
    assert two["closes_at"] < two["second_closes_at"]
    cut = read(closes_at=["2021-02-01", "2041-02-01", "2042-02-01"])
    assert cut["closes_at"] == closing_moment(date(2041, 2, 1))
    html = read(text="<p>Clean &amp; calm</p><ul><li>one</li></ul><script>x</script>")["text"]
    assert html.split() == ["Clean", "&", "calm", "one", "x"]
    assert read(title="a\0b", reference="x")["title"] == "a b"
    assert read(rule_set="Eurostars 3")["rule_set"] == "eurostars-3"


@pytest.mark.parametrize(
    ("call", "rule_set", "part"),
    [
        (("HORIZON-CL4-2026-1", "Horizon Europe", "HORIZON-RIA"), "horizon-europe-ria", "pillar-2"),
        (
            ("HORIZON-JU-X-2026", "Horizon Europe", "HORIZON JU Innovation Actions"),
            "horizon-europe-ia",
            "pillar-2",
        ),
        (
            ("HORIZON-WIDERA-2026-1", "", "HORIZON Coordination and Support Actions"),
            "horizon-europe-csa",
            "widening",
        ),
        (("ERC-2026-POC", "Horizon Europe", "HORIZON ERC Grants"), "", "pillar-1"),
        (("H2020-SC5-2019", "Horizon 2020", "Innovation action"), "horizon-2020-ia", ""),
        (("LIFE-2026-CET-X", "LIFE", "LIFE Project Grants"), "life-clean-energy", ""),
        (("HORIZON-EURATOM-2026", "Horizon Europe", "EURATOM Innovation Actions"), "", ""),
        (("EDF-2026", "European Defence Fund", "EDF Research Actions"), "", ""),
    ],
)
def test_conditions_are_guessed_by_names(call, rule_set, part):
    assert (guess_rule_set(*call), guess_part(*call[:2])) == (rule_set, part)


def test_who_does_not_keep_the_clusters_calls_brings_and_takes_nothing(world, bring, take, reading):
    for person in (world.a.representatives[0], world.b.manager, world.c.manager):
        with pytest.raises(NotAllowed):
            bring(_lines(PORTAL), person=person)
    one = bring(_lines(PORTAL))
    for person in (world.a.representatives[0], world.b.manager, world.c.manager):
        with pytest.raises(NotFound):
            take(one, person=person)
    assert not Call.objects.exists()


def test_a_file_is_taken_once_or_left(world, bring, take, reading):
    one = bring(_lines(PORTAL))
    take(one)
    with pytest.raises(Conflict):
        take(one)
    other = bring(_lines(PORTAL | {"topicId": "Y"}))
    with reading(world.a.manager):
        leave_calls(
            actor=reader_of(world.a.manager), import_id=other.pk, version=1, now=timezone.now()
        )
    assert CallImport.objects.get() == one
    assert Call.objects.count() == 1


def test_a_call_of_another_cluster_with_the_same_reference_is_another_call(world, bring, take):
    CallFactory(steward=world.b.cluster, reference="HORIZON-CL5-2041-1", title="Of B")
    take(bring(_lines(PORTAL)))
    assert Call.objects.get(steward=world.b.cluster).title == "Of B"
    assert Call.objects.count() == 2


@pytest.mark.slow
def test_ten_thousand_calls_come_in_one_file(bring, take, record_property):
    text = "Small firms and labs try sensors in harbours. " * 40
    content = gzip.compress(
        _lines(*(PORTAL | {"topicId": f"T-{one}", "description": text} for one in range(10_000)))
    )
    start = time.perf_counter()
    one = bring(content)
    shown = time.perf_counter()
    assert (one.added, one.problem_count) == (10_000, 0)
    take(one)
    record_property("10,000 calls shown, s", f"{shown - start:.1f}")
    record_property("10,000 calls taken, s", f"{time.perf_counter() - shown:.1f}")
    assert Call.objects.count() == 10_000


@pytest.mark.data
def test_the_real_export_is_read_whole(bring, take):
    path = DATA / "eu_calls_2026" / "calls_clean.jsonl"
    if not path.exists():
        pytest.skip("The export of the portal is not beside the project.")
    one = bring(path.read_bytes())
    assert (one.added, one.problem_count) == (629, 0)
    take(one)
    assert Call.objects.filter(rule_set="horizon-europe-ria").count() == 197
    assert bring(path.read_bytes()).unchanged == 629
