"""Free comments, and how two coders read them: alike for the most part, and apart in known places."""

from dataclasses import dataclass

import numpy as np

from course_utils.library.calendar import WINDOW, calendar, dates_of
from course_utils.library.chance import pick
from course_utils.library.survey import CLOSED, the_survey
from course_utils.library.voices_text import (
    Composer,
    Held,
    places_of,
    remarks,
)
from course_utils.tables import Column, Table
from course_utils.tables.voices import (
    CODERS,
    SOURCES,
    THEMES,
    TONES,
)

COMMENTS, IRONIC = 420, 16
FROM_SURVEY = 110  # at most, and not more than four in ten of those who answered
THEME_ODDS = np.array([0.15, 0.14, 0.16, 0.16, 0.13, 0.11, 0.08, 0.07])

TONE_ODDS = np.array(  # by THEMES: positive, mixed, negative
    [
        [0.20, 0.12, 0.68],
        [0.56, 0.13, 0.31],
        [0.24, 0.13, 0.63],
        [0.22, 0.10, 0.68],
        [0.22, 0.11, 0.67],
        [0.46, 0.12, 0.42],
        [0.22, 0.12, 0.66],
        [0.20, 0.10, 0.70],
    ]
)

# How each coder reads: the share of each theme that they get right, and what they take it for otherwise.
RIGHT = (0.885, 0.875)

_LIKE = {  # for each theme, what it is most easily taken for
    "opening hours": ("access and getting there", "rules and fees"),
    "staff": ("rules and fees", "programs"),
    "collection": ("technology", "rules and fees"),
    "space and noise": ("staff", "technology"),
    "technology": ("rules and fees", "collection"),
    "programs": ("staff", "opening hours"),
    "access and getting there": ("opening hours", "space and noise"),
    "rules and fees": ("staff", "technology"),
}

TONE_READ = np.array(  # by coder, true tone, coded tone
    [
        [[0.95, 0.04, 0.01], [0.14, 0.72, 0.14], [0.01, 0.07, 0.92]],
        [[0.93, 0.06, 0.01], [0.10, 0.68, 0.22], [0.01, 0.06, 0.93]],
    ]
)

IRONY_READ = np.array([[0.78, 0.06, 0.16], [0.08, 0.06, 0.86]])  # A takes irony for praise
CHILDREN_READ = 0.80  # B files complaints about the noise of children under programs


def theme_reading() -> np.ndarray:
    """Odds of each coded theme, by coder, about children or not, and true theme: shape (2, 2, themes, themes)."""
    count = len(THEMES)
    table = np.zeros((len(CODERS), 2, count, count))
    for coder, right in enumerate(RIGHT):
        for theme, name in enumerate(THEMES):
            row = np.full(count, 0.35 * (1 - right) / (count - 3))
            row[[THEMES.index(other) for other in _LIKE[name]]] = 0.65 * (1 - right) / 2
            row[theme] = right
            table[coder, :, theme] = row
    space, programs = THEMES.index("space and noise"), THEMES.index("programs")
    table[1, 1, space] *= (1 - CHILDREN_READ) / (1 - table[1, 1, space, programs])
    table[1, 1, space, programs] = CHILDREN_READ
    return table


@dataclass(frozen=True)
class Comments:
    """One value per comment, by day."""

    source: np.ndarray
    day: np.ndarray
    branch: np.ndarray  # −1 if none was named
    text: list[str]
    theme: np.ndarray
    tone: np.ndarray
    ironic: np.ndarray
    children: np.ndarray


def _comments(library) -> Comments:
    return library.once("comments", _draw_comments)


def _draw_comments(library) -> Comments:
    rng = library._stream("comments")
    chosen = _chosen(rng)
    survey = the_survey(library)
    quota = min(FROM_SURVEY, round(0.4 * int(survey.answered.sum())))
    days = calendar()
    month = dates_of(days.days).astype("datetime64[M]").astype(int) % 12 + 1
    inside = days.days >= WINDOW
    # Those that can come from the survey: said at any time of the year, by grown people.
    fits = np.array([not one.months and one.voice != "teen" for one in chosen])
    from_survey = rng.permutation(np.flatnonzero(fits))[:quota]
    source = np.where(rng.random(len(chosen)) < 0.58, 1, 2)
    source[from_survey] = 0
    place, day = np.zeros(len(chosen), dtype=int), np.zeros(len(chosen), dtype=int)
    # A running sum per branch of days that will do; the seasons are few, and each is looked up once.
    doors: dict[tuple, np.ndarray] = {}
    for row, remark in enumerate(chosen):
        if remark.branches:
            place[row] = remark.branches[int(rng.integers(len(remark.branches)))]
        else:
            place[row] = int(np.searchsorted([0.56, 0.81], rng.random()))
        if source[row] == 0:
            day[row] = CLOSED  # the day of the answer could lead to a card
            continue
        key = (source[row] == 1, place[row], remark.months, remark.since)
        if key not in doors:
            good = inside & (days.days >= remark.since)
            if remark.months:
                good = good & np.isin(month, remark.months)
            # The comment box is where the door is; the form is never closed.
            doors[key] = np.cumsum(days.busy[place[row]] * good if key[0] else good)
        climb = doors[key]
        day[row] = days.days[np.searchsorted(climb, rng.random() * climb[-1], side="right")]
    order = np.lexsort((rng.random(len(chosen)), day))
    composer, held = Composer(rng, places_of(library)), Held(library)
    text = [""] * len(chosen)
    for row in order:
        text[row] = composer.compose(
            chosen[row], SOURCES[source[row]], day[row], place[row], held.on(place[row], day[row])
        )
    silent = rng.random(len(chosen)) < np.array([0.6, 0.0, 0.3])[source]
    remarks_ = [chosen[row] for row in order]
    return Comments(
        source=source[order].astype(np.int8),
        day=day[order],
        branch=np.where(silent, -1, place)[order].astype(np.int8),
        text=[text[row] for row in order],
        theme=np.array([one.theme for one in remarks_], dtype=np.int8),
        tone=np.array([one.tone for one in remarks_], dtype=np.int8),
        ironic=np.array([one.ironic for one in remarks_]),
        children=np.array(["kids" in one.tags and one.tone > 0 for one in remarks_]),
    )


