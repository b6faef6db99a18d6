"""What patrons say: the survey and who answers it, comments and their coding, interviews; and the library's messages.

Whether somebody answers depends on what the library knows of them (use, age, e-mail) and on how satisfied they are,
which it does not know: weights for the first mend most of the bias, not all of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, WINDOW, YEAR, calendar, dates_of, day_number
from course_utils.library.cards import BEDTIME, CONNECTED, SEGMENTS
from course_utils.library.chance import pick, pick_by
from course_utils.library.patrons import NONE, age_band_codes, day_or_missing
from course_utils.library.use import AUTOMATIC
from course_utils.library.voices_text import (
    Composer,
    Places,
    Slots,
    fill,
    months_of,
    remarks,
    since_of,
    spoken,
    tagged,
)
from course_utils.library.words import words
from course_utils.tables import Column, Table
from course_utils.tables.voices import (
    ATTRIBUTES,
    CODERS,
    FIVE,
    GOALS,
    MESSAGE_CHANNELS,
    RECRUITED,
    SOURCES,
    THEMES,
    TONES,
)

# The survey -------------------------------------------------------------------------------------------------

SAMPLE, SMALLEST_SAMPLE = (
    2400,
    900,
)  # invitations in a town like Port Ellery; fewer only if there is nobody left
INVITED = day_number("2025-04-08")
REMINDED = (day_number("2025-04-22"), day_number("2025-04-29"))  # by e-mail, by mail
CLOSED = day_number("2025-06-07")
TIERS = (1, 6)  # days of use in the 12 months before: none, 1 to 5, 6 and more

# The odds of an answer (logit).
ANSWERS = -3.28
BY_TIER = np.array([0.0, 1.35, 2.15])
BY_AGE = np.array([-0.55, -0.25, 0.05, 0.45])  # under 25, 25 to 44, 45 to 64, 65 and over
BY_EMAIL = 0.25
BY_SATISFACTION = 0.11  # per point above what is usual in the tier
MOVED = -2.5

# Satisfaction is what is usual in the tier, plus how well the library does in what matters to it, plus chance.
USUAL = np.array([2.85, 3.85, 4.30])
DRIVERS = np.array([0.20, 0.20, 0.42, 0.12, 0.06, 0.0])  # by ATTRIBUTES; per standard deviation
CHANCE = 0.5
HALO = 0.55  # of a rating's variance, what is common to all six
PER_POINT = 0.85  # points of a rating from 1 to 5 per standard deviation
IMPORTANCE = np.array([4.45, 4.35, 3.95, 3.75, 3.5, 3.0])  # by ATTRIBUTES
PERFORMANCE = np.array([3.85, 2.75, 4.35, 3.5, 3.35, 4.0])
STRETCH = 1.5  # visits as told, against visits that left a trace on the card
HEAPS = np.array([6, 12, 24, 52, 104])
HEAPING = 0.6  # of those near a round number, how many say the round number

# Odds of GOALS and of WISHES, by segment.
_GOALS = np.array(
    [
        [70, 4, 3, 3, 2, 7, 6, 5],  # page turner
        [14, 66, 3, 2, 2, 3, 5, 5],  # digital reader
        [16, 3, 66, 7, 1, 2, 2, 3],  # bedtime
        [44, 16, 7, 10, 5, 8, 7, 3],  # all channels
        [14, 6, 2, 7, 24, 36, 8, 3],  # student
        [4, 2, 5, 66, 3, 10, 5, 5],  # program goer
        [3, 1, 1, 3, 66, 14, 8, 4],  # connected
        [26, 10, 5, 5, 6, 8, 14, 26],  # occasional
    ],
    dtype=float,
)
_WISHES = np.array(
    [
        [8, 10, 5, 18, 20, 14, 9, 16],
        [12, 10, 6, 16, 6, 16, 14, 20],
        [7, 8, 8, 30, 12, 10, 17, 8],
        [8, 14, 9, 22, 9, 16, 14, 8],
        [7, 30, 24, 8, 2, 10, 13, 6],
        [5, 10, 4, 9, 20, 28, 12, 12],
        [16, 16, 32, 8, 4, 12, 4, 8],
        [14, 9, 7, 18, 12, 12, 8, 20],
    ],
    dtype=float,
)


@dataclass(frozen=True)
class Survey:
    """One value per invitation."""

    card: np.ndarray
    email: np.ndarray
    letter: np.ndarray
    reminded: np.ndarray  # day, or NONE
    answered: np.ndarray
    answered_on: np.ndarray  # day, or NONE
    probability: np.ndarray
    visits: np.ndarray  # days in the 12 months before on which the card was used in the house
    satisfaction: np.ndarray  # what they would answer, or have
    recommend: np.ndarray
    ratings: np.ndarray  # (invitations, attributes), standardized, before they become 1 to 5
    tier: np.ndarray


def use_days(library, after: int, until: int) -> tuple[np.ndarray, np.ndarray]:
    """For each card, the days of use later than ``after``, up to ``until``: of any use, and of use in the house."""
    count, width = len(library._cards.person), until - after
    loans, digital, came = library._loans, library._digital, library._came
    renewals, sessions = library._renewals, library._sessions
    own = renewals.kind != AUTOMATIC
    inside = [
        (loans.card, loans.day),
        (sessions.card, sessions.day),
        (came.card, library._held.day[came.program]),
    ]
    online = [(digital.card, digital.day), (renewals.card[own], renewals.day[own])]
    seen = np.zeros(count * width, dtype=bool)

    def mark(parts):
        for card, day in parts:
            kept = (card >= 0) & (day > after) & (day <= until)
            seen[card[kept] * width + day[kept] - after - 1] = True
        return seen.reshape(count, width).sum(axis=1)

    in_house = mark(inside)
    return mark(online), in_house


def _use_before(library) -> tuple[np.ndarray, np.ndarray]:
    """The same in the 12 months before the invitation."""
    start = day_number(pd.Timestamp(INVITED, unit="D") - pd.DateOffset(months=12))
    return library.once("use before the survey", lambda one: use_days(one, start, INVITED))


def _survey(library) -> Survey:
    return library.once("survey", _draw_survey)


def _draw_survey(library) -> Survey:
    rng = library._stream("survey")
    cards, people, file = library._cards, library._homes[1], library._file
    age = people.age[cards.person] - (AS_OF - INVITED) / YEAR
    able = np.flatnonzero(file.on_file & (cards.enrolled <= INVITED) & (age >= 16))
    size = min(max(round(SAMPLE * library.scale), SMALLEST_SAMPLE), len(able))
    card = np.sort(rng.choice(able, size, replace=False))
    used, visits = (values[card] for values in _use_before(library))
    tier = np.searchsorted(TIERS, used, side="right")
    email = library._contacts.has_email[card]

    halo = rng.normal(0, 1, (size, 1))
    ratings = np.sqrt(HALO) * halo + np.sqrt(1 - HALO) * rng.normal(0, 1, (size, len(ATTRIBUTES)))
    above = ratings @ DRIVERS + rng.normal(0, CHANCE, size)
    feeling = USUAL[tier] + above
    satisfaction = np.clip(np.round(feeling), 1, 5).astype(int)
    recommend = np.clip(np.round(1.95 * feeling + 0.7 + rng.normal(0, 1.0, size)), 0, 10).astype(int)

    gone = library._homes[0].left[cards.household[card]] <= INVITED
    wish = (
        ANSWERS
        + BY_TIER[tier]
        + BY_AGE[np.searchsorted([25, 45, 65], age[card], side="right")]
        + BY_EMAIL * email
        + BY_SATISFACTION * above
        + MOVED * gone
    )
    probability = 1 / (1 + np.exp(-wish))
    answered = rng.random(size) < probability

    # Half and more answer before the reminder; by mail it all takes longer.
    mail = ~email * 4
    reminder = np.where(email, *REMINDED)
    early = rng.random(size) < 0.56
    first = INVITED + mail + rng.geometric(0.30, size) - 1
    second = reminder + mail + rng.geometric(0.22, size) - 1
    day = np.where(early, np.minimum(first, reminder - 1), np.minimum(second, CLOSED))
    return Survey(
        card=card,
        email=email,
        letter=rng.permutation(np.arange(size) % 2).astype(np.int8),
        reminded=np.where(answered & early, NONE, reminder),
        answered=answered,
        answered_on=np.where(answered, day, NONE),
        probability=probability,
        visits=visits,
        satisfaction=satisfaction,
        recommend=recommend,
        ratings=ratings,
        tier=tier,
    )


def make_survey_invitations(library) -> dict:
    """Who was invited, and who answered."""
    survey = _survey(library)
    return {
        "invitation_id": np.arange(1, len(survey.card) + 1),
        "patron_id": library._file.number[survey.card],
        "channel": (~survey.email).astype(np.int8),
        "letter": survey.letter,
        "invited": dates_of(np.full(len(survey.card), INVITED)),
        "reminded": day_or_missing(survey.reminded),
        "answered": survey.answered,
        "answered_on": day_or_missing(survey.answered_on),
    }


def make_survey_answers(library) -> dict:
    """What was answered, in the order of the invitations."""
    rng, survey = library._stream("survey answers"), _survey(library)
    rows = np.flatnonzero(survey.answered)
    segment, tier, ratings = (
        library._cards.segment[survey.card[rows]],
        survey.tier[rows],
        survey.ratings[rows],
    )
    count, columns = len(rows), {}
    likes = np.tile(IMPORTANCE, (len(SEGMENTS), 1))
    for name, attribute, more in (
        ("page turner", "collection", 0.3),
        ("bedtime", "programs", 0.8),
        ("student", "space", 0.7),
        ("program goer", "programs", 1.4),
        ("connected", "technology", 1.2),
        ("digital reader", "space", -0.8),
        ("digital reader", "technology", 0.6),
    ):
        likes[SEGMENTS.index(name), ATTRIBUTES.index(attribute)] += more
    important = likes[segment] + rng.normal(0, 0.85, (count, len(ATTRIBUTES)))
    performance = PERFORMANCE + PER_POINT * ratings + 0.12 * (tier[:, None] - 1)
    for prefix, values in (("importance", important), ("performance", performance)):
        for number, name in enumerate(ATTRIBUTES):
            columns[f"{prefix}_{name}"] = np.clip(np.round(values[:, number]), 1, 5).astype(int)
    staff, space = ratings[:, ATTRIBUTES.index("staff")], ratings[:, ATTRIBUTES.index("space")]
    home = 2.75 + 0.5 * tier + 0.35 * staff + 0.3 * space + rng.normal(0, 0.7, count)

    # Memory is generous, and it likes a dozen, two dozen and once a week.
    told = survey.visits[rows] * STRETCH * rng.lognormal(-0.06, 0.35, count) + rng.poisson(0.4, count)
    told = np.round(told).astype(int)
    far = np.abs(np.log(np.maximum(told, 1)[:, None] / HEAPS))
    heaps = (far.min(axis=1) < np.log(1.35)) & (rng.random(count) < HEAPING)
    told = np.where(heaps, HEAPS[far.argmin(axis=1)], told)
    return {
        "invitation_id": rows + 1,
        "satisfaction": survey.satisfaction[rows],
        "recommend": survey.recommend[rows],
        "visits_last_year": np.minimum(told, 365),
        # Who has not come for a year more often has no need at present.
        "goal": _goal(rng, segment, tier).astype(np.int8),
        **columns,
        "feels_at_home": np.clip(np.round(home), 1, 5).astype(int),
        "wish": pick_by(rng, segment, _WISHES).astype(np.int8),
    }


def _goal(rng, segment, tier) -> np.ndarray:
    odds = _GOALS[segment]
    odds[:, GOALS.index("no need at present")] *= np.array([6.0, 0.8, 0.2])[tier]
    return pick(rng, odds)


# Comments ---------------------------------------------------------------------------------------------------

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
    survey = _survey(library)
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
    composer, held = Composer(rng, _places(library)), Held(library)
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


def _places(library) -> Places:
    return Places(library.name, library._town.name, library._town.miles)


class Held:
    """Which series of programs were held at a branch in the months before a day."""

    def __init__(self, library, months: int = 4):
        held = library._held
        titles = [series["title"] for series in words()["program"]]
        self._days: dict[tuple[int, str], np.ndarray] = {}
        for branch in range(3):
            for number, title in enumerate(titles):
                self._days[branch, title] = held.day[(held.branch == branch) & (held.series == number)]
        self._back = round(months * 30.4)

    def on(self, branch: int, day: int):
        """A function of the title: whether it was held there lately."""

        def held(title: str) -> bool:
            days = self._days.get((min(int(branch), 2) if branch < 3 else 0, title))
            return days is not None and bool(
                np.searchsorted(days, day, side="right") > np.searchsorted(days, day - self._back)
            )

        return held


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


# Interviews -------------------------------------------------------------------------------------------------

TALKS = (day_number("2025-05-12"), day_number("2025-07-18"))
TALKED = {"out in town": "in town", "phone": "by phone", "e-mail": "by phone"}


@dataclass(frozen=True)
class Interviews:
    """The conversations, by day. ``script`` is the row in interviews.toml, ``card`` −1 without a card."""

    script: np.ndarray
    card: np.ndarray
    day: np.ndarray
    branch: np.ndarray  # −1 if elsewhere
    place: list[str]
    age_band: np.ndarray
    uses: list[str]
    turns: list[list[str]]


def _interviews(library) -> Interviews:
    return library.once("interviews", _draw_interviews)


def _draw_interviews(library) -> Interviews:
    rng = library._stream("interviews")
    scripts, places, held = spoken("interviews")["interview"], _places(library), Held(library, months=6)
    cards, people = library._cards, library._homes[1]
    age = people.age[cards.person]
    chosen = _patrons_who_fit(rng, library, scripts)
    days = calendar()
    made = []
    for number, script in enumerate(scripts):
        card = chosen[number]
        home = int(cards.home[card]) if card >= 0 else 0
        home = tables.BRANCHES.index(script["branch"]) if "branch" in script else home
        if card >= 0 and script["recruited"] == "program" and "branch" not in script:
            home = _shown_at(library, card, home)  # they met at a program
        day = _weekday(rng, home, days)
        slots = Slots(rng, places, day, home, held.on(home, day))
        if card >= 0:
            slots.prefer("adultprogram", _most_often(library, card))
        inside = script["recruited"] in ("desk", "program")
        place = _where(slots, script, inside)
        if card >= 0:
            band = int(age_band_codes(age[card : card + 1])[0])
        else:
            band = tables.AGE_BANDS.index(script["age"][int(rng.integers(len(script["age"])))])
        made.append(
            (
                day,
                number,
                card,
                home if inside else -1,
                place,
                band,
                fill(rng, script["uses"], slots),
                [fill(rng, tagged(turn)[1], slots) for turn in script["turns"]],
            )
        )
    made.sort(key=lambda one: one[:2])
    day, number, card, branch, place, band, uses, turns = zip(*made, strict=True)
    return Interviews(
        np.array(number),
        np.array(card),
        np.array(day),
        np.array(branch, dtype=np.int8),
        list(place),
        np.array(band, dtype=np.int8),
        list(uses),
        list(turns),
    )


def _most_often(library, card: int) -> str:
    """The program for adults at which this card was shown most often, as a sentence calls it; empty if none."""
    came = library._came
    series = library._held.series[came.program[came.card == card]]
    titles = [words()["program"][row]["title"] for row in series]
    known = {title: said for title, said in spoken("comments")["slot"]["adultprogram"] if title in SOCIAL}
    often = sorted((-titles.count(title), title) for title in known if title in titles)
    return known[often[0][1]] if often else ""


def _shown_at(library, card: int, home: int) -> int:
    """The branch at whose programs this card was shown most often; ``home`` if nowhere."""
    came = library._came
    shown = np.bincount(library._held.branch[came.program[came.card == card]], minlength=3)
    return int(shown.argmax()) if shown.any() else home


def _weekday(rng, branch: int, days) -> int:
    open_ = (days.days >= TALKS[0]) & (days.days <= TALKS[1]) & (days.weekday < 5) & (days.hours[branch] > 0)
    return int(rng.choice(days.days[open_]))


def _where(slots: Slots, script: dict, inside: bool) -> str:
    if "place" in script:
        return f"{script['place']}, {slots['place']}"
    return "in the library" if inside else TALKED[script["recruited"]]


def _patrons_who_fit(rng, library, scripts) -> list[int]:
    """For each script a card whose record is what the script needs; −1 for those without a card."""
    cards, people, file = library._cards, library._homes[1], library._file
    households = library._homes[0]
    count, age = len(cards.person), people.age[cards.person]
    year = AS_OF - 365

    def number(card, kept=None):
        card = card if kept is None else card[kept]
        return np.bincount(card[card >= 0], minlength=count)

    loans, digital, sessions, came = library._loans, library._digital, library._sessions, library._came
    day_of = library._held.day[came.program]
    series = library._held.series[came.program]
    titles = [entry["title"] for entry in words()["program"]]
    social = np.isin(series, [titles.index(title) for title in SOCIAL])
    young = np.isin(series, [titles.index(title) for title in spoken("comments")["slot"]["teenprogram"]])
    lately = loans.day > year
    trips = np.unique(loans.card[lately] * 4096 + loans.day[lately] - year)
    first_session = np.full(count, AS_OF)
    known = sessions.card >= 0
    np.minimum.at(first_session, sessions.card[known], sessions.day[known])
    child = (
        np.bincount(cards.household[(age >= 2) & (age < 10) & file.on_file], minlength=len(households.kind))
        > 0
    )
    lent = number(loans.card, lately)
    for_children = number(loans.card, lately & (loans.audience == tables.AUDIENCES.index("child")))
    fact = {
        "days lately": use_days(library, year, AS_OF)[0],
        "trips": number(trips // 4096),
        "loans": number(loans.card, loans.day > WINDOW),
        "loans lately": lent,
        "percent for children": 100 * for_children // np.maximum(lent, 1),
        "digital": number(digital.card, digital.day > WINDOW),
        "digital lately": number(digital.card, digital.day > year),
        "sessions": number(sessions.card),
        "sessions lately": number(sessions.card, sessions.day > year),
        "first session": first_session,
        "programs": number(came.card),
        "social programs": number(came.card, social & (day_of > year)),
        "young programs": number(came.card, young & (day_of > year)),
        "game nights": number(came.card, series == titles.index("Teen Game Night")),
        "circle": number(came.card, series == titles.index("English Conversation Circle")),
        "child": child[cards.household].astype(int),
        "notices in Spanish": (library._contacts.language == tables.LANGUAGES.index("Spanish")).astype(int),
        "segment": cards.segment,
        "enrolled": cards.enrolled,
        "last": file.last_use,
        "email": library._contacts.has_email.astype(int),
    }
    usable = (
        file.on_file & (cards.home < 3) & (households.left[cards.household] > AS_OF) & (cards.enrolled < year)
    )
    usable &= cards.first_card < 0
    taken = np.zeros(count, dtype=bool)
    chosen = []
    for script in scripts:
        if "patron" not in script:
            chosen.append(-1)
            continue
        bands = [tables.AGE_BANDS.index(band) for band in script["age"]]
        penalty = 20.0 * ~np.isin(age_band_codes(age), bands)
        penalty += fact["notices in Spanish"] * (script["patron"] != "Spanish at home") * 3
        for name, low, high, weight in FITS[script["patron"]]:
            penalty += weight * ((fact[name] < low) | (fact[name] > high))
        penalty = np.where(usable & ~taken, penalty, np.inf)
        best = np.flatnonzero(penalty == penalty.min())
        row = int(rng.choice(best))
        taken[row] = True
        chosen.append(row)
    return chosen


MANY = 10**6
# What the record of each interviewed patron looks like: a fact, the least and the most that it may be, and how much
# it matters. A library may have nobody who is all of it.
FITS = {
    "father": (
        ("segment", BEDTIME, BEDTIME, 3),
        ("child", 1, 1, 2),
        ("trips", 9, 28, 4),
        ("loans lately", 30, MANY, 2),
        ("percent for children", 80, 99, 3),
        ("digital lately", 0, 0, 2),
    ),
    "night shift": (
        ("digital lately", 40, MANY, 5),
        ("trips", 0, 0, 4),
        ("sessions lately", 0, 0, 2),
        ("programs", 0, 0, 1),
        ("email", 1, 1, 3),
    ),
    "comes to programs": (
        ("social programs", 1, 20, 6),
        ("social programs", 2, 20, 3),
        ("social programs", 4, 20, 2),
        ("loans", 0, 0, 9),
        ("digital", 0, 0, 9),
    ),
    "teenager": (
        ("young programs", 2, MANY, 3),
        ("game nights", 1, MANY, 2),
        ("loans lately", 0, 0, 3),
        ("enrolled", 0, day_number("2021-06-30"), 1),
    ),
    "lost trust": (
        ("enrolled", 0, day_number("2014-12-31"), 3),
        ("loans", 1, MANY, 1),
        ("last", day_number("2022-01-01"), day_number("2024-06-30"), 4),
    ),
    "Spanish at home": (
        ("notices in Spanish", 1, 1, 6),
        ("child", 1, 1, 2),
        ("circle", 1, MANY, 3),
        ("loans lately", 10, MANY, 3),
        ("percent for children", 70, 100, 4),
        ("enrolled", day_number("2020-09-01"), AS_OF, 1),
    ),
    "small business": (
        ("enrolled", 0, day_number("2022-06-30"), 2),
        ("sessions", 1, 12, 2),
        ("days lately", 0, 3, 4),
        ("loans lately", 0, 1, 2),
        ("last", day_number("2024-03-01"), day_number("2025-04-30"), 2),
        ("segment", CONNECTED, CONNECTED, 1),
    ),
    "genealogist": (
        ("days lately", 0, 1, 5),
        ("programs", 0, 0, 1),
        ("enrolled", 0, day_number("2019-06-30"), 3),
        ("last", 0, day_number("2024-06-30"), 2),
    ),
    "only e-books": (
        ("digital lately", 25, MANY, 5),
        ("loans", 0, 0, 5),
        ("sessions", 0, 0, 1),
        ("programs", 0, 0, 1),
        ("enrolled", day_number("2020-06-01"), day_number("2022-03-31"), 2),
    ),
    "looks for work": (
        ("sessions lately", 12, MANY, 5),
        ("first session", 0, AS_OF - 600, 5),
        ("loans", 0, 0, 3),
        ("digital", 0, 0, 1),
    ),
    "caregiver": (
        ("last", 0, WINDOW - 1, 6),
        ("enrolled", 0, day_number("2021-06-30"), 2),
    ),
}
# Programs of a late morning, at which people meet.
SOCIAL = ("Books over Coffee", "Gentle Chair Exercise")


def make_interviewees(library) -> dict:
    """With whom."""
    talks = _interviews(library)
    scripts = spoken("interviews")["interview"]
    number = pd.array(library._file.number[talks.card], dtype="Int64")
    shown = np.array([scripts[row].get("consent", True) for row in talks.script])
    number[(talks.card < 0) | ~shown] = pd.NA
    recruited = [RECRUITED.index(scripts[row]["recruited"]) for row in talks.script]
    return {
        "interview_id": np.arange(1, len(talks.day) + 1),
        "date": dates_of(talks.day),
        "branch": talks.branch,
        "place": talks.place,
        "age_band": talks.age_band,
        "how_recruited": np.array(recruited, dtype=np.int8),
        "uses": talks.uses,
        "patron_id": number,
    }


def make_interviews(library) -> dict:
    """What was said, turn by turn."""
    turns = _interviews(library).turns
    lengths = [len(one) for one in turns]
    turn = np.concatenate([np.arange(1, length + 1) for length in lengths])
    return {
        "interview_id": np.repeat(np.arange(1, len(turns) + 1), lengths),
        "turn": turn,
        "speaker": ((turn + 1) % 2).astype(np.int8),
        "text": [text for one in turns for text in one],
    }


# The library's own messages ---------------------------------------------------------------------------------

FRAMINGS = ("product", "customer", "mixed")
MESSAGES = (25, 21, 14)  # of each framing


def _messages(library) -> tuple:
    return library.once("messages", _draw_messages)


def _draw_messages(library) -> tuple:
    """Day, channel, framing and text of each message, by day."""
    rng, held, places = library._stream("messages"), Held(library), _places(library)
    every = np.arange(WINDOW, AS_OF - 20)
    month = dates_of(every).astype("datetime64[M]").astype(int) % 12 + 1
    year = dates_of(every).astype("datetime64[Y]").astype(int) + 1970
    made = []
    for framing, name in enumerate(FRAMINGS):
        entries = spoken("messages")[name]
        for row in rng.permutation(len(entries))[: MESSAGES[framing]]:
            tags, text = tagged(entries[row])
            named = [MESSAGE_CHANNELS.index(tag) for tag in tags if tag in MESSAGE_CHANNELS]
            channel = int(rng.choice(named or np.arange(len(MESSAGE_CHANNELS) - 1)))
            fits = np.isin(month, months_of(tags) or range(1, 13))
            fits &= every >= since_of(tags)
            if years := [int(tag[1:]) for tag in tags if tag[:2] == "y2"]:
                fits &= np.isin(year, years)
            # Nothing is announced of which a small town has hardly any.
            for _ in range(12):
                day = int(rng.choice(every[fits]))
                counted = {slot: n for slot, n in _counted(library, day).items() if f"{{{slot}}}" in text}
                if min(counted.values(), default=3) > 2:
                    break
            else:
                continue
            branch = int(np.searchsorted([0.6, 0.8], rng.random()))
            # A program is announced before it is held.
            slots = Slots(rng, places, day, branch, held.on(branch, day + 45))
            for slot, count in counted.items():
                exact = count < 10 or slot == "computers"
                slots.prefer(slot, f"{count if exact else count // 10 * 10:,}")
            made.append((day, len(made), channel, framing, fill(rng, text, slots)))
    day, _, channel, framing, text = zip(*sorted(made), strict=True)
    return np.array(day), np.array(channel, dtype=np.int8), np.array(framing, dtype=np.int8), list(text)


def _counted(library, day: int) -> dict[str, int]:
    """What messages count, as the tables have it: slots of messages.toml, for a message of this day."""
    branches, items = library["branches"], library["items"]
    held = pd.DatetimeIndex(library["programs"]["date"])
    date = pd.Timestamp(day, unit="D")
    kind, added = items["material_type"], items["added"]
    year = (added > date - pd.DateOffset(months=12)) & (added <= date)
    return {
        "fallprograms": int(((held.year == date.year) & held.month.isin([9, 10, 11])).sum()),
        "newdvds": int(((kind == "dvd") & year).sum()),
        "largeprint": int(((kind == "large print") & (added <= date)).sum()),
        "emagazines": int(((kind == "emagazine") & (added <= date)).sum()),
        "computers": int(branches.set_index("branch")["computers"]["MAIN"]),
    }


def make_messages(library) -> dict:
    """What the library said."""
    day, channel, _, text = _messages(library)
    return {
        "message_id": np.arange(1, len(day) + 1),
        "date": dates_of(day),
        "channel": channel,
        "text": text,
    }


# The truth --------------------------------------------------------------------------------------------------


def true_survey(library) -> dict:
    """What everybody invited would have answered."""
    survey = _survey(library)
    return {
        "invitation_id": np.arange(1, len(survey.card) + 1),
        "probability": np.round(survey.probability, 4),
        "answered": survey.answered,
        "satisfaction": survey.satisfaction,
        "recommend": survey.recommend,
        "days_of_use": _use_before(library)[0][survey.card],
        "visits": survey.visits,
    }


def true_drivers(library) -> dict:
    """What satisfaction is made of, beside what people say matters."""
    return {
        "attribute": list(ATTRIBUTES),
        "weight": DRIVERS,
        "slope": DRIVERS / PER_POINT,
        "importance": IMPORTANCE,
        "performance": PERFORMANCE,
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


NOTES = {
    "leading": "leading question",
    "record": "not what the record shows",
    "self": "contradicts own words",
    "assumed": "not what staff assume",
}


def true_interviews(library) -> dict:
    """The turns at which something happens that is worth noticing."""
    talks, scripts = _interviews(library), spoken("interviews")["interview"]
    rows = []
    for number, script in enumerate(talks.script):
        for turn, entry in enumerate(scripts[script]["turns"]):
            rows += [(number + 1, turn + 1, scripts[script]["key"], NOTES[tag]) for tag in tagged(entry)[0]]
    columns = ("interview_id", "turn", "person", "note")
    return {column: list(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}


def true_messages(library) -> dict:
    """How each message is framed."""
    day, _, framing, _ = _messages(library)
    return {"message_id": np.arange(1, len(day) + 1), "framing": framing}


_INVITATION = {"type": "integer", "unique": True, "foreign_key": "survey_invitations.invitation_id"}
_COMMENT = {"type": "integer", "unique": True, "foreign_key": "comments.comment_id"}

TRUTH = {
    "survey": (
        Table(
            "survey",
            "What everybody would have answered",
            "One row per invitation. Whether somebody answered was drawn with the probability that stands here.",
            (
                Column("invitation_id", description="As in survey_invitations.", **_INVITATION),
                Column("probability", "number", "Of an answer.", minimum=0, maximum=1),
                Column("answered", "boolean", "Whether an answer came."),
                Column("satisfaction", description="What they answered, or would have.", **FIVE),
                Column("recommend", "integer", "The same.", minimum=0, maximum=10),
                Column(
                    "days_of_use",
                    "integer",
                    "Days in the 12 months before on which the card was used.",
                    minimum=0,
                ),
                Column("visits", "integer", "Of these, days on which it was used in the house.", minimum=0),
            ),
            key=("invitation_id",),
        ),
        true_survey,
    ),
    "drivers": (
        Table(
            "drivers",
            "What satisfaction is made of",
            "One row per attribute of the survey.",
            (
                Column("attribute", "category", "As in survey_answers.", unique=True, categories=ATTRIBUTES),
                Column("weight", "number", "Points of satisfaction per standard deviation of the rating."),
                Column(
                    "slope",
                    "number",
                    "Points of satisfaction per point of the rating, before it becomes 1 to 5.",
                ),
                Column("importance", "number", "Mean that people state, before it becomes 1 to 5."),
                Column("performance", "number", "Mean rating, before it becomes 1 to 5."),
            ),
            key=("attribute",),
        ),
        true_drivers,
    ),
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
    "interviews": (
        Table(
            "interviews",
            "What to notice in the interviews",
            "One row per turn at which something happens.",
            (
                Column(
                    "interview_id", "integer", "As in interviews.", foreign_key="interviewees.interview_id"
                ),
                Column("turn", "integer", "As in interviews.", minimum=1),
                Column("person", "string", "Who this is."),
                Column("note", "category", "What happens.", categories=tuple(NOTES.values())),
            ),
            key=("interview_id", "turn", "note"),
        ),
        true_interviews,
    ),
    "messages": (
        Table(
            "messages",
            "How each message is framed",
            "One row per message.",
            (
                Column(
                    "message_id",
                    "integer",
                    "As in messages.",
                    unique=True,
                    foreign_key="messages.message_id",
                ),
                Column(
                    "framing",
                    "category",
                    "By what the library has, by what somebody wants to get done, or by both.",
                    categories=FRAMINGS,
                ),
            ),
            key=("message_id",),
        ),
        true_messages,
    ),
}

TABLES = {
    "survey_invitations": make_survey_invitations,
    "survey_answers": make_survey_answers,
    "comments": make_comments,
    "comment_codes": make_comment_codes,
    "interviewees": make_interviewees,
    "interviews": make_interviews,
    "messages": make_messages,
}


def measure(library) -> dict[str, float]:
    """How many of those invited answered."""
    return {"survey_response": float(library.survey_invitations["answered"].mean())}


MEASURES = measure
