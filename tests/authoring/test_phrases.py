"""Turns of phrase to avoid: found where they are, with line and what to say instead."""

import pytest

from course_utils import cli
from course_utils.authoring import lint, phrases

NOT_SO = [
    "Who has a card since last week has had no time to come often.",
    "They are 11, and a phone call to them may be worth more than a poster.",
    "Hardly anybody is all of it, and that is so of nearly every persona that has more than a few lines.",
    "A difference between two branches may be chance, and so is it that two of them have the same share.",
    "So a persona needs its number of people and its spread, or it pretends.",
    "Everybody who is told on.",
    "Their wish was not.",
    "You were not careless; you were unlucky.",
    "One of your people is nobody.",
    "In the brackets stands what it needs to know.",
    "Beside the helper's numbers stand ours.",
    "It is named with whoever made it.",
    "Here are three rules, put to everybody in turn.",
    "A dot beside each regular shows it.",
    "It does not hold the right members yet.",
    "Turn the comparison round.",
    "Put round brackets around it.",
    "Your neighbour's library is another one.",
    "We shall count cards.",
    "You need not read it.",
    "Look for a share in the place of a count.",
    "The test is content with it.",
    "A date is no number of days.",
    "It says more than one really knows.",
]
BUT = [
    "Someone who got a card last week hasn't had time to come often.",
    "There are 11 of them.",
    "Almost nobody matches the whole description.",
    "That's true of nearly any persona with more than a few attributes.",
    "The difference between two branches may be chance.",
    "So report how many people fit a persona, and how much they differ.",
    "Anyone whose visits end up in a list.",
    "Who is our customer?",
    "STP stands for segmentation, targeting and positioning.",
    "Two members of staff read every comment.",
    "Round it to three digits after the point.",
    "It is so busy that nobody gets through.",
    "Put it to the side, next to the others.",
    "There is no title in it.",
    "In week 4 the unit is a person.",
    "On the left are the controls.",
]


@pytest.fixture
def told(tmp_path):
    """A function that gives what is found in a page with this text."""

    def _told(text, name="page.md"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return phrases.look(tmp_path, tmp_path / name)

    return _told


@pytest.mark.parametrize("sentence", NOT_SO)
def test_a_turn_of_phrase_is_found(told, sentence):
    assert told(sentence)


@pytest.mark.parametrize("sentence", BUT)
def test_a_good_sentence_is_left_alone(told, sentence):
    assert [str(found) for found in told(sentence)] == []


def test_it_says_where_and_what_to_say_instead(told):
    (found,) = told("Fine.\n\nWe shall see.")
    assert str(found) == "page.md:3: “shall”. Better: “will”."


def test_code_is_not_prose_but_a_quiz_is(told):
    text = '```python\nwhoever = 1\n```\n`shall`\n```{code-cell}\nquiz("""\nWe shall\n""")\n```\n'
    assert [found.line for found in told(text)] == [7]


def test_the_command_looks_at_one_file_whether_it_may_pass_or_not(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("We shall see.", encoding="utf-8")
    assert cli.main(["lint", str(page)]) == 1
    assert "page.md:1: “shall”" in capsys.readouterr().err
    page.write_text("We'll see.", encoding="utf-8")
    assert cli.main(["lint", str(page)]) == 0
    assert cli.main(["lint", str(tmp_path / "none.md")]) == 2


def test_the_kits_own_texts_must_be_clean(tmp_path):
    (tmp_path / "README.md").write_text("Fine.\n\nWe shall see.", encoding="utf-8")
    assert [str(finding) for finding in lint.lint(tmp_path)] == ["README.md, line 3: “shall”. Better: “will”"]
