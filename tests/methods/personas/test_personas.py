"""Personas on seven people that can be counted by hand, on any people at all, and beside an independent count."""

import dataclasses
import functools
import json

import numpy as np
import pandas as pd
import pytest
from few_people import COMMENTS, INTERVIEWS, SHEET, people
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.mstats import mquantiles

from course_utils import personas
from course_utils.errors import CourseError
from course_utils.library import Library, staff
from course_utils.methods.personas import Claim, Persona, PersonaError
from course_utils.transfer import decode, encode

FACTS, MANY = people(), people(10)


# Counted by hand --------------------------------------------------------------------------------------------


def test_who_matches():
    assert personas.matches(FACTS, {"borrows for": "child"}).tolist() == [True] * 3 + [False] * 4
    assert personas.matches(FACTS, {"borrows for": "child", "comes to programs": "yes"}).sum() == 1
    assert personas.matches(FACTS, {}).all()
    with pytest.raises(ValueError, match="no attribute 'mood'"):
        personas.matches(FACTS, {"mood": "cheerful"})


def test_the_stairs():
    table = personas.joint_match(
        FACTS, {"borrows mostly": "book", "borrows for": "child", "distance": "farther"}
    )
    assert table["alone"].tolist() == [4, 3, 4]
    assert table["together"].tolist() == [4, 2, 1]
    assert table["value"].tolist() == ["book", "child", "farther"]
    assert personas.joint_match(FACTS, {}).empty


def test_coverage_counts_nobody_twice():
    groups = [{"borrows for": "child"}, {"comes to programs": "yes"}]
    assert personas.covered(FACTS, groups).sum() == 5
    assert personas.covered(FACTS, []).sum() == 0


def test_the_middle_half():
    found = personas.spread(FACTS, FACTS["borrows for"] == "child", "checkouts")
    assert found.to_dict() == {"people": 3, "low": 7, "middle": 10, "high": 25}
    nobody = personas.spread(FACTS, FACTS["borrows for"] == "cats", "checkouts")
    assert nobody["people"] == 0
    assert nobody[["low", "middle", "high"]].isna().all()


def test_whom_it_leaves_out_without_telling_of_a_few():
    table = personas.excluded(people(4), personas.matches(people(4), {"borrows for": "child"}), "language")
    assert table.loc["English"].to_dict() == {"people": 24, "left_out": 16, "share": 16 / 24}
    assert list(table.index) == ["English", "fewer than 10 each"]
    assert table.loc["fewer than 10 each", "people"] == 4


def test_what_becomes_of_an_assumed_persona():
    assumed = pd.DataFrame(
        [
            ("parent", "borrows for", "child", True, 0.3),
            ("parent", "borrows mostly", "book", False, 0.3),
            ("parent", "comes to programs", "yes", False, 0.3),
            ("ghost", "borrows for", "cats", True, 0.1),
            ("ghost", "language", "English", False, 0.1),
        ],
        columns=["persona", "attribute", "believed", "defines", "assumed_share"],
    )
    table = personas.beliefs(FACTS, assumed).set_index(["persona", "attribute"])
    books, come = table.loc[("parent", "borrows mostly")], table.loc[("parent", "comes to programs")]
    assert books[["share", "everybody", "at_least"]].tolist() == [2 / 3, 4 / 7, False]
    assert books["lift"] == pytest.approx(7 / 6)
    assert books["verdict"] == "true of most"
    assert come[["share", "everybody", "at_least"]].tolist() == [1 / 3, 3 / 7, True]
    assert come["verdict"] == "can't say"
    assert table.loc[("parent", "borrows for"), ["core", "all", "true_share"]].tolist() == [3, 1, 3 / 7]
    assert table.loc[("parent", "borrows for"), ["lift", "verdict"]].tolist() == [7 / 3, "keep"]
    assert pd.isna(table.loc[("ghost", "language"), "share"])
    assert pd.isna(table.loc[("ghost", "borrows for"), "lift"])
    assert table.loc[("ghost", "language"), "verdict"] == "drop"


