"""Whom do we not serve?

count cards per resident with ranges, shrink small areas, correct for language, and choose three places to visit
"""

import contextlib

import numpy as np
import pandas as pd

from course_utils import penetration
from course_utils.checks.outcomes import NotYet
from course_utils.checks.questions import ROUNDED, Count, Function, Labelled, Share, Slip, Table
from course_utils.methods.penetration import practice


class GuestMinutes(Count):
    """Who is in none of the counts."""

    name, points, objective = "guest_minutes", 1, 1
    hint = "Keep the sessions of the last twelve months that have no patron_id, and add up their minutes."

    def right(t):
        recent = t.sessions[t.sessions["date"] > t.since]
        return int(recent.loc[recent["patron_id"].isna(), "minutes"].sum())

    also_right = [
        # step by step
        """
recent = sessions[sessions["date"] > since]
guest_minutes = recent[recent["patron_id"].isna()]["minutes"].sum()
""",
        # all less those of cards
        """
recent = sessions[sessions["date"] > since]
guest_minutes = float(recent["minutes"].sum() - recent.dropna(subset="patron_id")["minutes"].sum())
""",
        # one question
        'guest_minutes = sessions.query("date > @since and patron_id.isna()")["minutes"].sum()',
    ]
    slips = [
        Slip(
            "with a card",
            'guest_minutes = sessions.loc[(sessions["date"] > since) & sessions["patron_id"].notna(), "minutes"].sum()',
            "These are the minutes of people with a card. A guest's session has no patron_id: use .isna().",
        ),
        Slip(
            "everybody",
            'guest_minutes = sessions.loc[sessions["date"] > since, "minutes"].sum()',
            "These are everyone's minutes. Keep the sessions without a patron_id.",
        ),
        Slip(
            "all three years",
            'guest_minutes = sessions.loc[sessions["patron_id"].isna(), "minutes"].sum()',
            "These are the minutes of all three years. Keep the sessions after since.",
        ),
        Slip(
            "sessions, not minutes",
            'guest_minutes = ((sessions["date"] > since) & sessions["patron_id"].isna()).sum()',
            "You count sessions. Add up their minutes.",
        ),
        Slip(
            "a mean",
            'guest_minutes = sessions.loc[(sessions["date"] > since) & sessions["patron_id"].isna(), "minutes"].mean()',
            told="outcome.not_whole",
            sometimes=True,
        ),
    ]


COUNTED = """
seniors = pd.DataFrame({"residents": areas["age_65_up"]})
seniors["cards"] = older["tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
"""


