"""Charts: what is drawn is what was given, and what is said is what is drawn."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from course_utils import charts


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


COUNTS = pd.Series({"registered": 8000, "active": 4000, "borrower": 3500})
LEFT_OUT = pd.DataFrame(
    {"patrons": [10, 20, 0], "not_counted": [5, 4, 0], "share": [0.5, 0.2, None]},
    index=["13-17", "18-24", "75+"],
)


def test_definitions_bars_and_words():
    axes = charts.definitions_chart(COUNTS)
    assert [bar.get_width() for bar in axes.patches] == [8000, 4000, 3500]
    assert charts.in_words(axes) == (
        "By the widest definition (registered) there are 8,000 customers, and by the narrowest (borrower) 3,500."
    )
    assert axes.get_xlabel() == "People with a card"


def test_not_counted_bars_and_words_without_the_group_of_nobody():
    axes = charts.not_counted_chart(LEFT_OUT, "Age")
    assert [bar.get_width() for bar in axes.patches] == [50, 20]
    assert charts.in_words(axes) == (
        "9 people are not counted. Most often left out: age 13-17 (50%). Least often: 18-24 (20%)."
    )
    assert axes.get_xlabel() == "Share that is not counted, % (people)"


def test_in_half_a_widgets_width_letters_are_ten_pixels_high_and_stay_inside():
    everyone = pd.DataFrame(
        {"patrons": [7779, 2], "not_counted": [7779, 1], "share": [1.0, 0.5]}, index=["young adult", "e-card"]
    )
    axes = charts.not_counted_chart(everyone, "Card category", charts.half_width(rows=2))
    figure = axes.figure
    figure.draw_without_rendering()
    shrunk = 440 / (figure.get_figwidth() * 96)
    letters = [
        *axes.texts,
        *axes.get_xticklabels(),
        *axes.get_yticklabels(),
        axes.xaxis.label,
        axes.yaxis.label,
    ]
    assert min(text.get_fontsize() for text in letters) * 96 / 72 * shrunk >= 10
    frame = figure.bbox
    for text in letters:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1


def test_nobody_left_out():
    assert (
        charts.in_words(charts.not_counted_chart(LEFT_OUT.assign(not_counted=0, share=0.0), "Age"))
        == "Nobody is left out."
    )
    assert charts.in_words(charts.not_counted_chart(LEFT_OUT.head(0), "Age")) == "Nobody is left out."


def test_everybody_left_out_alike():
    alike = LEFT_OUT.head(2).assign(not_counted=[10, 20], share=1.0)
    words = charts.in_words(charts.not_counted_chart(alike, "Age"))
    assert words == "30 people are not counted, 100% in every group."


def test_calibration_ranges_and_words():
    guesses = pd.DataFrame({"low": [1, 10, 5], "high": [3, 20, 6]}, index=["a", "b", "c"])
    axes = charts.calibration_chart(guesses, pd.Series({"a": 2, "b": 30, "c": 5}))
    assert [text.get_text() for text in axes.texts] == ["hit", "miss", "hit"]
    assert charts.in_words(axes) == "2 of your 3 ranges hold the true number. About 2 should."


def test_a_range_far_off_the_scale_is_still_seen():
    guesses = pd.DataFrame({"low": [0, 5000], "high": [1, 9000]}, index=["a", "b"])
    axes = charts.calibration_chart(guesses, pd.Series({"a": 100, "b": 10}))
    low, high = axes.get_xlim()
    for line in axes.lines[:2]:
        left, right = line.get_xdata()
        assert low <= left < right <= high


def test_a_picture_has_its_sentence_as_alternative_text_and_as_caption():
    html = charts.as_html(charts.definitions_chart(COUNTS))
    sentence = "By the widest definition (registered) there are 8,000 customers"
    assert f'alt="{sentence}' in html
    assert f"<figcaption>{sentence}" in html
    assert not plt.get_fignums()


def test_a_chart_of_ones_own_needs_a_sentence():
    _, axes = plt.subplots()
    with pytest.raises(ValueError, match="give it a sentence"):
        charts.show(axes)
    assert "Loans &lt; visits" in charts.show(axes, "Loans < visits").data
