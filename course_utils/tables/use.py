"""What people do at the library: borrow, come to programs, use the computers, walk in."""

from course_utils.tables.schema import AUDIENCES, BRANCH, COUNT, DAY, DIGITAL, PHYSICAL, Column, Table

TABLES = (
    Table(
        "items",
        "Titles",
        "The titles that the library lends, physical and digital, one row per title at a branch. A small"
        " collection on purpose: a town of this size would own several times as many. Checkouts are counted per"
        " title; who borrowed which title is not kept, except in the raw export. A title is lent at every branch, so the"
        " checkouts of the titles of one branch are not the checkouts made there; and two works may share a title.",
        (
            Column("item_id", "integer", "Number of the title.", unique=True, minimum=1),
            Column("title", "string", "Title. All are invented."),
            Column("creator", "string", "Author, director or artist. All are invented."),
            Column("material_type", "category", "Kind of material.", categories=PHYSICAL + DIGITAL),
            Column("audience", "category", "For whom it is meant.", categories=AUDIENCES),
            Column("subject", "string", "Subject heading."),
            Column("publication_year", "integer", "Year of publication.", "year", minimum=1900, maximum=2025),
            Column("added", "date", "Day it was added to the collection.", maximum=DAY["maximum"]),
            Column(
                "branch",
                description="Where it is shelved; missing for digital.",
                required=False,
                **BRANCH,
            ),
            Column("copies", "integer", "Copies, or licenses if digital.", "copies", minimum=1),
            Column(
                "checkouts",
                description="Checkouts in the 36 months, without renewals. Over all titles they add up to the"
                " checkouts table, for every material type and audience.",
                unit="checkouts",
                **COUNT,
            ),
        ),
        key=("item_id",),
        gzip=True,
    ),
    Table(
        "checkouts",
        "Checkouts and renewals",
        "Every checkout and renewal of the 36 months, print and digital. There is no title: the library cuts the"
        " link between person and title when an item comes back. What a vendor had been given before is in"
        " export_checkouts.",
        (
            Column("checkout_id", "integer", "Number of the transaction.", unique=True, minimum=1),
            Column("patron_id", "integer", "Card it was made on.", foreign_key="patrons.patron_id"),
            Column("date", description="Day of the transaction.", **DAY),
            Column(
                "branch",
                description="Branch that lent it; missing for digital.",
                required=False,
                **BRANCH,
            ),
            Column("usage_class", "category", "Physical or digital.", categories=("physical", "digital")),
            Column("material_type", "category", "Kind of material.", categories=PHYSICAL + DIGITAL),
            Column("audience", "category", "For whom the material is meant.", categories=AUDIENCES),
            Column(
                "transaction_type",
                "category",
                "A checkout; a renewal asked for by the patron; or an automatic renewal, which the system has made"
                " by itself since January 2024.",
                categories=("checkout", "renewal", "automatic renewal"),
            ),
        ),
        key=("checkout_id",),
        gzip=True,
    ),
    Table(
        "programs",
        "Programs",
        "Storytimes, clubs, classes and talks, one row for each time one was held.",
        (
            Column("program_id", "integer", "Number of the program.", unique=True, minimum=1),
            Column("branch", description="Where it was held.", **BRANCH),
            Column("date", description="Day it was held.", **DAY),
            Column("start", "string", "Time it began, as HH:MM."),
            Column("title", "string", "Title as announced."),
            Column("audience", "category", "For whom it was meant.", categories=(*AUDIENCES, "all ages")),
            Column("seats", "integer", "Places in the room.", "people", minimum=1),
            Column(
                "attended",
                description="Heads counted in the room, with or without a card.",
                unit="people",
                **COUNT,
            ),
        ),
        key=("program_id",),
    ),
    Table(
        "attendance",
        "Program attendance by card",
        "People who came to a program and showed a card at the door. Nobody is turned away without one, and"
        " the date on the card is not checked.",
        (
            Column("program_id", "integer", "Program attended.", foreign_key="programs.program_id"),
            Column("patron_id", "integer", "Card shown.", foreign_key="patrons.patron_id"),
            Column("date", description="Day of the program.", **DAY),
        ),
        key=("program_id", "patron_id"),
    ),
    Table(
        "computer_sessions",
        "Public computer sessions",
        "Sessions at the public computers.",
        (
            Column("session_id", "integer", "Number of the session.", unique=True, minimum=1),
            Column(
                "patron_id",
                "integer",
                "Card used; missing for a guest pass.",
                required=False,
                foreign_key="patrons.patron_id",
            ),
            Column("branch", description="Where the computer is.", **BRANCH),
            Column("date", description="Day of the session.", **DAY),
            Column("minutes", "integer", "Length of the session.", "minutes", minimum=1, maximum=120),
        ),
        key=("session_id",),
        gzip=True,
    ),
    Table(
        "gate_counts",
        "Visits by day",
        "People counted at the door, for each branch and each day that it was open.",
        (
            Column("branch", description="Branch.", **BRANCH),
            Column("date", description="Day.", **DAY),
            Column("hours_open", "number", "Hours open on that day.", "hours", minimum=0.5, maximum=24),
            Column("visits", description="People who came in.", unit="visits", **COUNT),
        ),
        key=("branch", "date"),
        adds_up=("visits",),
    ),
)
