"""Cells with several values, texts that are too long, headers and languages of an import."""

import csv
import io

import pytest
from django.test import Client
from django.utils import translation

from proxeny.accounts.models import Person
from proxeny.directory import operations
from proxeny.directory.command import import_from_command_line
from proxeny.directory.memberlist.cells import shorten
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.columns import match_columns
from proxeny.directory.memberlist.lists import guess_separator, split_cell, write_list
from proxeny.directory.models import MemberImport, Organisation
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.directory.test_import import bring  # noqa: F401 - a fixture

FIELDS = ("Matériaux, mécanique & procédés", "Santé", "Informatique, logiciel & TIC")
FRENCH = "Nom;Pays;Domaine\n" + "".join(f"M{at};FR;{one}\n" for at, one in enumerate(FIELDS))


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (FIELDS, "none"),
        (("Health, Imaging", "Imaging, 3D", "Games"), "comma"),
        (("Health", "Health, Imaging"), "comma"),
        (("Heritage; 3D, printed", "Animation"), "semicolon"),
        (("a|b", "c"), "pipe"),
        (("Health, Imaging",), "comma"),
        (("Games", "3D"), ""),
        (("الصحة، التصوير", "التصوير، الألعاب"), "comma"),
    ],
)
def test_separator_is_guessed_from_the_whole_column(cells, separator):
    assert guess_separator(cells) == separator


@pytest.mark.parametrize(
    ("separator", "values"),
    [
        ("none", ["a; b, c | d"]),
        ("comma", ["a; b", "c | d"]),
        ("semicolon", ["a", "b, c | d"]),
        ("pipe", ["a; b, c", "d"]),
    ],
)
def test_cell_is_split_at_the_chosen_sign_only(separator, values):
    assert split_cell("sectors", "a; b, c | d", separator) == values


@pytest.mark.parametrize("values", [["a", "b"], ["a, b & c"], ["a, b", "c"], ["a"], []])
def test_written_list_is_read_as_the_same_values(values):
    assert split_cell("sectors", write_list(values)) == values


def test_field_with_a_comma_stays_one_and_the_check_shows_how_it_is_read(world, bring):  # noqa: F811
    brought = bring(FRENCH)
    assert Organisation.objects.get(name="M0").sectors == [FIELDS[0]]
    (shown,) = brought.report["lists"]
    assert (shown["field"], shown["column"], shown["separator"], shown["is_guessed"]) == (
        "sectors",
        "Domaine",
        "none",
        True,
    )
    assert shown["examples"][0] == (FIELDS[0], [FIELDS[0]])


def test_chosen_separator_goes_before_the_guess_and_is_remembered(world, bring):  # noqa: F811
    options = Options(country="FR", separators={"sectors": "comma"})
    brought = bring(FRENCH, options=options)
    assert Organisation.objects.get(name="M0").sectors == ["Matériaux", "mécanique & procédés"]
    assert not brought.report["lists"][0]["is_guessed"]
    assert bring(FRENCH).options["separators"] == {"sectors": "comma"}


def test_separator_is_chosen_on_the_page_and_in_the_api(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader, cluster_id=world.a.cluster.pk, file_name="l.csv", content=FRENCH.encode()
        )
    client = Client()
    client.force_login(world.a.manager.account)
    page = client.get(f"/directory/import/{brought.pk}/?columns=1")
    form = page.context["form"]
    sent = {one.html_name: one.value() or [] for one in form}
    sent["separator_sectors"] = "semicolon"
    answer = client.post(f"/directory/import/{brought.pk}/columns/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    brought.refresh_from_db()
    assert brought.options["separators"] == {"sectors": "semicolon"}


def test_separator_is_chosen_by_a_program(world, call):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader, cluster_id=world.a.cluster.pk, file_name="l.csv", content=FRENCH.encode()
        )
    program, path = call(world.a.manager), f"/directory/imports/{brought.pk}"
    chosen = {"mapping": brought.mapping, "options": {"separators": {"sectors": "pipe"}}}
    answer = program.post(f"{path}/columns", chosen, version="*")
    assert answer.status_code == 202
    assert answer.json()["options"]["separators"] == {"sectors": "pipe"}
    for wrong in ({"city": "pipe"}, {"sectors": "dash"}):
        chosen["options"]["separators"] = wrong
        assert program.post(f"{path}/columns", chosen, version="*").status_code == 422


