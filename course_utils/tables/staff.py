"""What the staff think, believe and guess about patrons."""

from course_utils.tables.journeys import CHANNELS, EVENTS
from course_utils.tables.schema import Column, Table

ROLES = (
    "director",
    "adult services",
    "children's room",
    "circulation desk",
    "Northgate Branch",
    "web and systems",
)
PERSONAS = ("storytime parent", "retired reader", "young digital native", "computer regular")
ATTRIBUTES = (
    "category",
    "age_band",
    "home_branch",
    "language",
    "preferred_contact",
    "distance",
    "borrows mostly",
    "borrows for",
    "takes print home",
    "comes to programs",
    "uses the computers",
)

TABLES = (
    Table(
        "staff_journey",
        "What staff think the first 90 days are like",
        "The path of a new patron as the staff drew it on a whiteboard, one row per step.",
        (
            Column("step", "integer", "Number of the step.", unique=True, minimum=1),
            Column("event", "category", "As in first_days.", categories=EVENTS),
            Column("channel", "category", "As in first_days.", categories=CHANNELS),
            Column(
                "by_day", "integer", "Day by which it should have happened.", "days", minimum=0, maximum=90
            ),
        ),
        key=("step",),
        once=True,
    ),
    Table(
        "staff_guesses",
        "What staff guessed before they looked",
        "Ten questions about the library's own numbers, answered by six members of staff from memory in August"
        " 2025. For each they gave their best guess, and a low and a high value: they were to be 80% sure that the"
        " truth lies between the two. The last 12 months are those up to the as-of date.",
        (
            Column("staff_id", "category", "Who guessed, by role.", categories=ROLES),
            Column("question_key", "string", "Short name of the question."),
            Column("question", "string", "The question as asked."),
            Column("low", "integer", "The truth is hardly below this.", minimum=0),
            Column("best", "integer", "Best guess.", minimum=0),
            Column("high", "integer", "The truth is hardly above this.", minimum=0),
        ),
        key=("staff_id", "question_key"),
        once=True,
    ),
    Table(
        "staff_personas",
        "Personas that staff work with",
        "Four personas that hang in the staff room, one row per attribute. They were drawn in an afternoon, from"
        " memory. The attributes are put so that they can be checked against the tables, for patrons whose last"
        " use lies in the last 12 months: *distance* is households.miles (within 1 mile: up to 1.0); *borrows"
        " mostly* and *borrows for* are the material_type and the audience of most checkouts (not renewals) of the"
        " last 12 months, on a tie the one that comes first in the data dictionary, and *nothing* without any;"
        " *takes print home* is a physical checkout in that time, *comes to programs* a row in attendance, *uses"
        " the computers* a computer session.",
        (
            Column("persona", "category", "Name of the persona.", categories=PERSONAS),
            Column("attribute", "category", "What is said of them.", categories=ATTRIBUTES),
            Column("believed", "string", "The value that staff believe."),
            Column(
                "defines",
                "boolean",
                "Whether this is what makes somebody the persona; the other attributes are believed to go with it.",
            ),
            Column(
                "assumed_share",
                "number",
                "Share of the patrons active in the last 12 months that staff believe to be this persona; the"
                " same on every row of a persona.",
                "share, 0 to 1",
                minimum=0,
                maximum=1,
            ),
        ),
        key=("persona", "attribute"),
        once=True,
    ),
)
