"""The town and the people on file: neighborhoods, branches, households, patrons."""

from course_utils.tables.schema import (
    AGE_BANDS,
    BRANCH,
    BRANCHES,
    COUNT,
    DAY,
    HEARD,
    LANGUAGES,
    MILES,
    PATRON_CATEGORIES,
    SHARE,
    WEEKDAYS,
    Column,
    Table,
)

AGE_COLUMNS = {"age_" + band.replace("-", "_").replace("+", "_up"): band for band in AGE_BANDS}
LANGUAGE_COLUMNS = {f"speak_{language.lower()}": language for language in LANGUAGES}

TABLES = (
    Table(
        "tracts",
        "Neighborhoods",
        "The town, one row per neighborhood. Each row is a census block group, the smallest area for which"
        " the census publishes detailed figures: about 750 people in Port Ellery. The course calls them tracts for short.",
        (
            Column("tract_id", "string", "Code of the neighborhood.", unique=True),
            Column(
                "geoid",
                "string",
                "A 12-digit code in the form of a census block group. It begins with 99, a state that does"
                " not exist.",
                unique=True,
            ),
            Column("name", "string", "What people call the neighborhood.", unique=True),
            Column("population", description="Residents of all ages.", unit="people", **COUNT),
            Column("households", description="Households of residents.", unit="households", **COUNT),
            Column("under_18", description="Residents aged 0 to 17.", unit="people", **COUNT),
            Column("age_18_64", description="Residents aged 18 to 64.", unit="people", **COUNT),
            Column("age_65_up", description="Residents aged 65 and over.", unit="people", **COUNT),
            *(
                Column(
                    name,
                    description=f"Residents aged {band}, in the bands of patrons.age_band.",
                    unit="people",
                    **COUNT,
                )
                for name, band in AGE_COLUMNS.items()
            ),
            *(
                Column(
                    name,
                    description=(
                        "Residents who speak another language at home."
                        if language == "other"
                        else f"Residents who speak {language} at home."
                    ),
                    unit="people",
                    **COUNT,
                )
                for name, language in LANGUAGE_COLUMNS.items()
            ),
            Column(
                "median_income",
                description="Median household income.",
                unit="US dollars a year",
                **COUNT,
            ),
            Column("broadband", description="Households with broadband at home.", **SHARE),
            Column("no_vehicle", description="Households without a car.", **SHARE),
            Column("x_miles", "number", "Center, east of the town's south-west corner.", unit="miles"),
            Column("y_miles", "number", "Center, north of the town's south-west corner.", unit="miles"),
            Column("miles_main", description="By road to the main library.", **MILES),
            Column("miles_north", description="By road to Northgate Branch.", **MILES),
            Column("miles_harbor", description="By road to Harbor Branch.", **MILES),
            Column("schools", description="Schools, public and private.", unit="schools", **COUNT),
            Column("cafes_with_wifi", description="Cafés with free Wi-Fi.", unit="cafés", **COUNT),
            Column("bookshops", description="Bookshops, used-book stores included.", unit="shops", **COUNT),
        ),
        key=("tract_id",),
        adds_up=(
            "population",
            "households",
            "under_18",
            "age_18_64",
            "age_65_up",
            *AGE_COLUMNS,
            *LANGUAGE_COLUMNS,
        ),
    ),
    Table(
        "branches",
        "Branches",
        "The places where the library is: a main library, two branches and a bookmobile.",
        (
            Column("branch", "category", "Code of the branch.", unique=True, categories=BRANCHES),
            Column("name", "string", "Name on the door.", unique=True),
            Column("kind", "category", "What kind of place.", categories=("main", "branch", "bookmobile")),
            Column(
                "tract_id",
                "string",
                "Where it is; missing for the bookmobile.",
                required=False,
                foreign_key="tracts.tract_id",
            ),
            Column("x_miles", "number", "As in tracts; missing for the bookmobile.", "miles", required=False),
            Column("y_miles", "number", "As in tracts; missing for the bookmobile.", "miles", required=False),
            Column("computers", description="Public computers.", unit="computers", **COUNT),
            *(
                Column(
                    f"hours_{day}",
                    "number",
                    f"Open on an ordinary {full}.",
                    "hours",
                    minimum=0,
                    maximum=24,
                )
                for day, full in zip(
                    WEEKDAYS,
                    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
                    strict=True,
                )
            ),
        ),
        key=("branch",),
        once=True,
    ),
    Table(
        "households",
        "Households on file",
        "Cards that share an address, one row per household with at least one card. The library does not know"
        " households without a card. Some on file have left town; the library does not know which.",
        (
            Column("household_id", "integer", "Number of the household.", unique=True, minimum=1),
            Column("tract_id", "string", "Neighborhood of the address.", foreign_key="tracts.tract_id"),
            Column("nearest_branch", description="Closest branch by road; never the bookmobile.", **BRANCH),
            Column("miles", description="By road to the nearest branch.", **MILES),
            Column("cards", "integer", "Cards on file at this address.", "cards", minimum=1),
            Column("child_cards", "integer", "Of these, cards of people under 13.", "cards", minimum=0),
        ),
        key=("household_id",),
    ),
    Table(
        "patrons",
        "Patrons",
        "Everyone with a card on file on the as-of date. A card is valid for three years and is renewed when it"
        " is next used, for three years from the old last day; four years after a card runs out it is removed, unless it is still in use. The numbers"
        " of removed cards are not given out again.",
        (
            Column(
                "patron_id",
                "integer",
                "Number of the card, in order of enrollment.",
                unique=True,
                minimum=1,
            ),
            Column(
                "household_id",
                "integer",
                "Household of the address.",
                foreign_key="households.household_id",
            ),
            Column("tract_id", "string", "Neighborhood of the address.", foreign_key="tracts.tract_id"),
            Column("home_branch", description="Branch that the patron named as theirs.", **BRANCH),
            Column(
                "category",
                "category",
                "Kind of card, as it was when the card was issued or last renewed: it can lag behind the age."
                " An e-card was made online; its owner may borrow at a branch too.",
                categories=PATRON_CATEGORIES,
            ),
            Column(
                "age_band",
                "category",
                "Age in years on the as-of date.",
                categories=AGE_BANDS,
                ordered=True,
            ),
            Column("enrolled", "date", "Day the card was issued.", maximum=DAY["maximum"]),
            Column(
                "renewed",
                "date",
                "Day the card was last renewed; missing if never.",
                required=False,
                maximum=DAY["maximum"],
            ),
            Column("expires", "date", "Last day the card is valid."),
            Column(
                "last_use",
                "date",
                "Latest day of any use that leaves a trace on the card: a checkout, a renewal by the patron, a"
                " program at which the card was shown, a computer session. Missing if never used. An automatic"
                " renewal is not a use.",
                required=False,
                maximum=DAY["maximum"],
            ),
            Column("language", "category", "Language of the notices.", categories=LANGUAGES),
            Column("has_email", "boolean", "Whether there is an e-mail address on file."),
            Column(
                "email_consent",
                "boolean",
                "Whether the patron agreed to news by e-mail; nobody under 13 is asked. Notices about loans need no"
                " consent.",
            ),
            Column(
                "preferred_contact",
                "category",
                "How the patron, or for a child a parent, likes to be reached.",
                categories=("email", "text", "phone", "mail"),
            ),
            Column(
                "heard",
                "category",
                "Answer to “How did you hear of us?” on the card form; missing if not answered. The form has asked"
                " since 2019.",
                required=False,
                categories=HEARD,
            ),
            Column(
                "referred_by",
                "integer",
                "Card of the friend or relative, if the patron named one who is still on file.",
                required=False,
                foreign_key="patrons.patron_id",
            ),
        ),
        key=("patron_id",),
        gzip=True,
    ),
)
