"""Seven people, so few that what is said of them can be counted by hand."""

import pandas as pd

from course_utils.methods.personas import ATTRIBUTES, MEASURES, Claim, Persona

#  for whom, mostly what, programs, distance, language, checkouts
ROWS = [
    ("child", "book", "yes", "within 1 mile", "English", 40),
    ("child", "book", "no", "farther", "Spanish", 10),
    ("child", "dvd", "no", "farther", "English", 4),
    ("adult", "ebook", "no", "within 1 mile", "English", 20),
    ("adult", "book", "yes", "farther", "English", 2),
    ("adult", "book", "no", "farther", "English", 6),
    ("nothing", "nothing", "yes", "within 1 mile", "English", 0),
]


def people(times: int = 1) -> pd.DataFrame:
    """The seven, each ``times`` times."""
    columns = ["borrows for", "borrows mostly", "comes to programs", "distance", "language", "checkouts"]
    made = pd.DataFrame(ROWS * times, columns=columns)
    for name in (*ATTRIBUTES, *MEASURES):
        if name not in made:
            made[name] = 1 if name in MEASURES else "any"
    return made[[*ATTRIBUTES, *MEASURES]].set_index(pd.RangeIndex(101, 101 + len(made), name="patron_id"))


INTERVIEWS = pd.DataFrame(
    {
        "interview_id": [1, 1, 2],
        "turn": [1, 2, 2],
        "speaker": ["interviewer", "patron", "patron"],
        "text": ["What do you read?", "Whatever faces out.", "The <b>late</b> bus, mostly."],
    }
)
COMMENTS = pd.DataFrame({"comment_id": [4, 5], "text": ["Storytime is too early.", "I love the owls."]})

SHEET = Persona(
    "Borrowing for someone small",
    attributes={"borrows for": "child"},
    purpose="To choose an hour.",
    claims=[
        Claim("Most borrow books.", "measured", "checkouts", "borrows mostly", "book", 0.667),
        Claim("The middle one made ten.", "measured", "checkouts", "checkouts", figure=10),
        Claim("One takes whatever faces out.", "heard", "interview 1, turn 2"),
        Claim("Noon would suit them.", "assumed"),
    ],
    not_represented="Those who read here.",
)
