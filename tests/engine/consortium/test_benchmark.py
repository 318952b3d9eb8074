"""The benchmark of consortia: what it may know, and how it ranks."""

from datetime import date

import numpy as np
import pytest
from benchmarks.consortium.evidence import COLUMNS, by_ties, gather, level_any, weigh_strongest
from benchmarks.consortium.history import History, Project
from benchmarks.consortium.page import PAGE, replace_part
from benchmarks.consortium.ranking import ONCE, Case, Ranking, hold_out, put_first, rate

from proxeny.engine.consortium import Call, Organisation, Wish
from proxeny.engine.consortium._worth import Scale

ABOUT = {
    "a": ("FR", "HES"),
    "b": ("FR", "HES"),
    "c": ("GR", "PRC"),
    "d": ("GR", "PRC"),
    "e": ("DE", "REC"),
    "f": ("GR", "PRC"),
}
WORKED = ("abc", "abd", "cd", "ae", "ef", "cdf")


def project(number: int, members: str) -> Project:
    told = {one: ABOUT[one] for one in members}
    return Project(f"p{number}", date(2015 + number // 6, 1, 1), told)


@pytest.fixture
def history() -> History:
    return History([project(at, members) for at, members in enumerate(WORKED)], date(2016, 1, 1))


def test_what_began_on_the_day_or_later_is_not_known(history: History) -> None:
    more = [project(at, members) for at, members in enumerate((*WORKED, "ac", "bf"))]
    later = History(more, date(2016, 1, 1))
    assert later.number.tolist() == history.number.tolist()
    assert later.n_pairs == history.n_pairs == 10


def test_who_has_too_few_projects_is_not_in_the_directory(history: History) -> None:
    assert history.keys == list("abcdef")
    few = History([project(0, "abc"), project(1, "ab")], date(2016, 1, 1))
    assert few.keys == ["a", "b"]


def test_ties_are_roots_of_shares_of_joint_work(history: History) -> None:
    a, b = history.at["a"], history.at["b"]
    # Two projects of three are joint, each with two others; of all that `a` had, three.
    assert by_ties(history, [a])[b] == pytest.approx(np.sqrt(2 / np.sqrt(2) / 3))
    assert gather(history, [a]).shape == (6, len(COLUMNS))


@pytest.mark.parametrize("kept", ["a", "ce", "acd", "bef"])
def test_one_more_is_worth_as_the_engine_has_it(history: History, kept: str) -> None:
    knows = {
        key: {history.keys[other]: 3 for other in history.shared(at)[0]}
        for key, at in history.at.items()
    }
    scale = Scale(Wish(call=Call(on=date(2018, 1, 1), programme="horizon-2020", rules=())), knows)
    there = {key: Organisation(key=key, country=ABOUT[key][0]) for key in history.keys}
    before = scale.weigh([there[key] for key in kept]).relations
    found = weigh_strongest(history, [history.at[key] for key in kept], level_any)
    for key in set(there) - set(kept):
        after = scale.weigh([there[one] for one in (*kept, key)]).relations
        assert after - before == scale.wish.weights.relation * found[history.at[key]]


def test_variety_puts_off_whoever_is_alike(history: History) -> None:
    case = Case("p", [history.at["c"]], history.at["a"])
    scores = np.array([5.0, 4.0, 9.0, 3.0, 2.0, 1.0])
    plain = [history.keys[at] for at in put_first(history, case, scores)][:5]
    assert plain == ["a", "b", "d", "e", "f"]
    varied = [history.keys[at] for at in put_first(history, case, scores, ONCE)][:3]
    assert varied == ["a", "d", "e"]


def test_every_member_is_held_out_once_and_found_where_all_fit(history: History) -> None:
    [cases] = hold_out({"p": ["a", "b", "c", "d", "x"], "q": ["a", "b"]}, history)
    assert [case.left for case in cases] == [0, 1, 2, 3]
    assert all(case.left not in case.kept and len(case.kept) == 3 for case in cases)
    rated = rate(history, [cases], {"all": Ranking(lambda case: history.number)})
    assert rated["all"].tolist() == [[1.0, 1.0]]


def test_a_part_of_the_page_is_replaced_and_the_other_stays() -> None:
    page = PAGE.read_text(encoding="utf-8")
    changed = replace_part(page, "held-out", "Nothing.")
    assert "<!-- held-out -->\n\nNothing.\n\n<!-- end of held-out -->" in changed
    before, after = page.split("<!-- held-out -->")[0], changed.split("<!-- held-out -->")[0]
    assert before == after
    assert "<!-- sizes -->" in before
    with pytest.raises(ValueError, match="no part 'other'"):
        replace_part(page, "other", "")