@pytest.mark.parametrize(
    ("share", "lift", "at_least", "word"),
    [
        (0.5, 1.25, False, "keep"),
        (0.81, 0.95, False, "true of most"),
        (0.499, 1.44, True, "a clue"),
        (0.03, 9, False, "a clue"),
        (0.3, 1.06, False, "drop"),
        (0.3, 1.06, True, "can't say"),
    ],
)
def test_a_belief_is_kept_only_if_it_is_common_and_telling(share, lift, at_least, word):
    assert personas.verdict(share, lift, at_least=at_least) == word


def test_how_near_people_are():
    found = personas.nearness(
        FACTS, {"borrows mostly": "book", "borrows for": "child", "distance": "farther"}
    )
    assert found.to_dict() == {3: 1, 2: 4, 1: 0, 0: 2}
    assert personas.nearness(FACTS, {}).to_dict() == {0: 7}
    with pytest.raises(ValueError, match="no attribute"):
        personas.nearness(FACTS, {"mood": "cheerful"})


def test_a_household_comes_if_any_card_at_the_address_was_shown(library):
    facts, patrons = personas.facts_of(library), library.patrons.set_index("patron_id")
    came = set(library.attendance.query("date > '2024-08-31'")["patron_id"])
    homes = {patrons.loc[one, "household_id"] for one in came}
    right = patrons.loc[facts.index, "household_id"].isin(homes)
    assert ((facts["household comes"] == "yes") == right).all()
    assert (right | (facts["comes to programs"] == "no")).all()
    assert right.sum() > (facts["comes to programs"] == "yes").sum()


def test_the_summary_of_a_card():
    found = personas.summary(SHEET, FACTS)
    assert found.to_dict() == {"people": 3, "low": 7, "middle": 10, "high": 25, "everyone": 7, "share": 3 / 7}


# The ledger -------------------------------------------------------------------------------------------------


def held(claim: Claim, facts=FACTS, attributes=SHEET.attributes) -> tuple[str, str]:
    book = personas.ledger(Persona("A", attributes=attributes, claims=[claim]), facts, INTERVIEWS, COMMENTS)
    return book["verdict"].iloc[0], book["why"].iloc[0]


def test_what_was_measured_is_counted_again():
    book = personas.ledger(SHEET, FACTS, INTERVIEWS, COMMENTS)
    assert book["verdict"].tolist() == ["holds", "holds", "found", "not checked"]
    assert book["found"].tolist()[:2] == [2 / 3, 10]
    assert book["found"].isna().tolist() == [False, False, True, True]
    assert book["voice"].tolist() == ["", "", "Whatever faces out.", ""]


def test_of_a_long_voice_the_first_words_are_told():
    long = COMMENTS.assign(text=["word " * 40, "I love the owls."])
    one = Persona("A", claims=[Claim("a", "heard", "comment 4"), Claim("a", "heard", "interview 1, turn 1")])
    told = personas.ledger(one, FACTS, INTERVIEWS, long)["voice"].tolist()
    assert told == ["word " * 31 + "word …", "What do you read?"]


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (
            Claim("a", "measured", "checkouts", "borrows mostly", "book", 0.69),
            "counted again, it comes to another figure",
        ),
        (
            Claim("a", "measured", "checkouts", "checkouts", figure=10.6),
            "counted again, it comes to another figure",
        ),
        (
            Claim("a", "measured", "attendance", "borrows mostly", "book", 0.667),
            "it was counted in checkouts",
        ),
        (
            Claim("a", "measured", "attendance", "borrows mostly", "book", 0.69),
            "it was counted in checkouts; counted again, it comes to another figure",
        ),
        (Claim("a", "measured", "checkouts", "borrows mostly", "book"), "it has no figure"),
        (
            Claim("a", "measured", "checkouts", "borrows mostly", "book", 0.67),
            "its figure needs three digits after the point",
        ),
        (
            Claim("a", "measured", "checkouts", "borrows mostly", "book", 67),
            "a share lies between 0 and 1, and a percentage must be divided by 100",
        ),
        (
            Claim("a", "measured", "checkouts", "borrows mostly", "book", -0.67),
            "a share lies between 0 and 1, and a percentage must be divided by 100",
        ),
        (
            Claim("a", "measured", "checkouts", "checkouts", figure=10_000),
            "nobody's number of checkouts is so large, or below 0",
        ),
        (
            Claim("a", "measured", "checkouts", "checkouts", figure=-1),
            "nobody's number of checkouts is so large, or below 0",
        ),
        (
            Claim("a", "measured", "checkouts", "mood", "book", 0.67),
            "that isn't an attribute that was counted",
        ),
        (
            Claim("a", "measured", "checkouts", "borrows mostly", figure=0.67),
            "a share needs a value, and a measure has none",
        ),
        (
            Claim("a", "measured", "checkouts", "checkouts", "book", 0.67),
            "a share needs a value, and a measure has none",
        ),
        (Claim("a", "heard", "interview 1, turn 1"), "this turn is the interviewer's"),
        (Claim("a", "heard", "interview 1, turn 9"), "there is no such turn"),
        (Claim("a", "heard", "comment 6"), "there is no such comment"),
        (Claim("a", "heard", "at the desk"), "a voice is given as “interview 3, turn 6” or “comment 17”"),
        (Claim("a", "heard"), "a voice is given as “interview 3, turn 6” or “comment 17”"),
    ],
)
def test_a_claim_that_does_not_stand_says_why(claim, why):
    assert held(claim) == ("doesn't hold", why)