def _chosen(rng) -> list:
    """The remarks of one library, each once. Where a theme and tone has no more, others of the theme make up the
    number, and then others of any theme."""
    pool: dict[tuple[int, int], list] = {}
    for one in remarks():
        if not one.ironic:
            pool.setdefault((one.theme, one.tone), []).append(one)
    odds = (THEME_ODDS[:, None] * TONE_ODDS).ravel()
    wanted = rng.multinomial(COMMENTS - IRONIC, odds / odds.sum()).reshape(TONE_ODDS.shape)
    chosen, short, spare = [], np.zeros(len(THEMES), dtype=int), []
    for (theme, tone), entries in pool.items():
        deck = [entries[row] for row in rng.permutation(len(entries))]
        chosen += deck[: wanted[theme, tone]]
        spare += deck[wanted[theme, tone] :]
        short[theme] += max(int(wanted[theme, tone]) - len(deck), 0)
    spare = [spare[row] for row in rng.permutation(len(spare))]
    for theme, missing in enumerate(short):
        chosen += [one for one in spare if one.theme == theme][:missing]
    kept = {one.text for one in chosen}
    spare = [one for one in spare if one.text not in kept]
    chosen += spare[: COMMENTS - IRONIC - len(chosen)]
    ironic = [one for one in remarks() if one.ironic]
    return chosen + [ironic[row] for row in rng.permutation(len(ironic))[:IRONIC]]


def make_comments(library) -> dict:
    """The comments as typed."""
    comments = _comments(library)
    return {
        "comment_id": np.arange(1, len(comments.day) + 1),
        "source": comments.source,
        "date": dates_of(comments.day),
        "branch": comments.branch,
        "text": comments.text,
    }


def make_comment_codes(library) -> dict:
    """What each coder made of each comment."""
    rng, comments = library._stream("comment codes"), _comments(library)
    count, reading = len(comments.day), theme_reading()
    theme, tone = np.empty((count, 2), dtype=np.int8), np.empty((count, 2), dtype=np.int8)
    for coder in range(len(CODERS)):
        theme[:, coder] = pick(rng, reading[coder, comments.children.astype(int), comments.theme])
        odds = np.where(comments.ironic[:, None], IRONY_READ[coder], TONE_READ[coder, comments.tone])
        tone[:, coder] = pick(rng, odds)
    return {
        "comment_id": np.repeat(np.arange(1, count + 1), len(CODERS)),
        "coder": np.tile(np.arange(len(CODERS), dtype=np.int8), count),
        "theme": theme.ravel(),
        "tone": tone.ravel(),
    }


def true_comments(library) -> dict:
    """What each comment is about."""
    comments = _comments(library)
    return {
        "comment_id": np.arange(1, len(comments.day) + 1),
        "theme": comments.theme,
        "tone": comments.tone,
        "ironic": comments.ironic,
        "about_children": comments.children,
    }


def true_coders(library) -> dict:
    """How each coder reads."""
    rows = []
    reading = theme_reading()
    for coder, name in enumerate(CODERS):
        for children, about in enumerate(("any other", "about children")):
            for theme, true in enumerate(THEMES):
                if children and true != "space and noise":
                    continue
                rows += [
                    (name, "theme", about, true, coded, reading[coder, children, theme, number])
                    for number, coded in enumerate(THEMES)
                ]
        for tone, true in enumerate(TONES):
            rows += [
                (name, "tone", "any other", true, coded, TONE_READ[coder, tone, number])
                for number, coded in enumerate(TONES)
            ]
        rows += [
            (name, "tone", "ironic", "negative", coded, IRONY_READ[coder, number])
            for number, coded in enumerate(TONES)
        ]
    columns = ("coder", "code", "comment", "true", "coded", "probability")
    return {column: list(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}


_COMMENT = {"type": "integer", "unique": True, "foreign_key": "comments.comment_id"}

TRUTH = {
    "comments": (
        Table(
            "comments",
            "What each comment is about",
            "One row per comment.",
            (
                Column("comment_id", description="As in comments.", **_COMMENT),
                Column("theme", "category", "What it is about.", categories=THEMES),
                Column("tone", "category", "How it is meant.", categories=TONES),
                Column("ironic", "boolean", "Whether it is worded as praise and meant as a complaint."),
                Column("about_children", "boolean", "Whether it complains of the noise of children."),
            ),
            key=("comment_id",),
        ),
        true_comments,
    ),
    "coders": (
        Table(
            "coders",
            "How each coder reads",
            "The odds with which each coder gives a code, by what is true.",
            (
                Column("coder", "category", "As in comment_codes.", categories=CODERS),
                Column("code", "category", "Which of the two codes.", categories=("theme", "tone")),
                Column(
                    "comment",
                    "category",
                    "Which comments: those with a reading of their own, or any other.",
                    categories=("any other", "about children", "ironic"),
                ),
                Column("true", "string", "The true theme or tone."),
                Column("coded", "string", "The theme or tone given."),
                Column("probability", "number", "How often.", minimum=0, maximum=1),
            ),
            key=("coder", "code", "comment", "true", "coded"),
        ),
        true_coders,
    ),
}

TABLES = {
    "comments": make_comments,
    "comment_codes": make_comment_codes,
}
