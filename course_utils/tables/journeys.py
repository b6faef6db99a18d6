"""The first 90 days of each new card, as the logs of several systems show them."""

from course_utils.tables.schema import DAY, Column, Table

CHANNELS = ("desk", "out in town", "in the library", "web", "app", "email")

# In the order in which they are listed when several fall on one day.
EVENTS = (
    "card made",
    "welcome e-mail sent",
    "welcome e-mail clicked",
    "PIN trouble",
    "PIN set",
    "searched the catalog",
    "placed a hold",
    "came to a program",
    "used a computer",
    "borrowed",
    "borrowed digital",
    "asked at the desk",
    "reminder sent",
)

TABLES = (
    Table(
        "first_days",
        "The first 90 days",
        "What happened in the first 90 days of each card made since September 2023, one row per event. It was put"
        " together for a study from the logs of five systems, by the number of the card: nobody in the list was"
        " asked. It ends on the as-of date, so that of the newest cards less than 90 days are seen. A search counts"
        " only where the person had signed in, and a question at the desk only where the card was shown: whatever"
        " else happened left no trace.",
        (
            Column("event_id", "integer", "Number of the event, by day.", unique=True, minimum=1),
            Column("patron_id", "integer", "Card.", foreign_key="patrons.patron_id"),
            Column("date", "date", "Day of the event.", minimum="2023-09-01", maximum=DAY["maximum"]),
            Column(
                "day",
                "integer",
                "Days since the card was made: 0 on that day.",
                "days",
                minimum=0,
                maximum=90,
            ),
            Column(
                "channel",
                "category",
                "Where. A card is made at the desk, out in town (at a school, at a market), or on the web.",
                categories=CHANNELS,
            ),
            Column(
                "event",
                "category",
                "What happened. “Borrowed”, “borrowed digital”, “came to a program” and “used a computer” stand"
                " once per day, and agree with checkouts, attendance and computer_sessions. A PIN is the password"
                " for the web site, the app and digital loans; “PIN trouble” is three wrong tries. For a small child a"
                " parent sets it. Without one, a hold can be placed at the desk.",
                categories=EVENTS,
            ),
        ),
        key=("event_id",),
        gzip=True,
    ),
)
