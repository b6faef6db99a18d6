"""What the visible tests of week 6 try: in a notebook, ``practice.fits_all["people"]`` shows what goes into an example."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.outcomes import NotYet, Outcome
from course_utils.checks.practice import Example
from course_utils.messages import say
from course_utils.methods import personas

# ---- what is counted -----------------------------------------------------------------------------------------

beliefs = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
"""What staff believe of a storytime parent, besides what says who is meant."""

ends = ["low", "middle", "high"]
"""Of a spread: its two ends, and the number in the middle."""

NOT_FOR_EACH = (
    "It has not one value for each row of facts. "
    "Compare whole columns of your own facts, and leave nobody out: who is not meant is False."
)
NOT_TRUTH = "It holds something else than True and False, and square brackets could not keep rows with it."
EITHER = "It is True for people of whom one or the other line is true. Both must be true: use & for and."
ANY_CARD = (
    "It is True for everybody who borrows mostly for children, children too. The card must be an adult one."
)
ANY_BORROWING = "It is True for every adult card. They must borrow mostly for children, too."
THE_OTHERS = "It is True for those who are not meant, and False for those who are."
NO_PARENT = "It is True for nobody. Look at how the two values are written in the question."
OTHER_PEOPLE = "It is True for other people than those who are meant. Two comparisons, each in round brackets, joined by &."

FEW_ON_EVERY_LINE = (
    "These are very few people on every line. "
    '.cumprod() goes down the people; along the lines it goes with axis="columns".'
)
LEFT = "These are the people who are left after each line. How many does each line take away from those before it?"
GONE_TWICE = "Together these are more people than there are active. Whom one line took away, no later line can take away again."
NOT_IN_ORDER = "Your low lies above your middle, or your middle above your high: change them round."
SIX = "Six members of staff answered each question, so there can be no number above 6."


def who_is_meant(found: Expectation) -> None:
    """True for the people who are a storytime parent, and False for the others: later questions rest on it.

    Raises
    ------
    NotYet
        Where it is true of other people, with who they are, if that can be told.
    """
    facts = personas.facts_of(identity.my_library())
    adult, for_children = facts["category"] == "adult", facts["borrows for"] == "child"
    labels = facts.index.astype(str)
    found.holds(set(found.value.index) == set(labels), NOT_FOR_EACH)
    found.holds(all(isinstance(one, bool) for one in found.value), NOT_TRUTH)
    who = found.value[labels].to_numpy(dtype=bool)
    for misconception, people, sentence in (
        ("one or the other", adult | for_children, EITHER),
        ("any card", for_children, ANY_CARD),
        ("any borrowing", adult, ANY_BORROWING),
        ("the others", ~(adult & for_children), THE_OTHERS),
    ):
        found.holds((who != people).any(), sentence, misconception)
    found.holds(who.any(), NO_PARENT)
    found.holds((who == (adult & for_children)).all(), OTHER_PEOPLE)


def mind_parents(notebook: Mapping[str, Any]) -> None:
    """Say so where ``parents`` is not what Question 1 asks for. It costs nothing."""
    try:
        who_is_meant(Expectation("parents", notebook.get("parents", ...)).is_series(of="any"))
    except NotYet as problem:
        if problem.outcome == Outcome.NOT_ATTEMPTED:
            return
        print("Mind: parents is not what Question 1 asks for, and this question is about those people.")
        print("Use another name in your answer, and run the cell of Question 1 again.")


def goes_down(found: Expectation) -> None:
    """What each line of the storytime parent takes away from those who are left. Raises ``NotYet`` where it cannot be."""
    library = identity.my_library()
    wall, facts = library.staff_personas, personas.facts_of(library)
    lines = wall[wall["persona"] == "storytime parent"]
    left = personas.joint_match(facts, dict(zip(lines["attribute"], lines["believed"], strict=True)))[
        "together"
    ]
    taken = found.value[list(left.index)]
    found.holds((taken != left).any(), LEFT, "those who are left")
    found.holds(taken.sum() >= 100, FEW_ON_EVERY_LINE)
    found.holds(taken.sum() <= len(facts), GONE_TWICE)


def in_order(found: Expectation) -> None:
    """``low``, ``middle`` and ``high`` do not go down. Raises ``NotYet`` otherwise."""
    found.holds(found.value["low"] <= found.value["middle"] <= found.value["high"], NOT_IN_ORDER)


def at_most_six(found: Expectation) -> None:
    """None of the numbers is larger than the number of staff. Raises ``NotYet`` otherwise."""
    found.holds(found.value.max() <= 6, SIX)


# ---- functions -----------------------------------------------------------------------------------------------


_has = pd.DataFrame(
    {
        "books": [True] * 6 + [False] * 2,
        "near": [True] * 3 + [False] * 5,
        "audio": [True] + [False] * 7,
        "text": [True] * 4 + [False] * 4,
        "young": [True] * 5 + [False] * 3,
        "English": [True] * 8,
        "adult": [True] * 7 + [False],
    }
)


def _kept(*kept: str) -> dict[str, bool]:
    return {belief: belief in kept for belief in _has}


keep_or_drop = Example(
    "practice.keep_or_drop",
    {"has": _has, "at_least": 0.75},
    _kept("books", "English", "adult"),
    {
        "exactly so many": (
            _kept("English", "adult"),
            "A belief that is true of exactly this share is kept, too.",
        ),
        "true of everybody": (
            _kept("English"),
            "Only what is true of everybody is kept. Compare the share of each column with at_least.",
        ),
        "always half": (
            _kept("books", "text", "young", "English", "adult"),
            "You keep a belief that is true of half of the people. Compare with at_least, which may be another share: "
            "here it is 0.75.",
        ),
        "more than half": (
            _kept("books", "young", "English", "adult"),
            "You keep a belief that is true of five people in eight. Compare with at_least, which may be another share: "
            "here it is 0.75.",
        ),
        "the share of the sheet": (
            _kept("books", "near", "text", "young", "English", "adult"),
            "You keep a belief that is true of three people in eight. Compare with at_least, which may be another share: "
            "here it is 0.75.",
        ),
        "the dropped ones": (
            _kept("near", "audio", "text", "young"),
            "You give True for what is dropped. True stands for kept.",
        ),
        "at most": (
            _kept("books", "near", "audio", "text", "young"),
            "You give True for what is true of this share at most. Turn the comparison round: at least is >=.",
        ),
        "not true": (
            _kept("audio"),
            "You count the people of whom a belief is not true. Take the share of those of whom it is.",
        ),
        "only exactly": (
            _kept("books"),
            "You keep what is true of exactly this share. What is true of more is kept, too.",
        ),
        "true of anybody": (
            _kept("books", "near", "audio", "text", "young", "English", "adult"),
            "You keep every belief that is true of anybody. Compare the share of each column, a number between 0 and 1, "
            "with at_least: a number of people, or a percentage, is nearly always larger.",
        ),
        "shares": (
            _has.mean(),
            "These are the shares. Compare them with at_least, so that each becomes True or False.",
        ),
        "only what is kept": (
            {"books": 0.75, "English": 1, "adult": 0.875},
            "You leave out what is dropped. Give True or False for each belief.",
        ),
        "True for what is kept": (
            {"books": True, "English": True, "adult": True},
            "You leave out what is dropped. Give True or False for each belief.",
        ),
        "people": (
            _has.mean(axis="columns") >= 0.75,
            "You took the mean of each row, which is a person. Take that of each column, which is a belief.",
        ),
    },
    hint="The share of each column, compared with at_least: True or False.",
)

_people = pd.DataFrame(
    {
        "eats": ["fish", "soup", "fish", "soup", "cake", "cake"],
        "sits": ["out", "out", "in", "in", "out", "in"],
        "times": [1, 2, 2, 1, 3, 3],
    },
    index=list("abcdef"),
)


def _fits(who: str) -> pd.Series:
    return pd.Series([person in who for person in _people.index], index=_people.index)


fits_all = Example(
    "practice.fits_all",
    {"people": _people, "lines": {"eats": ["fish", "soup"], "sits": ["out"]}},
    _fits("ab"),
    {
        "any of it": (
            _fits("abcde"),
            "You ask whether any line is true. All of them must be: join them with &.",
        ),
        "the last line": (
            _fits("abe"),
            "Only the last line counts. Join each line to those before it: fits = fits & …",
        ),
        "the first line": (
            _fits("abcd"),
            "Only the first line counts. Does return stand inside the loop?",
        ),
        "everybody": (
            _fits("abcdef"),
            "It is True for everybody: no line was asked for yet.",
        ),
        "the first value": (
            _fits("a"),
            "Only the first value of each list will do. Any value of the list must: ask with .isin(…).",
        ),
        "the last value": (
            _fits("b"),
            "Only the last value of each list will do. Any value of the list must: ask with .isin(…).",
        ),
        "the others": (
            _fits("cdef"),
            "It is True for those who do not fit, and False for those who do.",
        ),
        "nobody": (
            _fits(""),
            "Nobody fits. Begin with True for everybody, and ask of each line whether the value is one of its list, "
            "with .isin(…).",
        ),
    },
    hint="One .isin(…) for each line, joined by &.",
)

no_lines = Example(
    "practice.no_lines",
    {"people": _people, "lines": {}},
    _fits("abcdef"),
    {
        "no rows": (
            pd.Series(dtype=bool),
            "Without any line it must be True for everybody, and a table without columns has no rows yet. "
            "Give it those of the people: pd.DataFrame(…, index=people.index).",
        ),
        "nobody without a line": (
            _fits(""),
            "Without any line, nobody fits. Begin with True for everybody, and let each line take some away.",
        ),
    },
)

# ---- a persona -----------------------------------------------------------------------------------------------

NO_NAME = "It has no name yet: say in a word or two what these people do."
FEW_MEASURED = "It needs at least two measured claims."
NONE_HEARD = "It needs at least one heard claim."
NONE_ASSUMED = "It needs at least one assumed claim: say what you believe and did not check."
NO_PURPOSE = "It needs a purpose: what is it for?"
NOBODY_MISSING = "Say in not_represented whom it does not speak for."
TOO_SHORT = "“{}” says too little for a colleague to plan with. Say it in three words or more."
THE_SAME = "Its claims all say the same. Say in each what was counted, heard or assumed."
FEWEST_WORDS = 3


def complete(found: Expectation) -> None:
    """A persona has all its parts, in words, and nothing in it must be mended but a figure. Raises ``NotYet`` otherwise."""
    persona, library = found.value, identity.my_library()
    facts = personas.facts_of(library)
    kinds = [claim.kind for claim in persona.claims]
    found.holds(re.search(r"\w{2,}", persona.name) is not None, NO_NAME)
    found.holds(kinds.count(personas.MEASURED) >= 2, FEW_MEASURED)
    found.holds(personas.HEARD in kinds, NONE_HEARD)
    found.holds(personas.ASSUMED in kinds, NONE_ASSUMED)
    found.holds(persona.purpose.strip() != "", NO_PURPOSE)
    found.holds(persona.not_represented.strip() != "", NOBODY_MISSING)
    says = [claim.says for claim in persona.claims]
    for text in (persona.purpose, *says, persona.not_represented):
        words = set(re.findall(r"\w{2,}", text.casefold()))
        found.holds(len(words) >= FEWEST_WORDS, TOO_SHORT.format(personas.first_words(text)))
    found.holds(len({text.strip().casefold() for text in says}) > 1, THE_SAME)
    for sentence in personas.problems(persona, facts):
        found.holds(False, sentence)
    book = personas.ledger(persona, facts, library.interviews, library.comments)
    for line in book[~book["stands"] & (book["why"] != say("persona.why_other_figure"))].itertuples():
        found.holds(False, personas.fallen(line))


def show_voices(found: Expectation) -> None:
    """Print how each voice of a persona begins, so that the student reads whether it is the one that is meant."""
    if said := identity.two_names():
        print(said)
    library = identity.my_library()
    book = personas.ledger(found.value, personas.facts_of(library), library.interviews, library.comments)
    for line in book[book["kind"] == personas.HEARD].itertuples():
        if line.stands:
            print(f"{line.source} begins: {line.voice}")