class Seniors(Table):
    """Cards per resident, by neighborhood."""

    name, points, objective, within = "seniors", 2, 1, ROUNDED
    by = "tract_id"
    hint = "Count the rows of older in each neighborhood, and divide by the residents 65 and over there."
    survivors = {
        "line 4: 'cards' becomes 'household_id'": "An extra column does no harm, and in a library where every neighborhood has a card, nothing was missing.",
    }

    def right(t):
        table = pd.DataFrame({"residents": t.areas["age_65_up"]})
        table["cards"] = t.older["tract_id"].value_counts().reindex(table.index, fill_value=0)
        table["rate"] = table["cards"] / table["residents"]
        return table.rename_axis("tract_id").reset_index()

    also_right = [
        # column by column
        COUNTED + 'seniors["rate"] = seniors["cards"] / seniors["residents"]',
        # grouped, two bands of age added up, in another order
        """
seniors = pd.DataFrame({"cards": older.groupby("tract_id").size()}).reindex(areas.index).fillna(0)
seniors["residents"] = areas["age_65_74"] + areas["age_75_up"]
seniors["rate"] = (seniors["cards"] / seniors["residents"]).round(4)
seniors = seniors.reset_index().sort_values("rate", ascending=False)
""",
        # by the kit
        """
seniors = penetration.counts(patrons, tracts, ages=["65-74", "75+"], measure="valid")
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
        # a loop
        """
rows = []
for place in tracts["tract_id"]:
    number = (older["tract_id"] == place).sum()
    people = areas.loc[place, "age_65_up"]
    rows.append([place, number, people, number / people])
seniors = pd.DataFrame(rows, columns=["tract_id", "cards", "residents", "rate"])
""",
    ]
    slips = [
        Slip(
            "everybody who lives there",
            """
seniors = pd.DataFrame({"residents": areas["population"]})
seniors["cards"] = older["tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            practice.EVERYBODY,
        ),
        Slip(
            "expired cards, too",
            """
seniors = pd.DataFrame({"residents": areas["age_65_up"]})
seniors["cards"] = patrons[patrons["age_band"].isin(["65-74", "75+"])]["tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            practice.TOO_MANY_CARDS,
        ),
        Slip(
            "cards of all ages",
            """
seniors = pd.DataFrame({"residents": areas["age_65_up"]})
seniors["cards"] = patrons.loc[patrons["expires"] >= AS_OF, "tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            practice.TOO_MANY_CARDS,
        ),
        Slip(
            "households",
            """
seniors = pd.DataFrame({"residents": areas["households"]})
seniors["cards"] = older["tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            "You divide by households. A card belongs to a person: divide by the residents 65 and over.",
        ),
        Slip(
            "all the cards in every row",
            """
seniors = pd.DataFrame({"residents": areas["age_65_up"]})
seniors["cards"] = len(older)
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            practice.TOO_MANY_CARDS,
        ),
        Slip(
            "rows without labels",
            """
seniors = tracts[["tract_id"]].assign(residents=tracts["age_65_up"])
seniors["cards"] = older["tract_id"].value_counts()
seniors["rate"] = seniors["cards"] / seniors["residents"]
""",
            told=f"seniors: {practice.UNMATCHED.format(column='cards')}",
            also=[
                """
seniors = tracts[["tract_id"]].assign(residents=tracts["age_65_up"])
seniors["cards"] = older["tract_id"].value_counts()
seniors["cards"] = seniors["cards"].fillna(0)
seniors["rate"] = seniors["cards"] / seniors["residents"]
"""
            ],
        ),
        Slip(
            "per 100",
            COUNTED + 'seniors["rate"] = 100 * seniors["cards"] / seniors["residents"]',
            told=f"seniors: {practice.PERCENT}",
        ),
        Slip(
            "upside down",
            COUNTED + 'seniors["rate"] = seniors["residents"] / seniors["cards"].clip(lower=1)',
            told=f"seniors: {practice.NOT_A_RATE}",
        ),
        Slip(
            "shares of all cards",
            COUNTED + 'seniors["rate"] = seniors["cards"] / seniors["cards"].sum()',
            told=f"seniors: {practice.NOT_A_RATE}",
        ),
        Slip(
            "rounded",
            COUNTED + 'seniors["rate"] = (seniors["cards"] / seniors["residents"]).round(2)',
            told=f"seniors: {practice.ROUNDED}",
        ),
        Slip(
            "a column forgotten",
            COUNTED,
            told="outcome.columns_missing",
        ),
    ]


class Outside(Function):
    """Which ranges don't hold the town's rate."""

    name, points, objective = "outside", 2, 2
    tries = (practice.outside,)
    hint = "A range misses the town's rate if its high end is below it, or its low end is above it."

    def right(t):
        def outside(table, town):
            return (table["high"] < town) | (table["low"] > town)

        return outside

    def examples(t):
        rng = np.random.default_rng(3)
        for town in (0.3, 0.62):
            middle, half = rng.uniform(0.1, 0.9, 40).round(2), rng.uniform(0.01, 0.3, 40).round(2)
            table = pd.DataFrame({"low": middle - half, "high": middle + half, "rate": middle})
            table.loc[:1, ["low", "high"]] = [[town, 0.9], [0.1, town]]
            table.index = [f"T{number:02d}" for number in rng.permutation(np.arange(1, 41))]
            yield table, town

    also_right = [
        # or
        """
def outside(table, town):
    return (table["high"] < town) | (table["low"] > town)
""",
        # not inside
        """
def outside(table, town):
    return ~((table["low"] <= town) & (town <= table["high"]))
""",
        # a loop
        """
def outside(table, town):
    is_outside = {}
    for place in table.index:
        is_outside[place] = bool(town < table.loc[place, "low"] or table.loc[place, "high"] < town)
    return is_outside
""",
    ]
    slips = [
        Slip(
            "inside",
            """
def outside(table, town):
    return (table["low"] <= town) & (table["high"] >= town)
""",
        ),
        Slip(
            "below only",
            """
def outside(table, town):
    return table["high"] < town
""",
        ),
        Slip(
            "above only",
            """
def outside(table, town):
    return table["low"] > town
""",
        ),
        Slip(
            "ends count as outside",
            """
def outside(table, town):
    return (table["high"] <= town) | (table["low"] >= town)
""",
        ),
        Slip(
            "the rates are compared",
            """
def outside(table, town):
    return table["rate"] != town
""",
        ),
        Slip(
            "nobody",
            """
def outside(table, town):
    return (table["high"] < town) & (table["low"] > town)
""",
        ),
        Slip(
            "parentheses forgotten",
            """
def outside(table, town):
    return table["high"] < town | table["low"] > town
""",
            told="outside stopped with TypeError (…). Two comparisons go together like this, each in parentheses: …",
        ),
        Slip(
            "counted",
            """
def outside(table, town):
    return ((table["high"] < town) | (table["low"] > town)).sum()
""",
            told="outcome.wrong_kind",
        ),
    ]


class Shrunk(Function):
    """Rates drawn toward the town."""

    name, points, objective, within = "shrunk", 2, 2, ROUNDED
    tries = (practice.shrunk,)
    hint = "Add pull people to the residents of each area, and to its cards as many as such people have in the whole town."

    def right(t):
        def shrunk(cards, residents, pull):
            town = cards.sum() / residents.sum()
            return (cards + pull * town) / (residents + pull)

        return shrunk

    def examples(t):
        rng = np.random.default_rng(33)
        for size, pull in ((24, 80), (7, 12.5)):
            residents = pd.Series(
                rng.integers(9, 300, size), index=[f"T{one:02d}" for one in range(1, size + 1)]
            )
            cards = pd.Series(rng.binomial(residents, rng.uniform(0.1, 0.7, size)), index=residents.index)
            yield cards, residents, pull

    also_right = [
        # in one line
        """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return (cards + pull * town) / (residents + pull)
""",
        # as a weighted mean
        """
def shrunk(cards, residents, pull):
    town, weight = sum(cards) / sum(residents), residents / (residents + pull)
    return weight * (cards / residents) + (1 - weight) * town
""",
        # by the kit
        """
def shrunk(cards, residents, pull):
    return penetration.shrink(cards, residents, pull).round(4)
""",
    ]
    slips = [
        Slip(
            "the mean of the rates",
            """
def shrunk(cards, residents, pull):
    town = (cards / residents).mean()
    return (cards + pull * town) / (residents + pull)
""",
        ),
        Slip(
            "not shrunk",
            """
def shrunk(cards, residents, pull):
    return cards / residents
""",
        ),
        Slip(
            "residents not added",
            """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return (cards + pull * town) / residents
""",
        ),
        Slip(
            "cards not added",
            """
def shrunk(cards, residents, pull):
    return cards / (residents + pull)
""",
        ),
        Slip(
            "everybody has a card",
            """
def shrunk(cards, residents, pull):
    return (cards + pull) / (residents + pull)
""",
        ),
        Slip(
            "halfway",
            """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return (cards / residents + town) / 2
""",
        ),
        Slip(
            "no parentheses",
            """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return cards + pull * town / residents + pull
""",
        ),
        Slip(
            "half the parentheses",
            """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return (cards + pull * town) / residents + pull
""",
            told=f"shrunk(…) is # for T01. That is not it yet. {practice.PARENTHESES}",
        ),
        Slip(
            "the pull of the lesson",
            """
def shrunk(cards, residents, pull):
    town = cards.sum() / residents.sum()
    return (cards + 50 * town) / (residents + 50)
""",
        ),
    ]


SENIORS = COUNTED + 'seniors["rate"] = seniors["cards"] / seniors["residents"]\n'
OF_TOWN = 'town = table["cards"].sum() / table["residents"].sum()\n'
TABLE = SENIORS + "table = seniors\n"


class Gap(Table):
    """How large the gaps are."""

    name, points, objective, within = "gap", 2, 3, 0.051
    by = "tract_id"
    hint = "The town's rate is all cards of seniors over all its residents. The index is 100 where the rate is the town's."

    def right(t):
        table = t.seniors.set_index("tract_id")
        town = table["cards"].sum() / table["residents"].sum()
        index, missing = 100 * table["rate"] / town, town * table["residents"] - table["cards"]
        return pd.DataFrame({"index": index, "missing": missing}).reset_index()

    also_right = [
        # two columns
        TABLE
        + OF_TOWN
        + """
gap = pd.DataFrame({"index": 100 * table["rate"] / town, "missing": table["residents"] * town - table["cards"]})
""",
        # by the kit
        TABLE + 'gap = penetration.gaps(table["cards"], table["residents"])',
        # from the rates
        TABLE
        + OF_TOWN
        + """
gap = table.assign(index=(table["rate"] / town * 100).round(1))
gap["missing"] = ((town - table["rate"]) * table["residents"]).round(1)
gap = gap[["missing", "index"]].reset_index()
""",
    ]
    slips = [
        Slip(
            "the mean of the rates",
            TABLE
            + 'town = table["rate"].mean()\n'
            + 'gap = pd.DataFrame({"index": 100 * table["rate"] / town, "missing": table["residents"] * town - table["cards"]})',
            "Your town's rate is the mean of 24 rates, in which a small neighborhood counts as much as a large one. Divide all cards by all residents.",
        ),
        Slip(
            "turned around",
            TABLE
            + OF_TOWN
            + 'gap = pd.DataFrame({"index": 100 * table["rate"] / town, "missing": table["cards"] - table["residents"] * town})',
            practice.NOT_TOGETHER,
        ),
        Slip(
            "to a card for everybody",
            TABLE
            + OF_TOWN
            + 'gap = pd.DataFrame({"index": 100 * table["rate"] / town, "missing": table["residents"] - table["cards"]})',
            practice.TO_A_CARD_EACH,
        ),
        Slip(
            "index of 1",
            TABLE
            + OF_TOWN
            + 'gap = pd.DataFrame({"index": table["rate"] / town, "missing": table["residents"] * town - table["cards"]})',
            practice.INDEX_OF_1,
        ),
        Slip(
            "points apart",
            TABLE
            + OF_TOWN
            + 'gap = pd.DataFrame({"index": 100 * (table["rate"] - town), "missing": table["residents"] * town - table["cards"]})',
            practice.POINTS_APART,
        ),
        Slip(
            "upside down",
            TABLE
            + OF_TOWN
            + 'gap = pd.DataFrame({"index": 100 * town / table["rate"], "missing": table["residents"] * town - table["cards"]})',
            practice.NOT_TOGETHER,
        ),
        Slip(
            "a column forgotten",
            TABLE + OF_TOWN + 'gap = pd.DataFrame({"index": 100 * table["rate"] / town})',
            told="outcome.columns_missing",
        ),
    ]


class EnglishShare(Share):
    """Who gets notices in English."""

    name, points, objective = "english_share", 1, 4
    hint = "Add up the two columns over all visits first, and then divide."

    def right(t):
        return t.visits["notices_in_english"].sum() / t.visits["other_language"].sum()

    also_right = [
        'english_share = visits["notices_in_english"].sum() / visits["other_language"].sum()',
        """
totals = visits[["other_language", "notices_in_english"]].sum()
english_share = round(totals["notices_in_english"] / totals["other_language"], 3)
""",
        'english_share = sum(visits["notices_in_english"]) / sum(visits["other_language"])',
    ]
    slips = [
        Slip(
            "the mean of the visits",
            'english_share = (visits["notices_in_english"] / visits["other_language"]).mean()',
            "You took the mean of the visits' shares, so a visit with one such person counts as much as a visit with ten. Add up first, then divide.",
        ),
        Slip(
            "of everybody met",
            'english_share = visits["notices_in_english"].sum() / visits["met"].sum()',
            "You divided by everybody who was met. Divide by the cardholders who speak another language at home.",
        ),
        Slip(
            "of all with a card",
            'english_share = visits["notices_in_english"].sum() / (visits["met"] - visits["without_card"]).sum()',
            "You divided by everybody with a card. Divide by those who speak another language at home.",
        ),
        Slip(
            "the others",
            'english_share = 1 - visits["notices_in_english"].sum() / visits["other_language"].sum()',
            "This is the share whose notices come in their own language. You need the others.",
        ),
        Slip(
            "upside down",
            'english_share = visits["other_language"].sum() / visits["notices_in_english"].sum()',
            told="outcome.share_percent",
        ),
        Slip(
            "a percentage",
            'english_share = 100 * visits["notices_in_english"].sum() / visits["other_language"].sum()',
            told="outcome.share_percent",
        ),
    ]


NOTICES = 'notices = patrons["language"].value_counts()\n'


class ByHome(Labelled):
    """Cards per resident by language at home."""

    name, points, objective, within = "by_home", 2, 4, ROUNDED
    hint = "Divide the cards of each other language by 0.72. English gets the rest: all cards less those."

    def right(t):
        cards = penetration.by_home_language(t.patrons["language"].value_counts(), 0.28)
        return cards / t.speakers

    also_right = [
        # by hand
        NOTICES
        + """
cards = notices / 0.72
cards["English"] = notices.sum() - cards[["Spanish", "Portuguese", "other"]].sum()
by_home = cards / speakers
""",
        # English less those who are hidden in it
        """
by_home = {}
hidden = 0
for language in ["Spanish", "Portuguese", "other"]:
    number = (patrons["language"] == language).sum()
    by_home[language] = number / 0.72 / speakers[language]
    hidden = hidden + number / 0.72 - number
by_home["English"] = ((patrons["language"] == "English").sum() - hidden) / speakers["English"]
""",
        # by the kit
        'by_home = (penetration.by_home_language(patrons["language"].value_counts(), 0.28) / speakers).round(3)',
    ]
    slips = [
        Slip(
            "the language of the notices",
            'by_home = patrons["language"].value_counts() / speakers',
            "These are the cards by the language of the notices. Correct them for the people whose notices come in English.",
        ),
        Slip(
            "English not corrected",
            NOTICES
            + """
cards = notices / 0.72
cards["English"] = notices["English"]
by_home = cards / speakers
""",
            "Some people are in your numbers twice. The people you add to another language have to be taken out of English.",
        ),
        Slip(
            "English corrected, too",
            NOTICES + "by_home = notices / 0.72 / speakers",
            "You divide English by 0.72, too. English gets the rest: all cards less those of the other languages.",
        ),
        Slip(
            "28 percent more",
            NOTICES
            + """
cards = notices * 1.28
cards["English"] = notices.sum() - cards[["Spanish", "Portuguese", "other"]].sum()
by_home = cards / speakers
""",
            "You add 28% to those you can see. They are the 72% that are left, so divide them by 0.72.",
        ),
        Slip(
            "divided by 0.28",
            NOTICES
            + """
cards = notices / 0.28
cards["English"] = notices.sum() - cards[["Spanish", "Portuguese", "other"]].sum()
by_home = cards / speakers
""",
            "You divide by 0.28, the share that you can't see. Those you can see are the other 72%.",
        ),
        Slip(
            "cards, not rates",
            NOTICES
            + """
by_home = notices / 0.72
by_home["English"] = notices.sum() - by_home[["Spanish", "Portuguese", "other"]].sum()
""",
            practice.CARDS_NOT_RATES,
        ),
        Slip(
            "Spanish only",
            NOTICES
            + """
cards = notices.astype(float)
cards["Spanish"] = notices["Spanish"] / 0.72
cards["English"] = notices["English"] - notices["Spanish"] * (1 / 0.72 - 1)
by_home = cards / speakers
""",
            "You corrected Spanish and English. Portuguese and other languages need it, too.",
        ),
    ]


KEPT = """
kept = estimates[(estimates["language"] == "Spanish") & (estimates["age_group"] == "65 and over")]
"""


class SpanishSeniors(Labelled):
    """How sure we are of how many there are."""

    name, points, objective, within = "spanish_seniors", 2, 4, 0.51
    hint = "Add up the estimates. For the margin, square each margin, add up the squares, and take the square root."

    def right(t):
        is_both = (t.estimates["language"] == "Spanish") & (t.estimates["age_group"] == "65 and over")
        kept = t.estimates[is_both]
        margin = penetration.margin_of_sum(kept["margin_of_error"])
        return pd.Series({"estimate": float(kept["estimate"].sum()), "margin": margin})

    @classmethod
    def check(cls, found, t):
        """The margins of the estimates of 0 may all count, or only the largest of them, as the Census Bureau advises."""
        is_both = (t.estimates["language"] == "Spanish") & (t.estimates["age_group"] == "65 and over")
        kept = t.estimates[is_both].sort_values("margin_of_error", ascending=False)
        is_zero = kept["estimate"] == 0
        one_zero = pd.concat([kept[~is_zero], kept[is_zero].head(1)])
        margin = penetration.margin_of_sum(one_zero["margin_of_error"])
        with contextlib.suppress(NotYet):
            found.equals(
                pd.Series({"estimate": float(kept["estimate"].sum()), "margin": margin}), within=cls.within
            )
            return
        super().check(found, t)

    also_right = [
        # step by step
        KEPT
        + """
margin = (kept["margin_of_error"] ** 2).sum() ** 0.5
spanish_seniors = pd.Series({"estimate": kept["estimate"].sum(), "margin": margin})
""",
        # a dictionary, rounded to whole people
        KEPT
        + """
squares = sum(one * one for one in kept["margin_of_error"])
spanish_seniors = {"margin": round(squares ** 0.5), "estimate": kept["estimate"].sum()}
""",
        # by the kit
        KEPT
        + 'spanish_seniors = {"estimate": sum(kept["estimate"]), "margin": penetration.margin_of_sum(kept["margin_of_error"])}',
    ]
    also_right += [
        # of the estimates of 0, only the largest margin
        KEPT
        + """
zeros = kept[kept["estimate"] == 0].sort_values("margin_of_error").tail(1)
counted = pd.concat([kept[kept["estimate"] > 0], zeros])
margin = (counted["margin_of_error"] ** 2).sum() ** 0.5
spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": margin}
""",
    ]
    slips = [
        Slip(
            "no row kept",
            """
kept = estimates[(estimates["language"] == "Spanish") & (estimates["age_group"] == "65+")]
margin = (kept["margin_of_error"] ** 2).sum() ** 0.5
spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": margin}
""",
            told=f"spanish_seniors: {practice.NO_ROW}",
        ),
        Slip(
            "margins added up",
            KEPT
            + 'spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": kept["margin_of_error"].sum()}',
            "You added up the margins. Some estimates are too high and others too low, so the margin of a sum is smaller: square, add up, take the root.",
        ),
        Slip(
            "the mean of the margins",
            KEPT
            + 'spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": kept["margin_of_error"].mean()}',
            "You took the mean of the margins. Square them, add up the squares, and take the square root.",
        ),
        Slip(
            "no root",
            KEPT
            + 'spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": (kept["margin_of_error"] ** 2).sum()}',
            "This is the sum of the squares. Take its square root: ** 0.5.",
        ),
        Slip(
            "squared after adding up",
            KEPT
            + 'spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": kept["margin_of_error"].sum() ** 0.5}',
            "You took the root of the sum of the margins. Square each margin first.",
        ),
        Slip(
            "all ages",
            """
kept = estimates[estimates["language"] == "Spanish"]
margin = (kept["margin_of_error"] ** 2).sum() ** 0.5
spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": margin}
""",
            "You added up all ages. Keep the rows of people 65 and over.",
        ),
        Slip(
            "all languages",
            """
kept = estimates[estimates["age_group"] == "65 and over"]
margin = (kept["margin_of_error"] ** 2).sum() ** 0.5
spanish_seniors = {"estimate": kept["estimate"].sum(), "margin": margin}
""",
            "You added up all languages. Keep the rows of people who speak Spanish at home.",
        ),
    ]


class VisitsTo(Labelled):
    """Where the library goes."""

    name, points, objective = "visits_to", 1, 5
    hint = "Count the rows of visits by tract_id, and fill in 0 where nobody has been."

    def right(t):
        return t.visits["tract_id"].value_counts().reindex(t.areas.index, fill_value=0)

    also_right = [
        # as a column
        """
areas["visits"] = visits["tract_id"].value_counts()
visits_to = areas["visits"].fillna(0)
""",
        # reindexed
        'visits_to = visits.groupby("tract_id").size().reindex(tracts["tract_id"], fill_value=0)',
        # a loop
        'visits_to = {place: (visits["tract_id"] == place).sum() for place in tracts["tract_id"]}',
    ]
    slips = [
        Slip(
            "nobody is missing",
            'visits_to = visits["tract_id"].value_counts()',
            told="outcome.labels_missing",
            sometimes=True,
        ),
        Slip(
            "people, not visits",
            'visits_to = visits.groupby("tract_id")["met"].sum().reindex(areas.index, fill_value=0)',
            "You count the people who were met. Count the visits: the rows of visits.",
        ),
        Slip(
            "hours, not visits",
            'visits_to = visits.groupby("tract_id")["hours"].sum().reindex(areas.index, fill_value=0)',
            "You add up hours. Count the visits: the rows of visits.",
        ),
        Slip(
            "vouchers",
            'visits_to = visits.groupby("tract_id")["vouchers_used"].sum().reindex(areas.index, fill_value=0)',
            "You add up vouchers. Count the visits: the rows of visits.",
        ),
        Slip(
            "shares",
            'visits_to = visits["tract_id"].value_counts(normalize=True).reindex(areas.index, fill_value=0)',
            told="visits_to['T#'] is #. This looks like a share. Expected a count: use .sum() or len(…).",
        ),
    ]


class MyThree(Table):
    """The three that you choose."""

    name, points, objective, within = "my_three", 2, 5, ROUNDED
    by = "tract_id"

    def right(t):
        """One sound choice of many."""
        return t.seniors.sort_values("rate").head(3)[["tract_id", "rate"]].reset_index(drop=True)

    @classmethod
    def check(cls, found, t):
        found.is_table(["tract_id", "rate"]).passes(practice.three(t.older, t.areas))
        seniors = t.seniors.set_index("tract_id")
        chosen = found.value.set_index(found.value["tract_id"].astype(str).str.strip())["rate"]
        rates = pd.to_numeric(chosen, errors="coerce").astype(float)
        found.holds(
            np.allclose(rates, seniors.loc[rates.index, "rate"], atol=cls.within), practice.OTHER_RATES
        )
        town = seniors["cards"].sum() / seniors["residents"].sum()
        found.holds(bool((seniors.loc[rates.index, "rate"] < town).all()), practice.ABOVE)

    also_right = [
        # the three lowest
        SENIORS + 'my_three = seniors.sort_values("rate").head(3)',
        # by name, and with other columns
        SENIORS
        + """
town = seniors["cards"].sum() / seniors["residents"].sum()
below = seniors[seniors["rate"] < town]
my_three = below.loc[list(below.index[:3])]
""",
        # where most cards are missing
        SENIORS
        + """
missing = seniors["residents"] * seniors["cards"].sum() / seniors["residents"].sum() - seniors["cards"]
most = missing.sort_values().tail(3).index
my_three = seniors.reset_index()
my_three = my_three[my_three["tract_id"].isin(most)].round(3)
""",
    ]
    slips = [
        Slip(
            "the highest",
            SENIORS + 'my_three = seniors.sort_values("rate").tail(3)',
            told=f"my_three: {practice.ABOVE}",
        ),
        Slip(
            "four",
            SENIORS + 'my_three = seniors.sort_values("rate").head(4)',
            told="my_three: Expected three rows, with three different neighborhoods. Yours has ….",
        ),
        Slip(
            "one, three times",
            SENIORS
            + """
lowest = seniors.sort_values("rate").head(1)
my_three = pd.concat([lowest, lowest, lowest])
""",
            told="my_three: Expected three rows, with three different neighborhoods. Yours has ….",
        ),
        Slip(
            "names only",
            SENIORS + 'my_three = list(seniors.sort_values("rate").head(3).index)',
            told="outcome.wrong_kind",
        ),
        Slip(
            "other rates",
            SENIORS
            + """
my_three = seniors.sort_values("rate").head(3)
my_three["rate"] = 100 * my_three["rate"]
""",
            told=f"my_three: {practice.OTHER_RATES}",
        ),
    ]