@pytest.mark.parametrize(
    "claim",
    [
        Claim("a", "measured", "checkouts", "borrows mostly", "book", 2 / 3),
        Claim("a", "measured", "checkouts", "borrows mostly", "book", 0.667),
        Claim("a", "measured", " checkouts ", "borrows mostly", "book", np.float32(0.667)),
        Claim("a", "measured", "checkouts", "checkouts", figure=np.int64(10)),
        Claim("a", "heard", "Interview 2, turn 2"),
        Claim("a", "heard", " comment 5"),
        Claim("a", "assumed"),
    ],
)
def test_a_claim_that_stands(claim):
    assert held(claim) == ({"measured": "holds", "heard": "found", "assumed": "not checked"}[claim.kind], "")


def test_more_than_the_cards_shown_can_tell_is_not_called_wrong():
    book = personas.ledger(SHEET, FACTS)  # the share of everybody is told beside that of the people
    assert book["everybody"].iloc[0] == 4 / 7
    assert book["lift"].iloc[0] == pytest.approx(7 / 6)
    assert book[["everybody", "lift"]].iloc[1:].isna().all(axis=None)
    for attribute, value, figure, word in (
        ("comes to programs", "yes", 0.5, "can't say"),
        ("comes to programs", "yes", 1 / 3, "holds"),
        ("comes to programs", "yes", 0.2, "doesn't hold"),
        ("comes to programs", "no", 0.9, "doesn't hold"),
        ("programs", "", 1, "holds"),
    ):
        claim = Claim("Half of them came.", "measured", "attendance", attribute, value, figure)
        assert held(claim)[0] == word, claim


def test_of_nobody_nothing_can_be_counted():
    claim = Claim("a", "measured", "checkouts", "borrows mostly", "book", 0.67)
    assert held(claim, attributes={"borrows for": "cats"}) == (
        "doesn't hold",
        "no one matches, so there is nothing to count",
    )
    assert held(claim, attributes={"mood": "cheerful"}) == (
        "doesn't hold",
        "no one matches, so there is nothing to count",
    )


def test_without_the_voices_none_is_looked_up():
    one = Persona("A", claims=[Claim("a", "heard", "comment 6"), Claim("a", "heard", "interview 9, turn 9")])
    assert (personas.ledger(one, FACTS)["verdict"] == "found").all()


# What must not be so ----------------------------------------------------------------------------------------


def test_a_persona_in_order_has_no_problems():
    assert personas.problems(SHEET, MANY) == []
    assert personas.mistakes(SHEET, MANY, INTERVIEWS, COMMENTS) == {}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"attributes": {"money_owed": "yes"}}, "money_owed is sensitive"),
        ({"attributes": {"Religion": "any"}}, "Religion is sensitive"),
        ({"attributes": {"mood": "cheerful"}}, "mood isn't an attribute that was counted"),
        ({"attributes": {"checkouts": "10"}}, "checkouts isn't an attribute that was counted"),
        ({"attributes": {"language": "English"}, "purpose": " "}, "language goes by age or language"),
        ({"attributes": {"category": "any"}, "purpose": ""}, "category goes by age or language"),
        ({"attributes": {}}, "It has no attributes"),
        ({"attributes": {"borrows for": "cats"}}, "borrows for is never “cats” here: choose one of adult, "),
        (
            {"attributes": {"language": "Spanish", "comes to programs": "yes"}},
            "It fits 0 people. With fewer than 10",
        ),
        (
            {"claims": [Claim("a", "measured", "x", "health", "bad", 0.1)]},
            "health is sensitive",
        ),
        (
            {
                "claims": [
                    *SHEET.claims,
                    Claim("All of them.", "measured", "checkouts", "borrows for", "child", 1),
                ]
            },
            "borrows for is one of its own attributes, so this measured claim says nothing: “All of them.”",
        ),
        (
            {"claims": [Claim("a", "measured", "patrons", "age_band", "any", 1.0)], "purpose": ""},
            "age_band goes by age",
        ),
    ],
)
def test_what_must_be_mended_is_said(parts, said):
    (sentence,) = personas.problems(dataclasses.replace(SHEET, **parts), MANY)
    assert sentence.startswith(said)


