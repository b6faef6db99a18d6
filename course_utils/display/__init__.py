"""How every chart is shown: with a sentence under it, which is also its alternative text.

Colours are those of Okabe and Ito (2008), which people with any kind of colour vision can tell apart.
"""

import base64
import html
import io

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#6B6B6B"


def show(axes, words: str | None = None):
    """Show a chart with a sentence under it, which is also what a screen reader reads out.

    Parameters
    ----------
    axes : the Axes of any Matplotlib or seaborn chart.
    words : the sentence. Charts of this kit bring their own.

    Raises
    ------
    ValueError
        If the chart brings no sentence and none is given.
    """
    from IPython.display import HTML

    return HTML(as_html(axes, words))


def show_texts(table, digits: int = 2):
    """Show a table of texts: whole, aligned on the left, and without row numbers.

    Parameters
    ----------
    table : a DataFrame.
    digits : after the point, for numbers that are not whole.
    """
    left = [{"selector": "th, td", "props": "text-align: left; vertical-align: top; white-space: normal"}]
    shown = table.style.hide(axis="index").format(precision=digits, na_rep="", escape="html")
    return shown.set_table_styles(left).set_properties(**{"text-align": "left", "vertical-align": "top"})


def as_html(axes, words: str | None = None) -> str:
    """The chart as an HTML figure: the picture, with alternative text, and its sentence. Closes the chart."""
    import matplotlib.pyplot as plt

    words = words or in_words(axes)
    picture = io.BytesIO()
    axes.figure.savefig(picture, format="png", dpi=144)
    plt.close(axes.figure)
    data = base64.b64encode(picture.getvalue()).decode()
    width = int(axes.figure.get_figwidth() * 96)
    return (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{html.escape(words)}" src="data:image/png;base64,{data}" '
        f'style="width: {width}px; max-width: 100%">'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def in_words(axes) -> str:
    """The sentence that says a chart of this kit in words."""
    if not getattr(axes, "words", None):
        raise ValueError('this chart says nothing in words yet: give it a sentence, show(axes, "...")')
    return axes.words


def axes_for(axes, rows: int):
    """The given axes, or new ones of a height that suits so many rows of bars."""
    import matplotlib.pyplot as plt

    if axes is None:
        _, axes = plt.subplots(figsize=(8, 0.8 + 0.42 * max(rows, 2)), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def set_words(axes, sentence: str):
    axes.words = sentence
    return axes