def test_command_takes_separators_and_refuses_unknown_ones(world, tmp_path):
    path = tmp_path / "l.csv"
    path.write_text(FRENCH, encoding="utf-8")
    chosen = {
        "path": path,
        "cluster_name": world.a.cluster.name,
        "manager_email": world.a.manager.email,
    }
    for wrong in ("sectors", "sectors=dash", "city=comma"):
        with pytest.raises(InvalidInput, match="sectors, nace"):
            import_from_command_line(**chosen, separators=[wrong])
    import_from_command_line(**chosen, separators=["sectors=comma"])
    assert Organisation.objects.get(name="M0").sectors == ["Matériaux", "mécanique & procédés"]


def test_long_summary_is_cut_at_a_sentence_and_the_check_says_so(world, bring):  # noqa: F811
    text = "A sentence of the summary. " * 200
    brought = bring(f'Name,Country,Summary\nA,GR,"{text}"\n', options=Options(unreadable="blank"))
    kept = Organisation.objects.get(name="A").summary
    assert 3_900 < len(kept) <= 4_000
    assert text.startswith(kept)
    assert kept.endswith("summary.")
    (told,) = brought.problems
    assert (told["row"], told["column"], told["kind"], told["stops"]) == (
        2,
        "Summary",
        "long",
        False,
    )
    assert f"Only the first {len(kept)} are kept" in told["reason"]


def test_long_summary_stops_the_import_where_nothing_may_be_left_out(world, bring):  # noqa: F811
    with pytest.raises(InvalidInput, match="Row 2, Summary: This text has 4001 characters"):
        bring(f"Name,Country,Summary\nA,GR,{'x' * 4001}\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("One two. Three four five six", "One two."),
        ("One two three four five", "One two three…"),
        ("x" * 30, "x" * 15 + "…"),
        ("Μία πρόταση; Δεύτερη πρόταση.", "Μία πρόταση;"),
        ("جملة أولى؟ جملة ثانية طويلة", "جملة أولى؟"),
    ],
)
def test_text_is_cut_at_a_sentence_or_a_word(text, kept):
    assert shorten(text, 16) == kept


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Link", "website"),
        ("Lien", "website"),
        ("Site web", "website"),
        ("الرابط", "website"),
        ("Place", "city"),
        ("Lieu", "city"),
        ("Ville", "city"),
        ("Έδρα", "city"),
        ("المقر", "city"),
        ("Mél", "email"),
        ("Mél.", "email"),
        ("Courriel", "email"),
        ("Adresse électronique", "email"),
        ("Ηλεκτρονική διεύθυνση", "email"),
        ("الإيميل", "email"),
    ],
)
def test_usual_headers_are_known(label, field):
    assert match_columns(["Name", label]) == {"name": "Name", field: label}


def test_texts_are_in_the_language_of_who_brings_the_first_list(world):
    Person.objects.filter(pk=world.a.manager.pk).update(language="fr")
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader, cluster_id=world.a.cluster.pk, file_name="l.csv", content=FRENCH.encode()
        )
    assert brought.options["language"] == "fr"


def test_page_takes_the_language_that_is_shown(world):
    client = Client()
    client.force_login(world.a.manager.account)
    client.cookies["django_language"] = "fr"
    file = io.BytesIO(FRENCH.encode())
    file.name = "l.csv"
    with translation.override(None):
        client.post(
            "/directory/import/", {"cluster": world.a.cluster.pk, "file": file}, follow=True
        )
    assert MemberImport.objects.get().options["language"] == "fr"


def test_problems_file_says_that_a_text_is_shortened(world, tmp_path):
    path, told = tmp_path / "l.csv", io.StringIO()
    path.write_text(f"Name,Country,Summary\nA,GR,{'x ' * 3000}\n", encoding="utf-8")
    import_from_command_line(
        path=path,
        cluster_name=world.a.cluster.name,
        manager_email=world.a.manager.email,
        wanted=operations.Wanted(options={"unreadable": "blank"}, problems=told),
    )
    (row,) = csv.DictReader(io.StringIO(told.getvalue()))
    assert (row["Row"], row["Column"], row["Effect"]) == ("2", "Summary", "Shortened")