def test_ten_people_are_enough_and_nine_are_not():
    nine = MANY[MANY["borrows for"] == "child"].head(9)
    ten = MANY[MANY["borrows for"] == "child"].head(10)
    assert len(personas.problems(SHEET, nine)) == 1
    assert personas.problems(SHEET, ten) == []


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        (Claim("a", "measured", "checkouts", "borrows for", "child", 1.0), "true by definition"),
        (Claim("a", "measured", "checkouts", "borrows mostly", "book", 67), "a percentage"),
        (Claim("a", "measured", "checkouts", "borrows mostly", "book", 4 / 7), "among everybody"),
        (Claim("a", "measured", "checkouts", "borrows mostly", "book", 0.1), "measured, and not so"),
        (Claim("a", "heard", "comment 99"), "heard, and not so"),
    ],
)
def test_each_mistake_has_its_name(claim, name):
    wrong = dataclasses.replace(SHEET, claims=(*SHEET.claims, claim))
    assert list(personas.mistakes(wrong, MANY, INTERVIEWS, COMMENTS))[0] == name


def test_the_bias_meter_counts_signs_of_form():
    def seen(**parts):
        table = personas.signs(dataclasses.replace(SHEET, **parts), MANY, INTERVIEWS, COMMENTS)
        return [sign.split(" (")[0].split(":")[0] for sign in table.loc[table["seen"], "sign"]]

    anybody = "a measured share is about the same as everybody's, so it tells little about these people"
    assert seen() == [anybody]  # books: 67% of them, 57% of everybody
    telling = dataclasses.replace(SHEET.claims[0], attribute="borrows mostly", value="dvd", figure=1 / 3)
    mine = functools.partial(seen, claims=[telling, *SHEET.claims[1:]])
    assert mine() == []
    assert seen(claims=()) == ["no claim was measured", "no claim was heard"]
    assert seen(claims=SHEET.claims[2:]) == [
        "no claim was measured",
        "at least half of the claims are assumed",
    ]
    assert mine(attributes={"distance": "farther", "home_branch": "any"}) == [
        "it says more about who people are than about what they do",
        "a claim doesn't hold, or goes beyond what was counted",
    ]
    assert mine(not_represented=" ") == ["it doesn't say whom it leaves out"]
    assert mine(name="They always come") == ["a sweeping word"]
    assert mine(name="The one who owes") == ["a word that touches health, faith, origin or money"]
    assert mine(name="A fine, healing allotment") == []


# Records ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Claim("", "assumed"), "says nothing"),
        (lambda: Claim("a", "guessed"), "Write one of: measured, heard, assumed"),
        (lambda: Claim(3, "assumed"), "isn't text"),
        (lambda: Claim("a", "measured", figure="0.2"), "Write a number"),
        (lambda: Claim("a", "measured", figure=float("nan")), "Write a number"),
        (lambda: Claim("a", "measured", figure=True), "Write a number"),
        (lambda: Claim("a" * 2000, "assumed"), "shorten it"),
        (lambda: Persona(3), "isn't text"),
        (lambda: Persona("A", attributes=["yes"]), "have to be a dictionary"),
        (lambda: Persona("A", attributes={"comes to programs": True}), "isn't text"),
        (lambda: Persona("A", claims=["they read"]), "isn’t a Claim"),
        (lambda: Persona("A", claims="they read"), "have to be a list"),
        (lambda: Persona("A", claims=[Claim("a", "assumed")] * 41), "at most 40"),
        (lambda: Persona("A", anti="yes"), "either True or False"),
    ],
)
def test_what_is_no_persona_says_so_without_a_stack_trace(make, said):
    with pytest.raises(PersonaError, match=said) as problem:
        make()
    assert problem.value._render_traceback_() == [str(problem.value)]


