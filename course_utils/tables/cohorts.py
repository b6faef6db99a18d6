"""Three library years side by side: what each patron did in each of them."""

from course_utils.tables.schema import COUNT, DIGITAL, PHYSICAL, Column, Table

YEARS = (2023, 2024, 2025)
RULES = (
    "new",
    "inactive",
    "program goer",
    "connected",
    "occasional",
    "bedtime",
    "digital",
    "page turner",
)

TABLES = (
    Table(
        "yearly_use",
        "Use by year",
        "What each patron did in each library year (September to August, named after the year in which it ends):"
        " one row per patron and year, for all who had their card by the end of that year. It was made on the as-of"
        " date, from the patrons who are on file on that day. Cards that have been removed since are missing from the"
        " earlier years, and only unused cards are removed: of those with a card in 2023, the inactive ones are partly"
        " gone.",
        (
            Column("patron_id", "integer", "Card.", foreign_key="patrons.patron_id"),
            Column("year", "integer", "Library year.", minimum=YEARS[0], maximum=YEARS[-1]),
            Column(
                "checkouts", description="Physical checkouts, without renewals.", unit="checkouts", **COUNT
            ),
            Column("digital_checkouts", description="Digital checkouts.", unit="checkouts", **COUNT),
            Column("renewals", description="Renewals that the patron asked for.", unit="renewals", **COUNT),
            Column(
                "circulation",
                description="Circulation as the annual report counts it: physical and digital checkouts and all"
                " renewals. The system has renewed by itself since January 2024, and those renewals count too.",
                unit="checkouts and renewals",
                **COUNT,
            ),
            Column("programs", description="Programs at which the card was shown.", unit="programs", **COUNT),
            Column(
                "computer_sessions", description="Computer sessions on the card.", unit="sessions", **COUNT
            ),
            Column(
                "months_active",
                "integer",
                "Months with any use by the patron. An automatic renewal is not a use.",
                "months",
                minimum=0,
                maximum=12,
            ),
            Column(
                "branches_used",
                "integer",
                "Branches with a physical checkout, a program or a computer session.",
                "branches",
                minimum=0,
                maximum=4,
            ),
            Column(
                "main_material",
                "category",
                "The material borrowed most, without renewals; of equals, the one that is listed first. Missing if"
                " nothing was borrowed.",
                required=False,
                categories=PHYSICAL + DIGITAL,
            ),
            Column(
                "segment_by_rule",
                "category",
                "The first of these rules that fits. new: the card was made in the last 90 days of the year."
                " inactive: no month with use. program goer: nothing borrowed or renewed, and as many programs as"
                " computer sessions or more. connected: nothing borrowed or renewed, and more computer sessions."
                " occasional: fewer than five checkouts. bedtime: half or more of the checkouts for children. digital:"
                " more than half of the checkouts digital. page turner: all others. A renewal that the patron asked for"
                " counts here, an automatic one does not: a patron who only renewed is occasional.",
                categories=RULES,
            ),
        ),
        key=("patron_id", "year"),
        gzip=True,
    ),
)
