"""A quiz in the kernel: read from its text, kept in step with its view, and shown without one."""

import pytest
from bs4 import BeautifulSoup

from course_utils import quiz
from course_utils.display.quiz import read_quiz
from course_utils.errors import CourseError

TEXT = """
What does a list
of cards tell you?
- [ ] How many people use the library
  Some cards haven't been used in years.
  Some people come in without one.
- [x] How many cards there are <now>
  One row is one card.

Who is active?
- [x] Anyone who left a trace
  That is the definition.
- [ ] Anyone with a card
  They are registered.
"""


def test_it_is_read_as_it_is_written():
    first, second = read_quiz(TEXT)
    assert first.asked == "What does a list of cards tell you?"
    assert [choice.is_right for choice in first.choices] == [False, True]
    assert first.choices[0].text == "How many people use the library"
    assert first.choices[0].told == (
        "Not quite. Some cards haven't been used in years. Some people come in without one."
    )
    assert first.choices[1].told == "That's right. One row is one card."
    assert second.asked == "Who is active?"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("- [x] Anyone who", "- [ ] Anyone who", "“Who is active?” needs one right choice"),
        ("- [ ] Anyone with", "- [x] Anyone with", "“Who is active?” needs one right choice"),
        ("  They are registered.", "", "“- [ ] Anyone with a card” is not like that"),
        ("- [ ] Anyone with", "- [?] Anyone with", "under “Who is active?”: write a choice as"),
        ("- [ ] Anyone with a card\n  They are registered.", "", "and one that is not"),
        (TEXT, "- [x] Yes\n  Yes.", "begins with a question"),
        (TEXT, "\n", "has no question"),
    ],
)
def test_a_slip_in_it_is_told(before, after, sentence):
    assert before in TEXT
    with pytest.raises(CourseError) as caught:
        quiz(TEXT.replace(before, after))
    assert sentence in str(caught.value)


def test_the_view_is_given_all_that_it_needs_and_gives_back_what_was_chosen():
    shown = quiz(TEXT)
    assert shown.chosen == [None, None]
    (view,) = shown.children
    assert [choice["right"] for choice in view.questions[0]["choices"]] == [False, True]
    view.set_state({"chosen": [1, None]})
    assert shown.chosen == [1, None]


def test_without_a_widget_each_choice_unfolds_to_its_sentence():
    page = BeautifulSoup(quiz(TEXT)._repr_mimebundle_()["text/html"], "html.parser")
    assert [item.strong.text for item in page.select("ol > li")] == [
        "What does a list of cards tell you?",
        "Who is active?",
    ]
    folded = page.select("li:first-child details")
    assert [part.summary.text for part in folded] == [
        "How many people use the library",
        "How many cards there are <now>",
    ]
    assert folded[1].p.text == "That's right. One row is one card."


def test_it_asks_the_network_for_nothing():
    (view,) = quiz(TEXT).children
    for part in (view._esm, view._css):
        assert not {"http:", "https:", "import ", "fetch(", "url("} & set(part.split())
        assert "://" not in part
