"""What the visible tests of week 6 try: in a notebook, ``practice.keep_or_drop["theirs"]`` shows what goes into an example."""

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

languages = ["English", "Spanish", "Portuguese", "other"]
"""The values of the column language."""

ends = ["low", "middle", "high"]
"""Of a spread: its two ends, and the number in the middle."""

NOT_FOR_EACH = (
    "It doesn't have one value for each row of facts. "
    "Compare whole columns of your own facts, and leave nobody out: people who aren't meant are False."
)
NOT_TRUTH = "It holds something other than True and False, so it couldn't keep rows in square brackets."
EITHER = "It's True for people who match one line or the other. Both have to be true: use & for and."
ANY_CARD = "It's True for everybody who borrows mostly for children, children included. They need an adult card, too."
ANY_BORROWING = "It's True for every adult card. They have to borrow mostly for children, too."
THE_OTHERS = "It's True for the people who aren't meant, and False for those who are."
NO_PARENT = "It's True for nobody. Check how the question spells the two values."
OTHER_PEOPLE = (
    "It's True for other people than the ones who are meant. "
    "Make two comparisons, each in parentheses, joined by &."
)

FEW_ON_EVERY_LINE = (
    "These are very few people on every line. "
    '.cumprod() goes down the people; axis="columns" makes it go along the lines.'
)
LEFT = "These are the people who are left after each line. How many does each line take away from those before it?"
GONE_TWICE = "Added up, these are more people than there are active. Someone taken away by one line can't be taken away again."
NOT_IN_ORDER = "Your low is above your middle, or your middle is above your high: switch them around."
SIX = "Six people on the staff answered each question, so no number can be above 6."


def who_is_meant(found: Expectation) -> None:
    """True for the people who are storytime parents, and False for the others: later questions rest on it.

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
        print("Careful: parents isn't what Question 1 asks for, and this question is about those people.")
        print(
            "Fix Question 1 first. If you gave the name parents to something else since, run its cell again."
        )


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


_compared = pd.DataFrame(
    {
        "books": [0.75, 0.5],
        "English": [1.0, 0.875],
        "audio": [0.125, 0.03125],
        "text": [0.5, 0.5],
        "near": [0.25, 0.125],
        "young": [0.875, 0.25],
        "print": [0.625, 0.25],
        "adult": [0.875, 0.625],
    },
    index=["theirs", "everybody"],
)


def _kept(*kept: str) -> dict[str, bool]:
    return {belief: belief in kept for belief in _compared}


keep_or_drop = Example(
    "practice.keep_or_drop",
    {
        "theirs": _compared.loc["theirs"],
        "everybody": _compared.loc["everybody"],
        "at_least": 0.75,
        "times": 1.5,
    },
    _kept("books", "young"),
    {
        "exactly so many": (
            _kept("young"),
            "A belief that reaches at_least, or times, exactly is kept, too: use >= for both.",
        ),
        "only how common": (
            _kept("books", "English", "young", "adult"),
            "You only ask how common a belief is among these people. Ask how many times as common as among "
            "everybody, too: theirs / everybody.",
        ),
        "only how telling": (
            _kept("books", "audio", "near", "young", "print"),
            "You only ask how many times as common it is. Ask whether it's true of enough of these people, too.",
        ),
        "one or the other": (
            _kept("books", "English", "audio", "near", "young", "print", "adult"),
            "You keep what passes one of the two. Both have to be true: join them with &.",
        ),
        "the dropped ones": (
            _kept("English", "audio", "text", "near", "print", "adult"),
            "You give True for what is dropped. True means kept.",
        ),
        "always half": (
            _kept("books", "young", "print"),
            "You keep what is true of half of the people. Compare with at_least, which can be any share: here it's 0.75.",
        ),
        "always a quarter more": (
            _kept("books", "young", "adult"),
            "You keep what is 1.25 times as common. Compare with times, which can be any number: here it's 1.5.",
        ),
        "the lesson's two": (
            _kept("books", "young", "print", "adult"),
            "You compare with the lesson's one half and 1.25. Compare with at_least and times: here they're 0.75 and 1.5.",
        ),
        "nothing": (
            _kept(),
            "You keep nothing. Compare theirs with at_least, and theirs / everybody with times.",
        ),
        "at most": (
            _kept("books", "text"),
            "You keep what is true of at_least or fewer, and at most times as common. Turn both comparisons around: >=.",
        ),
        "how many times": (
            _compared.loc["theirs"] / _compared.loc["everybody"],
            "This is how many times as common each one is. Compare it with times, and theirs with at_least.",
        ),
        "True for what is kept": (
            {"books": True, "young": True},
            "You leave out what is dropped. Give True or False for each belief.",
        ),
    },
    hint="Two comparisons, both of which have to be true: theirs with at_least, and theirs / everybody with times.",
)

# ---- a persona -----------------------------------------------------------------------------------------------

NO_NAME = "It has no name yet: say what these people do, in a word or two."
FEW_MEASURED = "It needs at least two measured claims."
NONE_HEARD = "It needs at least one heard claim."
NONE_ASSUMED = "It needs at least one assumed claim: say what you believe and didn't check."
NO_PURPOSE = "It needs a purpose: what will it help you decide?"
NOBODY_MISSING = "Say in not_represented whom it doesn't speak for."
TOO_SHORT = "“{}” says too little for a colleague to plan with. Use at least three words."
THE_SAME = "Its claims all say the same. Say in each what was counted, heard or assumed."
FEWEST_WORDS = 3


def complete(found: Expectation) -> None:
    """A persona has all its parts, in words, and nothing in it is wrong but a figure. Raises ``NotYet`` otherwise."""
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
    of_figures = [say("persona.why_other_figure"), say("persona.why_shown")]  # told by grading alone
    for line in book[(book["why"] != "") & ~book["why"].isin(of_figures)].itertuples():
        found.holds(False, personas.fallen(line))


def show_voices(found: Expectation) -> None:
    """Print how each voice of a persona begins, so that the student reads whether it is the one that is meant."""
    if said := identity.two_names():
        print(said)
    library = identity.my_library()
    book = personas.ledger(found.value, personas.facts_of(library), library.interviews, library.comments)
    for line in book[book["kind"] == personas.HEARD].itertuples():
        if line.verdict == personas.FOUND:
            print(f"{line.source} begins: {line.voice}")
