"""Whom the library reaches: what a survey says of languages and ages, and the staff's visits out in town."""

from course_utils.tables.schema import COUNT, DAY, LANGUAGES, Column, Table

AGE_GROUPS = ("under 18", "18-64", "65 and over")
PLACES = ("school", "senior center", "laundromat", "market", "clinic", "park")

TABLES = (
    Table(
        "language_estimates",
        "Language and age, estimated",
        "Residents by neighborhood, age and language at home, as a survey of about one household in six found them."
        " The tracts table counts languages as if everybody had been asked, and doesn't break them down by age. A real town"
        " only has something like this table, because nobody asks everybody. In areas as small as these, an estimate from"
        " so few households is rough, and its margin says how rough.",
        (
            Column("tract_id", "string", "Neighborhood.", foreign_key="tracts.tract_id"),
            Column("age_group", "category", "Age on the as-of date.", categories=AGE_GROUPS, ordered=True),
            Column("language", "category", "Language spoken at home.", categories=LANGUAGES),
            Column("estimate", description="Residents, estimated.", unit="people", **COUNT),
            Column(
                "margin_of_error",
                description="Of the estimate, at 90%: the truth lies within the estimate plus or minus the margin in"
                " about nine of ten such cells. The margin of a sum is the square root of the sum of the squared margins.",
                unit="people",
                **COUNT,
            ),
        ),
        key=("tract_id", "age_group", "language"),
        adds_up=("estimate", "margin_of_error"),
    ),
    Table(
        "outreach_visits",
        "Visits out in town",
        "Staff at a table somewhere in a neighborhood, one row per visit. Counts only: no names were noted, and people"
        " were asked whether they'd answer. Staff talked with adults who live in that neighborhood: with parents at a school,"
        " with people 60 and over at a senior center. Anyone who walked past without a word isn't in the counts.",
        (
            Column("visit_id", "integer", "Number of the visit, by day.", unique=True, minimum=1),
            Column("date", description="Day.", **DAY),
            Column("tract_id", "string", "Neighborhood.", foreign_key="tracts.tract_id"),
            Column("place", "category", "Where the table was set up.", categories=PLACES),
            Column("hours", "integer", "How long staff were there.", "hours", minimum=1, maximum=8),
            Column("met", description="Adults who stopped to talk.", unit="people", **COUNT),
            Column("without_card", description="Of these, people without a card.", unit="people", **COUNT),
            Column(
                "other_language",
                description="Of those with a card, people who speak a language other than English at home.",
                unit="people",
                **COUNT,
            ),
            Column(
                "notices_in_english",
                description="Of those with a card and another language at home, people who get their notices in English.",
                unit="people",
                **COUNT,
            ),
            Column(
                "vouchers_used",
                description="Cards that were made within 60 days with a voucher from this visit.",
                unit="cards",
                **COUNT,
            ),
        ),
        key=("visit_id",),
    ),
)