def test_a_persona_crosses_to_the_examiner_and_back():
    assert decode(json.loads(json.dumps(encode([SHEET, SHEET.claims])))) == [SHEET, SHEET.claims]


words = st.text(max_size=30)
claims = st.builds(
    Claim,
    words.filter(str.strip),
    st.sampled_from(personas.KINDS),
    words,
    words,
    words,
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
any_persona = st.builds(
    Persona,
    words,
    st.dictionaries(words, words, max_size=5),
    words,
    st.lists(claims, max_size=4),
    words,
    st.booleans(),
)


@given(any_persona)
def test_any_persona_comes_back_from_its_file_and_from_a_transfer(one):
    assert personas.from_json(personas.to_json(one)) == one
    assert decode(json.loads(json.dumps(encode(one)))) == one


@given(any_persona)
def test_anything_can_be_said_of_any_persona(one):
    personas.problems(one, FACTS)
    personas.mistakes(one, FACTS, INTERVIEWS, COMMENTS)
    assert len(personas.signs(one, FACTS, INTERVIEWS, COMMENTS)) == 10
    assert len(personas.ledger(one, FACTS, INTERVIEWS, COMMENTS)) == len(one.claims)
    assert personas.summary(one, FACTS)["people"] <= len(FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "3",
        '{"kind": "persona", "version": 2}',
        '{"kind": "persona", "version": 1, "name": "A"}',
        '{"kind": "persona", "version": 1, "name": "A", "claims": [3]}',
        '{"kind": "persona", "version": 1, "name": "A", "claims": [], "more": 1}',
        "[" * 100_000,
    ],
)
def test_what_is_no_file_of_a_persona_says_so(text):
    with pytest.raises(PersonaError, match="This is not a persona"):
        personas.from_json(text)


