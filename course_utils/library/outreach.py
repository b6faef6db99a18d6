"""Campaigns: who was written to, by chance or by choice, and what came of it; and help with homework by branch.

A campaign that works brings some people in who would not have come: each of them makes one trip, which the model
turns into loans like any other. So whether somebody came can be read from the events, written to or not.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import (
    AS_OF,
    FIRST,
    YEAR,
    calendar,
    day_number,
    draw_days,
    running_sum,
)
from course_utils.library.cards import CONNECTED, PROGRAM_GOER, SEGMENTS, Cards
from course_utils.library.use import AUTOMATIC
from course_utils.tables import Column, Table

CONTROL, A, B = range(3)
WITHIN = 30  # days after the day of sending in which coming counts


@dataclass(frozen=True)
class Campaign:
    """One campaign as the library planned it. ``unit`` is empty where nobody drew lots."""

    key: str
    name: str
    date: str
    channel: str
    audience: str
    goal: str
    message: str
    fixed_cost: float
    cost_per_message: float
    unit: str = ""

    @property
    def day(self) -> int:
        return day_number(self.date)


# Those that bring people in stand at least 75 days apart: what was borrowed on such a trip can be renewed until
# 72 days after the campaign, and must not count as coming because of the next one.
CAMPAIGNS = (
    Campaign(
        "newsletter",
        "Fall newsletter",
        "2023-10-17",
        "email",
        "Everyone with consent to news by e-mail who used the card in the last 180 days.",
        "Show that the newsletter brings people in.",
        "What's new at the library: our new catalog, our new hours, our award, and a word from the director.",
        420.0,
        0.01,
    ),
    Campaign(
        "subject",
        "New-books e-mail, two subject lines",
        "2024-01-16",
        "email",
        "Everyone with consent to news by e-mail who used the card in the last 365 days.",
        "Find the subject line that brings more people in.",
        "Subject A: Library News, January. Subject B: Six books to get you through January. The same list of new"
        " books under both.",
        150.0,
        0.01,
        "patron",
    ),
    Campaign(
        "pilot",
        "Text message pilot",
        "2024-02-06",
        "text",
        "Patrons drawn by lot from those who prefer a text message and used the card in the last 365 days.",
        "See whether text messages are worth paying for.",
        "Your library card misses you. Reply STOP to stop.",
        300.0,
        0.04,
        "patron",
    ),
    Campaign(
        "win back",
        "We have missed you",
        "2024-06-25",
        "mail",
        "Every card issued more than 365 days ago and not used in the last 365, or ever, unless it was issued before"
        " September 2018 and has not been used since June 2022.",
        "Bring back people who stopped coming.",
        "We have missed you. No fines, no questions: your card still works, and so does the coffee machine.",
        520.0,
        0.56,
        "household",
    ),
    Campaign(
        "storytime",
        "Storytime invitation",
        "2024-09-10",
        "email",
        "Every card used in the last 730 days, with an e-mail address, in a household with the card of a child under"
        " 13. Sent as a notice about the card, without asking who had agreed to news.",
        "Bring families with young children back after the summer.",
        "You read the first page, we do the voices: storytime is back. Come as you are, leave with a bag of books.",
        200.0,
        0.01,
        "household",
    ),
    Campaign(
        "greeting",
        "Season's greeting",
        "2024-11-19",
        "email",
        "Everyone with consent to news by e-mail who used the card in the last 730 days.",
        "Keep in touch.",
        "Season's greetings from the staff and the trustees of your library.",
        90.0,
        0.01,
        "household",
    ),
    Campaign(
        "next step",
        "A letter, one of two, or none",
        "2025-01-21",
        "mail",
        "Every adult (18 and over) who used the card in the last 730 days, but not in the last 30.",
        "Find out which letter, if any, suits whom.",
        "Letter A: We put three new arrivals aside for you; they wait until eight in the evening. Letter B: A"
        " librarian will sit down with you over coffee and find your next three books.",
        450.0,
        0.68,
        "patron",
    ),
    Campaign(
        "postcard",
        "Summer postcard",
        "2025-06-10",
        "mail",
        "Every adult (18 and over) who used the card in the last 365 days. Each branch chose the odds of a card for"
        " those who had come in the last 60 days, and for the others.",
        "Bring people in during the summer.",
        "Hot outside? It is 72 degrees in here, and the chairs are soft. Bring this card and stay a while.",
        380.0,
        0.56,
        "patron",
    ),
)
ID = {campaign.key: number for number, campaign in enumerate(CAMPAIGNS, start=1)}
NOTHING_PLANTED = ("newsletter", "subject", "greeting")

# What each message does: the share of those written to who come because of it, over the group named.
PILOT_EFFECT, PILOT_SIZE = 0.06, 120
POSTCARD_EFFECT = 0.09
STORYTIME_EFFECT = 0.24  # on those who borrowed on 1 to 4 days of the last year; none on the others
SUITED_EFFECT = 0.15  # of letter A on adults under 50, of letter B on the others; none the other way round
WIN_BACK_EFFECT = 0.05
MIDDLE = 50  # years of age
OFTEN = 5  # days with a loan in the last year from which a card counts as often used
SAME_HOUSEHOLD = 0.6  # share of people who make up their mind as their household does
# Odds of the summer postcard by branch: for those who came in the last 60 days, and for the others.
POSTCARD_ODDS = np.array([[0.75, 0.30], [0.70, 0.35], [0.80, 0.30], [0.70, 0.40]])

# E-mail: fitted to the published rates.
FETCHES_PICTURES = 0.38  # share of mail programs that count as an opening whatever the reader does
READS = {"subject": (0.105, 0.28)}  # share of the others who read it, by arm; those who come of it always do
READS_OTHERWISE = 0.175
CLICKS = 0.109  # of those who read
BOUNCES = 0.0048
UNSUBSCRIBES = 0.0088
UNSUBSCRIBES_OFTEN = 0.075  # of the often used cards, after the storytime invitation
RETURNED_BY_POST = 0.7  # of letters to people who have left town

# Help with homework: the branches where it began, and by how much it raises what is counted.
HELP_STARTS = {"HARBOR": "2023-11-01", "NORTH": "2024-07-01"}
HELP_FACTOR = {"HARBOR": (1.17, 1.21), "NORTH": (1.14, 1.18)}
YOUNG_SHARE = np.array([0.22, 0.26, 0.27])  # of visits: children and teens in the afternoon, by branch
YOUNG_TREND = 0.07  # a year, on top of that of all visits
# January to December: school brings them in, the summer takes some to the beach.
YOUNG_SEASON = np.array([1.04, 1.06, 1.03, 1.03, 1.00, 0.88, 0.82, 0.84, 1.06, 1.09, 1.08, 0.98])
HELP_HOURS_A_DAY, HELP_WAGE, HELP_MATERIALS = 2.0, 21.5, 60.0


@dataclass(frozen=True)
class Log:
    """One value per campaign and card in it."""

    campaign: np.ndarray  # index into CAMPAIGNS
    card: np.ndarray
    arm: np.ndarray
    propensity: np.ndarray  # of the arm that was drawn; nan where nobody drew lots
    group: np.ndarray  # index into GROUPS
    untreated: np.ndarray  # whether they come of themselves
    moved: np.ndarray  # (rows, 3) whether each arm brings in those who would not have come
    bounced: np.ndarray
    opened: np.ndarray
    clicked: np.ndarray
    unsubscribed: np.ndarray


@dataclass(frozen=True)
class Mailed:
    """What the campaigns did.

    ``trips``: row of the card, branch and day of each trip they brought about. ``unsubscribed``: for each card,
    whether its owner took back the consent to news.
    """

    trips: tuple[np.ndarray, np.ndarray, np.ndarray]
    unsubscribed: np.ndarray
    log: Log


GROUPS = ("all", "no loan in the last year", "loans on 1 to 4 days", "loans on 5 days or more")
GROUPS += (f"under {MIDDLE}", f"{MIDDLE} and over")


class _Uses:
    """Which card was used on which days; a card once for each day."""

    SPAN = AS_OF - FIRST + 1

    def __init__(self, cards: int, *parts: tuple[np.ndarray, np.ndarray]):
        self._cards = cards
        keys = np.concatenate(
            [
                card.astype(np.int32) * np.int32(self.SPAN) + (day - FIRST).astype(np.int32)
                for card, day in parts
            ]
        )
        keys.sort()
        # A family's basket is one use. (np.unique would give the same, ten times as slowly.)
        keys = keys[np.append(True, keys[1:] != keys[:-1])]
        self._card, day = np.divmod(keys, np.int32(self.SPAN))
        self._day = day + np.int32(FIRST)

    def add(self, card: np.ndarray, day: np.ndarray) -> None:
        """Put in further uses, of cards that were not used on that day."""
        self._card = np.concatenate([self._card, card.astype(np.int32)])
        self._day = np.concatenate([self._day, day.astype(np.int32)])

    def days(self, after: int, until: int) -> np.ndarray:
        """For each card, how many days of use lie after the day ``after`` and not after ``until``."""
        here = (self._day > after) & (self._day <= until)
        return np.bincount(self._card[here], minlength=self._cards)


def run_campaigns(library) -> Mailed:
    """Draw the arms of every campaign, what each message does, and the trips that it brings about."""
    rng = library._stream("campaigns")
    households, people = library._homes
    cards, contacts = library._cards, library._contacts
    count = len(cards.person)
    lent, online, again = library._own_loans, library._digital, library._own_renewals
    known, mine = library._sessions.card >= 0, again.kind != AUTOMATIC
    loans = _Uses(count, (lent.card, lent.day), (online.card, online.day))
    uses = _Uses(
        count,
        (lent.card, lent.day),
        (online.card, online.day),
        (again.card[mine], again.day[mine]),
        (library._sessions.card[known], library._sessions.day[known]),
        (library._came.card, library._held.day[library._came.program]),
    )
    fetches = rng.random(count) < FETCHES_PICTURES
    unsubscribed = np.zeros(count, dtype=bool)
    trips, parts = [], []
    for number, campaign in enumerate(CAMPAIGNS):
        day = campaign.day
        state = _State(
            day,
            people.age[cards.person] - (AS_OF - day) / YEAR,
            cards,
            contacts,
            contacts.consent & ~unsubscribed,
            uses,
            loans,
        )
        card = np.flatnonzero(_AUDIENCES[campaign.key](state) & (cards.enrolled < day))
        if campaign.key == "pilot":
            card = np.sort(rng.permutation(card)[: max(round(PILOT_SIZE * library.scale), 8)])
        arm, propensity = _draw_arms(rng, campaign, card, state)
        untreated = uses.days(day, day + WITHIN)[card] > 0
        # Nobody comes back whose habit is over, and those who never borrow do not come to borrow.
        able = (
            ~untreated & (np.minimum(cards.lapsed, cards.switched)[card] > day + WITHIN) & ~cards.never[card]
        )
        able &= ~np.isin(cards.segment[card], (PROGRAM_GOER, CONNECTED))
        group, wanted = _wanted(campaign.key, card, state)
        moved = _moved(rng, cards.household[card], group, wanted, able)
        came = moved[np.arange(len(card)), arm]
        where = cards.home[card[came]]
        climb = running_sum(calendar().busy * np.exp(-np.clip(calendar().days - day, 0, 60) / 9.0))
        when = np.empty(len(where), dtype=int)
        for place in range(len(climb)):
            here = where == place
            ends = np.full(here.sum(), day)
            when[here] = draw_days(rng, climb[place], ends + 1, ends + WITHIN)
        trips.append((card[came], where, when))
        loans.add(card[came], when)
        uses.add(card[came], when)
        reactions = _reactions(
            rng,
            campaign,
            arm,
            came,
            fetches[card],
            (group == GROUPS.index("loans on 5 days or more")),
            households.left[cards.household[card]] <= day,
        )
        if campaign.channel == "email":
            unsubscribed[card[reactions[3]]] = True
        parts.append((np.full(len(card), number), card, arm, propensity, group, untreated, moved, *reactions))
    return Mailed(
        tuple(np.concatenate(part) for part in zip(*trips, strict=True)),
        unsubscribed,
        Log(*(np.concatenate(part) for part in zip(*parts, strict=True))),
    )


@dataclass(frozen=True)
class _State:
    """What is known of each card on the day of a campaign."""

    day: int
    age: np.ndarray
    cards: Cards
    contacts: object
    consent: np.ndarray
    uses: _Uses
    loans: _Uses

    def used(self, days: int) -> np.ndarray:
        """Whether the card was used in the last ``days`` days."""
        return self.uses.days(self.day - days, self.day) > 0


def _families(state: _State) -> np.ndarray:
    home = state.cards.household
    child = (state.age < 13) & (state.cards.enrolled < state.day)
    return (np.bincount(home[child], minlength=home.max() + 1) > 0)[home]


def _lapsed(state: _State) -> np.ndarray:
    # Only cards that stay on file whether or not their owners come: else those who come would be seen more often.
    stays = state.cards.enrolled >= day_number("2018-09-01")
    stays |= state.uses.days(FIRST - 1, state.day) > 0
    return stays & (state.cards.enrolled < state.day - 365) & ~state.used(365)


_AUDIENCES = {
    "newsletter": lambda state: state.consent & state.used(180),
    "subject": lambda state: state.consent & state.used(365),
    "pilot": lambda state: (state.contacts.contact == 1) & state.used(365),
    "postcard": lambda state: (state.age >= 18) & state.used(365),
    "storytime": lambda state: state.contacts.has_email & _families(state) & state.used(730),
    "greeting": lambda state: state.consent & state.used(730),
    "next step": lambda state: (state.age >= 18) & state.used(730) & ~state.used(30),
    "win back": _lapsed,
}


def _draw_arms(rng, campaign: Campaign, card: np.ndarray, state: _State) -> tuple[np.ndarray, np.ndarray]:
    """The arm of each card, and how probable it was."""
    luck = rng.random(len(card))
    if campaign.unit == "household":
        luck = rng.random(state.cards.household.max() + 1)[state.cards.household[card]]
    if campaign.key == "newsletter":
        return np.full(len(card), A), np.full(len(card), np.nan)
    if campaign.key == "next step":
        return (luck * 3).astype(int), np.full(len(card), 1 / 3)
    odds = np.full(len(card), 0.5)
    if campaign.key == "postcard":
        odds = POSTCARD_ODDS[state.cards.home[card], (~state.used(60)[card]).astype(int)]
    first = luck < odds
    other = B if campaign.key == "subject" else CONTROL
    return np.where(first, A, other), np.where(first, odds, 1 - odds)


def _wanted(key: str, card: np.ndarray, state: _State) -> tuple[np.ndarray, np.ndarray]:
    """The group of each card, and the effects wanted: (groups, arms), shares of the group."""
    group, wanted = np.zeros(len(card), dtype=int), np.zeros((len(GROUPS), 3))
    if key == "pilot":
        wanted[0, A] = PILOT_EFFECT
    elif key == "postcard":
        wanted[0, A] = POSTCARD_EFFECT
    elif key == "win back":
        wanted[0, A] = WIN_BACK_EFFECT
    elif key == "storytime":
        group = 1 + np.searchsorted(
            [1, OFTEN], state.loans.days(state.day - 365, state.day)[card], side="right"
        )
        wanted[2, A] = STORYTIME_EFFECT
    elif key == "next step":
        group = 4 + (state.age[card] >= MIDDLE)
        wanted[4, A] = wanted[5, B] = SUITED_EFFECT
    return group, wanted


def _moved(rng, household: np.ndarray, group: np.ndarray, wanted: np.ndarray, able: np.ndarray) -> np.ndarray:
    """Whether each arm brings in each card of a campaign; shape (cards, arms). Households decide partly together."""
    alone, together = rng.random(len(household)), rng.random(household.max(initial=0) + 1)[household]
    luck = np.where(rng.random(len(household)) < SAME_HOUSEHOLD, together, alone)
    number, ready = (np.bincount(part, minlength=len(wanted)) for part in (group, group[able]))
    odds = wanted * (number / np.maximum(ready, 1))[:, None]
    return able[:, None] & (luck[:, None] < odds[group])


def _reactions(rng, campaign: Campaign, arm, came, fetches, often, gone) -> tuple[np.ndarray, ...]:
    """Bounced, opened, clicked and unsubscribed, for each card; nothing where nothing was sent."""
    luck = rng.random((4, len(arm)))
    sent = (arm != CONTROL) | ((campaign.key == "subject") & (arm == B))
    if campaign.channel == "mail":
        bounced = sent & ~came & (luck[0] < np.where(gone, RETURNED_BY_POST, 0.006))
        nothing = np.zeros(len(arm), dtype=bool)
        return bounced, nothing, nothing, nothing
    bounced = sent & ~came & (luck[0] < BOUNCES)
    there = sent & ~bounced
    reads = READS.get(campaign.key, (READS_OTHERWISE,) * 2)
    read = there & (came | (luck[1] < np.where(arm == A, *reads)))
    opened = read | (there & fetches)
    clicked = read & (luck[2] < np.where(came, 2, 1) * CLICKS)
    leaves = np.where(often & (campaign.key == "storytime"), UNSUBSCRIBES_OFTEN, UNSUBSCRIBES)
    return bounced, opened, clicked, there & ~came & (luck[3] < leaves)


# The tables ----------------------------------------------------------------------------------------------


def make_campaigns(library) -> dict:
    """The plan of each campaign."""

    def of(name):
        return [getattr(campaign, name) for campaign in CAMPAIGNS]

    return {
        "campaign_id": np.arange(1, len(CAMPAIGNS) + 1),
        "name": of("name"),
        "date": np.array(of("date"), dtype="datetime64[D]"),
        "channel": of("channel"),
        "audience": of("audience"),
        "goal": of("goal"),
        "message": of("message"),
        "fixed_cost": of("fixed_cost"),
        "cost_per_message": of("cost_per_message"),
        "randomised": np.array([unit != "" for unit in of("unit")]),
        "unit": [unit or None for unit in of("unit")],
    }


def _order(library) -> np.ndarray:
    """Rows of the log by campaign and number of the patron."""
    log = library._mailed.log
    return np.lexsort((library._file.number[log.card], log.campaign))


def _came(library) -> np.ndarray:
    """For each row of the log, whether the card was used in the 30 days after the day of sending."""
    cards, log = library._cards, library._mailed.log
    own = [events.kind != AUTOMATIC for events in (library._loans, library._renewals, library._digital)]
    parts = [
        (events.card[mine], events.day[mine])
        for events, mine in zip((library._loans, library._renewals, library._digital), own, strict=True)
    ]
    known = library._sessions.card >= 0
    uses = _Uses(
        len(cards.person),
        *parts,
        (library._sessions.card[known], library._sessions.day[known]),
        (library._came.card, library._held.day[library._came.program]),
    )
    came = np.zeros(len(log.card), dtype=bool)
    for number, campaign in enumerate(CAMPAIGNS):
        rows = log.campaign == number
        came[rows] = uses.days(campaign.day, campaign.day + WITHIN)[log.card[rows]] > 0
    return came


def make_mailings(library) -> dict:
    """The log of the campaigns."""
    log, order = library._mailed.log, _order(library)
    channel = np.array([campaign.channel for campaign in CAMPAIGNS])[log.campaign]
    sent = (log.arm != CONTROL)[order]

    def seen(values, which):
        return pd.arrays.BooleanArray(values[order], ~(sent & which[order]))

    return {
        "campaign_id": log.campaign[order] + 1,
        "patron_id": library._file.number[log.card[order]],
        "household_id": library._household_numbers[library._cards.household[log.card[order]]],
        "arm": log.arm[order].astype(np.int8),
        "propensity": np.round(log.propensity[order], 4),
        "sent": sent,
        "bounced": seen(log.bounced, channel != ""),
        "opened": seen(log.opened, channel == "email"),
        "clicked": seen(log.clicked, channel != "mail"),
        "came": library.once("came after a campaign", _came)[order],
        "unsubscribed": seen(log.unsubscribed, channel != "mail"),
    }


def _help_factors(library) -> np.ndarray:
    """By how much help with homework raises the visits that are counted, for MAIN, NORTH and HARBOR."""
    rng = library._stream("homework factors")
    return np.array([rng.uniform(*HELP_FACTOR.get(branch, (1.0, 1.0))) for branch in tables.BRANCHES[:3]])


def make_homework_help(library) -> dict:
    """Afternoon visits by children and teens: three branches, 36 months."""
    rng = library._stream("homework help")
    gates = library["gate_counts"]
    building = (gates["branch"] != "BOOKM").to_numpy()
    branch = gates["branch"].cat.codes.to_numpy()[building]
    months = gates["date"].to_numpy()[building].astype("datetime64[M]")
    first = months.min()
    cell = branch * 36 + (months - first).astype(int)
    visits = np.bincount(cell, gates["visits"].to_numpy()[building], 108)
    days = np.bincount(cell, minlength=108)
    place, month = np.divmod(np.arange(108), 36)
    start = np.array([np.datetime64(HELP_STARTS.get(one, "2100-01-01"), "M") for one in tables.BRANCHES[:3]])
    on = first + month >= start[place]
    season = YOUNG_SEASON[(first + month).astype(int) % 12] * np.exp(YOUNG_TREND * (month - 35) / 12)
    level = (
        YOUNG_SHARE[place]
        * season
        * np.exp(rng.normal(0, 0.03, 36))[month]
        * np.exp(rng.normal(0, 0.02, 108))
    )
    counted = rng.poisson(visits * level * np.where(on, library.once("homework", _help_factors)[place], 1.0))
    hours = np.where(on, days * HELP_HOURS_A_DAY, 0.0)
    order = np.lexsort((place, month))
    made = {
        "branch": place.astype(np.int8),
        "month": (first + month).astype("datetime64[D]"),
        "open_days": days,
        "young_afternoon_visits": np.minimum(counted, visits // 2).astype(int),
        "homework_help": on,
        "staff_hours": hours,
        "cost": np.where(on, np.round(hours * HELP_WAGE + HELP_MATERIALS, 2), 0.0),
    }
    return {name: values[order] for name, values in made.items()}


# The truth -----------------------------------------------------------------------------------------------

_ARMS = ("A", "B")
TRUE_EFFECTS = Table(
    "campaign_effects",
    "What each campaign did",
    "One row per campaign, arm and group: how many of the group came because of the message.",
    (
        Column("campaign_id", "integer", "As in campaigns.", foreign_key="campaigns.campaign_id"),
        Column("arm", "category", "The message.", categories=_ARMS),
        Column(
            "group",
            "string",
            "all; a group that the tables show; or the latent segment. The groups are those on the day of sending.",
        ),
        Column("units", "integer", "Patrons of the group in the campaign, in all its arms.", minimum=0),
        Column("untreated", "number", "Share who would come without any message.", minimum=0, maximum=1),
        Column(
            "effect",
            "number",
            "Share who would come with this message, less the share who would without: the average over the group.",
            minimum=-1,
            maximum=1,
        ),
        Column("note", "string", "How it was planted."),
    ),
    key=("campaign_id", "arm", "group"),
)
TRUE_MAILINGS = Table(
    "mailings",
    "What each patron would do",
    "One row per campaign and patron in it. Of these only one can ever be seen: that of the arm that was drawn.",
    (
        Column("campaign_id", "integer", "As in campaigns.", foreign_key="campaigns.campaign_id"),
        Column("patron_id", "integer", "As in patrons.", foreign_key="patrons.patron_id"),
        Column(
            "would_come_untreated", "boolean", "Whether the patron comes within 30 days without any message."
        ),
        Column("would_come_a", "boolean", "Whether the patron comes with message A."),
        Column(
            "would_come_b",
            "boolean",
            "Whether the patron comes with message B; missing if there is none.",
            required=False,
        ),
    ),
    key=("campaign_id", "patron_id"),
)
TRUE_HELP = Table(
    "homework_help",
    "What help with homework does",
    "One row per branch.",
    (
        Column("branch", "category", "As in branches.", unique=True, categories=tables.BRANCHES),
        Column("started", "date", "First month with help; missing if there is none.", required=False),
        Column("factor", "number", "By how much help multiplies afternoon visits; 1 where there is none."),
    ),
    key=("branch",),
)
_NOTES = {
    "newsletter": "No effect. Those who get it were using the library before.",
    "subject": "No effect on coming: the two subject lines differ in openings only.",
    "greeting": "No effect.",
    "pilot": "An effect that so few people cannot show.",
    "postcard": "The same odds of an effect for all who could come; those who came lately got the card more often.",
    "storytime": "Moves those who borrow now and then; the often used cards unsubscribe instead.",
    "next step": f"Letter A moves adults under {MIDDLE}, letter B the others.",
    "win back": "Moves those who were away but whose habit was not over; nobody else.",
}


def _both_ways(library) -> tuple[np.ndarray, np.ndarray]:
    """For each row of the log, whether the patron comes untreated; and with A and with B, shape (rows, 2)."""
    log = library._mailed.log
    null = np.isin(log.campaign, [ID[key] - 1 for key in NOTHING_PLANTED])
    # Where nothing was planted all outcomes are one, and it was seen.
    untreated = np.where(null, library.once("came after a campaign", _came), log.untreated)
    return untreated, untreated[:, None] | log.moved[:, 1:]


def true_campaign_effects(library) -> dict:
    """Averages of what would have happened, by campaign, arm and group."""
    log, segment = library._mailed.log, library._cards.segment[library._mailed.log.card]
    untreated, treated = _both_ways(library)
    rows = []
    for number, campaign in enumerate(CAMPAIGNS):
        here = log.campaign == number
        groups = [("all", here)]
        groups += [(name, here & (log.group == row)) for row, name in enumerate(GROUPS) if row]
        groups += [(f"segment: {name}", here & (segment == row)) for row, name in enumerate(SEGMENTS)]
        for arm in (A, B) if campaign.key in ("subject", "next step") else (A,):
            for name, which in groups:
                if which.any():
                    base = untreated[which].mean()
                    effect = treated[which, arm - 1].mean() - base
                    rows.append(
                        (number + 1, _ARMS[arm - 1], name, which.sum(), base, effect, _NOTES[campaign.key])
                    )
    return dict(zip(TRUE_EFFECTS.names, map(list, zip(*rows, strict=True)), strict=True))


def true_mailings(library) -> dict:
    """What each patron would do in each arm."""
    log, order = library._mailed.log, _order(library)
    untreated, treated = _both_ways(library)
    two = np.isin(log.campaign, [ID[key] - 1 for key in ("subject", "next step")])
    return {
        "campaign_id": log.campaign[order] + 1,
        "patron_id": library._file.number[log.card[order]],
        "would_come_untreated": untreated[order],
        "would_come_a": treated[order, 0],
        "would_come_b": pd.arrays.BooleanArray(treated[order, 1], ~two[order]),
    }


def true_homework_help(library) -> dict:
    """The factor by branch."""
    factor = library.once("homework", _help_factors)
    return {
        "branch": list(tables.BRANCHES[:3]),
        "started": pd.to_datetime([HELP_STARTS.get(one) for one in tables.BRANCHES[:3]]),
        "factor": factor,
    }


def measure(library) -> dict[str, float]:
    """The rates of the e-mails, and the share of the postcards that came back."""
    log = library["mailings"]
    email = log["campaign_id"].isin([ID[one.key] for one in CAMPAIGNS if one.channel == "email"])
    email = log[email & log["sent"]]
    return {
        "email_opened": float(email["opened"].mean()),
        "email_clicked": float(email["clicked"].mean()),
        "email_unsubscribed": float(email["unsubscribed"].mean()),
        "email_bounced": float(email["bounced"].mean()),
    }


TABLES = {
    "campaigns": make_campaigns,
    "mailings": make_mailings,
    "homework_help": make_homework_help,
}
TRUTH = {
    "campaign_effects": (TRUE_EFFECTS, true_campaign_effects),
    "mailings": (TRUE_MAILINGS, true_mailings),
    "homework_help": (TRUE_HELP, true_homework_help),
}
MEASURES = measure
