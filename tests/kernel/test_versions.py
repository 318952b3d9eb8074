"""Two texts by words, fingerprints of values, and what a merge does with each field."""

import time
from datetime import date

import pytest
from django import forms
from django.http import QueryDict

from proxeny.kernel.edit_conflicts import Part, VersionedForm, canonical, fingerprint
from proxeny.kernel.edit_conflicts.marks import mark, read_marks, write_marks
from proxeny.kernel.edit_conflicts.merging import merge
from proxeny.kernel.edit_conflicts.text_diff import compare_words


def words(pieces):
    return [
        f"[{piece.text}]" if piece.is_changed else "…" if piece.is_gap else piece.text
        for piece in pieces
    ]


@pytest.mark.parametrize(
    ("one", "other", "first", "second"),
    [
        ("Ten pilots", "Ten pilots", ["Ten pilots"], ["Ten pilots"]),
        ("Ten pilots", "", ["[Ten pilots]"], []),
        (
            "Ten pilots by May",
            "Two pilots by June",
            ["[Ten]", " ", "pilots by ", "[May]"],
            ["[Two]", " ", "pilots by ", "[June]"],
        ),
        ("عشرة مشاريع", "خمسة مشاريع", ["[عشرة]", " ", "مشاريع"], ["[خمسة]", " ", "مشاريع"]),
        ("a\nb", "a\n\nb", ["a\nb"], ["a\n\nb"]),
    ],
)
def test_words_that_the_other_lacks_are_marked(one, other, first, second):
    pieces = compare_words(one, other)
    assert (words(pieces[0]), words(pieces[1])) == (first, second)


def test_nothing_of_either_text_is_lost_in_the_pieces():
    one = "We meet twice a year.\n\nEach side pays its own way."
    other = "We meet three times a year.\nEach side pays half."
    for text, pieces in zip((one, other), compare_words(one, other), strict=True):
        assert "".join(piece.text for piece in pieces) == text


def test_long_equal_text_is_left_out_between_the_changes():
    middle = " ".join(f"w{number}" for number in range(200))
    pieces, _other = compare_words(f"old {middle} end", f"new {middle} fin")
    assert [piece.is_gap for piece in pieces].count(True) == 1
    assert len(" ".join(words(pieces)).split()) < 40


@pytest.mark.parametrize("unit", ["a b ", "a ", "x\n", "one two three\n"])
def test_the_longest_agreement_is_compared_at_once(unit):
    """Texts that are hard on the comparison take no longer than a page may."""
    one = (unit * 20_000)[:20_000]
    other = ("z " + unit * 20_000)[:20_000].replace("b", "c")
    before = time.perf_counter()
    compare_words(one, other)
    assert time.perf_counter() - before < 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (False, ""),
        ([], ""),
        ("a\r\nb ", "a\nb"),
        (("x",), ["x"]),
        (date(2027, 3, 1), "2027-03-01"),
    ],
)
def test_values_that_a_person_calls_equal_are_equal(one, other):
    assert canonical(one) == canonical(other)


def test_zero_is_something():
    assert canonical(0) != canonical(None)


def test_marks_survive_the_way_through_a_page():
    marks = {"title": mark("title", "A"), "day-2027-03-01": mark("day", "")}
    assert read_marks(write_marks(marks)) == marks
    assert read_marks("=  a= =b \x00 title") == {}


def test_a_fingerprint_tells_fields_apart():
    assert fingerprint("a", "") != fingerprint("", "a")
    assert 0 <= fingerprint("a") < 2**31


class PlaceForm(VersionedForm):
    name = forms.CharField()
    days = forms.MultipleChoiceField(choices=[("1", "Mo"), ("2", "Tu")], required=False)
    on = forms.BooleanField(required=False)


def saved(version, **values):
    return PlaceForm(initial={"version": version, **values})


def typed(shown, **values):
    data = QueryDict(mutable=True)
    data["version"], data["version-marks"] = str(shown.saved_number), write_marks(shown.marks())
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = PlaceForm(data)
    form.full_clean()
    return form


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "result", "asks"),
    [
        ("a", "a", "b", "b", False),
        ("a", "b", "a", "b", False),
        ("a", "b", "b", "b", False),
        ("a", "b", "c", "c", True),
        ("a", "b", "", "", True),
    ],
)
def test_each_field_is_merged_by_who_changed_it(base, theirs, mine, result, asks):
    merged = merge(typed(saved(1, name=base), name=mine), saved(2, name=theirs))
    assert merged.data["name"] == result
    assert [part.name for part in merged.clashes] == (["name"] if asks else [])
    assert merged.data["version"] == "2"


def test_boxes_are_merged_whatever_order_they_were_ticked_in():
    shown = saved(1, name="a", days=["2", "1"], on=True)
    merged = merge(typed(shown, name="a", days=["1", "2"], on="on"), saved(2, name="a", days=["2"]))
    assert merged.clashes == []
    assert merged.data.getlist("days") == ["2"]
    assert "on" not in merged.data


def test_a_part_of_several_fields_is_one_question():
    class Pair(PlaceForm):
        def parts(self):
            return [Part("both", "Both", ("name", "on"))]

    shown, now = (
        Pair(initial={"version": 1, "name": "a"}),
        Pair(initial={"version": 2, "name": "b"}),
    )
    form = Pair(QueryDict(f"version=1&name=a&on=on&version-marks={write_marks(shown.marks())}"))
    form.full_clean()
    assert [part.name for part in merge(form, now).clashes] == ["both"]