def test_saved_and_opened(tmp_path):
    path = personas.save_persona(SHEET, tmp_path / "sheet.json")
    assert personas.open_persona(path) == SHEET
    with pytest.raises(CourseError, match="There is no file gone.json here"):
        personas.open_persona(tmp_path / "gone.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="holds no persona"):
        personas.open_persona(path)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(CourseError, match="could not be written"):
        personas.save_persona(SHEET, tmp_path / "folder.json")


# What holds for any people ----------------------------------------------------------------------------------

values = {
    "borrows for": ("child", "adult", "nothing"),
    "comes to programs": ("yes", "no"),
    "distance": ("within 1 mile", "farther"),
    "language": ("English", "Spanish"),
}
some = st.fixed_dictionaries({}, optional={name: st.sampled_from(part) for name, part in values.items()})
crowd = st.lists(
    st.tuples(*(st.sampled_from(part) for part in values.values()), st.integers(0, 50)), max_size=30
).map(lambda rows: pd.DataFrame(rows, columns=[*values, "checkouts"]).astype({"checkouts": "int64"}))


@given(crowd, some)
def test_the_joint_match_is_never_above_any_single_one_and_only_goes_down(facts, attributes):
    table = personas.joint_match(facts, attributes)
    assert (table["together"] <= table["alone"]).all()
    assert table["together"].is_monotonic_decreasing
    if len(table):
        assert table["together"].iloc[-1] <= table["alone"].min()
        assert table["together"].iloc[-1] == personas.matches(facts, attributes).sum()


@given(crowd, some, st.sampled_from(sorted(values)), st.data())
def test_asking_for_more_never_adds_people(facts, attributes, name, data):
    more = {**attributes, name: attributes.get(name) or data.draw(st.sampled_from(values[name]))}
    assert not (personas.matches(facts, more) & ~personas.matches(facts, attributes)).any()


@given(crowd, some, st.randoms())
def test_the_order_of_people_and_of_attributes_does_not_matter(facts, attributes, random):
    order, names = list(facts.index), list(attributes)
    random.shuffle(order)
    random.shuffle(names)
    again = personas.matches(facts.loc[order], {name: attributes[name] for name in names})
    assert again.sort_index().equals(personas.matches(facts, attributes))
    everybody = pd.Series(True, index=facts.index)
    one, other = (personas.spread(f, everybody.loc[f.index], "checkouts") for f in (facts, facts.loc[order]))
    pd.testing.assert_series_equal(one, other)


@given(crowd, st.lists(some, max_size=4))
def test_coverage_lies_between_the_largest_group_and_the_sum(facts, groups):
    sizes = [int(personas.matches(facts, group).sum()) for group in groups]
    found = int(personas.covered(facts, groups).sum())
    assert max(sizes, default=0) <= found <= min(sum(sizes), len(facts))


@given(crowd, some, st.sampled_from(sorted(values)))
def test_those_left_out_and_those_who_match_are_everybody(facts, attributes, by):
    who = personas.matches(facts, attributes)
    table = personas.excluded(facts, who, by)
    assert table["people"].sum() == len(facts)
    assert table["left_out"].sum() == (~who).sum()
    assert table["share"].between(0, 1).all()


@given(crowd.filter(len))
def test_the_middle_half_is_that_of_scipy(facts):
    found = personas.spread(facts, pd.Series(True, index=facts.index), "checkouts")
    other = mquantiles(facts["checkouts"], [0.25, 0.5, 0.75], alphap=1, betap=1)
    np.testing.assert_allclose(found[["low", "middle", "high"]].to_numpy(dtype=float), other, atol=1e-9)
    assert found["low"] <= found["middle"] <= found["high"]


# Beside another way of counting -----------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["student 1", "student 2"])
def library(request):
    return Library.for_student(request.param)


def test_the_facts_are_those_that_the_model_counts_by_itself(library):
    facts, other = personas.facts_of(library), staff.attributes_of(library)
    assert sorted(facts.index) == sorted(other.index)
    for name in other:
        assert (facts[name] == other.loc[facts.index, name]).all(), name


def test_the_measures_are_those_of_yearly_use(library):
    facts = personas.facts_of(library)
    year = library.yearly_use.query("year == 2025").set_index("patron_id").loc[facts.index]
    assert (facts["checkouts"] == year["checkouts"] + year["digital_checkouts"]).all()
    assert (facts["programs"] == year["programs"]).all()
    assert (facts["sessions"] == year["computer_sessions"]).all()
    assert (facts["segment"] == year["segment_by_rule"].astype(str)).all()


def test_what_staff_believe_is_what_the_envelope_says(library):
    found = personas.beliefs(personas.facts_of(library), library.staff_personas)
    both = found.merge(library.truth.personas, on=["persona", "attribute"], suffixes=("", "_true"))
    assert len(both) == 27
    np.testing.assert_allclose(both["share"], both["among"])
    assert ((both["share"] >= personas.COMMON) == both["holds"]).all()
    assert (both["core"] == both["core_true"]).all()
    assert (both["all"] == both["all_true"]).all()


def test_the_joint_match_is_that_of_numpy(library):
    facts = personas.facts_of(library)
    for _, part in library.staff_personas.groupby("persona", observed=True):
        wanted = dict(zip(part["attribute"], part["believed"], strict=True))
        codes = np.stack([(facts[name] == value).to_numpy() for name, value in wanted.items()])
        table = personas.joint_match(facts, wanted)
        assert table["together"].tolist() == np.logical_and.accumulate(codes).sum(axis=1).tolist()


def test_facts_are_given_as_a_fresh_copy(library):
    facts = personas.facts_of(library)
    facts["language"] = "Elvish"
    assert "Elvish" not in set(personas.facts_of(library)["language"])


def test_what_cannot_be_counted_says_so(library):
    names = ("patrons", "households", "checkouts", "attendance", "computer_sessions", "yearly_use")
    patrons, households, *others = (library[name] for name in names)
    as_of = pd.Timestamp("2025-08-31")
    with pytest.raises(ValueError, match="a patron_id comes twice"):
        personas.facts(pd.concat([patrons, patrons]), households, *others, as_of=as_of)
    with pytest.raises(ValueError, match="household is not among"):
        personas.facts(patrons, households.head(5), *others, as_of=as_of)
    with pytest.raises(ValueError, match="no figure"):
        personas.figure_of(FACTS, FACTS["checkouts"] > 0, "borrows for")
