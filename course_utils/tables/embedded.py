"""Work with partner teams: who they are, the liaison's log, what was asked, and a survey on trust."""

from typing import Any

from course_utils.tables.schema import DAY, Column, Table

KINDS = ("school", "clinic", "city office", "small firm")
LIAISONS = ("L1", "L2", "L3", "L4")
TOUCHES = ("incidental", "meeting", "e-mail")
ASKED_BY = ("in passing", "scheduled", "e-mail", "phone")
QUESTION_TYPES = (
    "quick fact",
    "finding a document",
    "search help",
    "citing and copying",
    "evidence review",
    "data help",
    "teaching session",
    "grant search",
)
ITEMS = {
    "communication_1": "We hear from the library before we have to ask.",
    "communication_2": "It is easy to reach our librarian.",
    "communication_3": "We are told how our request is getting on.",
    "understanding_1": "Our librarian knows what our team is working on.",
    "understanding_2": "We do not need to explain ourselves twice.",
    "understanding_3": "Our librarian knows what a useful answer looks like for us.",
    "trust_1": "I would show our librarian an unfinished piece of work.",
    "trust_2": "Our librarian says so when something cannot be found.",
    "trust_3": "I rely on what our librarian gives us.",
}

TEAM: dict[str, Any] = {"type": "integer", "foreign_key": "teams.team_id"}
PERSON: dict[str, Any] = {"type": "integer", "foreign_key": "team_people.person_id"}

TABLES = (
    Table(
        "teams",
        "Partner teams",
        "The 24 teams in town that the library works with: schools, clinics, city offices and small firms. All are"
        " invented. Some have had an *embedded* librarian from a certain day on, who works among them; the others"
        " ask from afar. Clinics ask about management, grants and how to write for patients; nothing here is"
        " about anybody's health.",
        (
            Column("team_id", "integer", "Number of the team.", unique=True, minimum=1),
            Column("name", "string", "Name of the team. All are invented.", unique=True),
            Column("kind", "category", "What kind of team.", categories=KINDS),
            Column("people", "integer", "People in the team on the as-of date.", "people", minimum=1),
            Column(
                "first_contact",
                "date",
                "Day on which the library and the team first met.",
                maximum="2022-08-31",
            ),
            Column(
                "embedded_since",
                description="First day with an embedded librarian, always the first working day of a month;"
                " missing for teams without one.",
                required=False,
                **DAY,
            ),
            Column(
                "liaison",
                "category",
                "The librarian who looks after the team. A code: nobody's name is needed here.",
                categories=LIAISONS,
            ),
            Column(
                "asked_for_it",
                "category",
                "Who began, when the library thought about embedding in 2022: the team asked for a librarian"
                " (“asked us”), or the library asked the team whether it would like one (“we asked”).",
                categories=("asked us", "we asked"),
            ),
            Column(
                "visited",
                description="Day in January 2024 on which the liaison paid the team a visit. The six teams"
                " outside the embedding plan with the fewest consultations from October to December 2023 were"
                " visited, to bring them back.",
                required=False,
                **DAY,
            ),
        ),
        key=("team_id",),
        once=True,
    ),
    Table(
        "team_people",
        "People in the teams",
        "Everybody who was in a partner team within the 36 months. A number and a role; the library keeps no names"
        " here. A record of colleagues is still a record of people: it should be no finer than its purpose needs.",
        (
            Column("person_id", "integer", "Number of the person.", unique=True, minimum=1),
            Column("team_id", description="The team.", **TEAM),
            Column("role", "string", "What the person does in the team."),
            Column("joined", "date", "Day of joining the team.", maximum=DAY["maximum"]),
            Column(
                "left",
                description="Day from which the person is no longer in the team; missing for those who still are.",
                required=False,
                **DAY,
            ),
        ),
        key=("person_id",),
        once=True,
    ),
    Table(
        "touches",
        "The liaisons' log",
        "Contacts in which nobody needed to ask for anything: a greeting in the corridor, a meeting of the team,"
        " an e-mail with news. Each liaison notes them on the same day. The log has no time of day, and says"
        " nothing of what was talked about.",
        (
            Column("touch_id", "integer", "Number of the entry.", unique=True, minimum=1),
            Column("date", description="Day.", **DAY),
            Column("team_id", description="The team.", **TEAM),
            Column(
                "person_id",
                description="The person; missing for a meeting, which is with the whole team.",
                required=False,
                **PERSON,
            ),
            Column("liaison", "category", "The liaison who noted it.", categories=LIAISONS),
            Column(
                "kind",
                "category",
                "Incidental: in passing, seen and greeted. Meeting: with the team, planned; the visits of January"
                " 2024 are meetings. E-mail: written by the liaison, unasked.",
                categories=TOUCHES,
            ),
            Column("minutes", "integer", "How long it took.", "minutes", minimum=1, maximum=90),
        ),
        key=("touch_id",),
        gzip=True,
        once=True,
    ),
    Table(
        "consultations",
        "Consultations",
        "Every question that somebody from a partner team brought to a liaison: at most one a day from each"
        " person. What the question was about is not kept, only its kind and its difficulty.",
        (
            Column("consultation_id", "integer", "Number of the consultation.", unique=True, minimum=1),
            Column("date", description="Day.", **DAY),
            Column("time", "string", "Time it began, as HH:MM."),
            Column("team_id", description="The team.", **TEAM),
            Column("person_id", description="Who asked.", **PERSON),
            Column(
                "liaison",
                "category",
                "Who answered: mostly the team's liaison, now and then another in their place.",
                categories=LIAISONS,
            ),
            Column("asked_by", "category", "How the question came.", categories=ASKED_BY),
            Column("question_type", "category", "Kind of question.", categories=QUESTION_TYPES),
            Column(
                "read_level",
                "integer",
                "Difficulty on the READ scale, as the liaison judged it: 1 needs no special knowledge, 3 some"
                " effort and more than one source, 4 and above consultation and research, 6 hours or days.",
                minimum=1,
                maximum=6,
            ),
            Column(
                "minutes",
                "integer",
                "How long the conversation took. The work after it is not counted, so a question that takes days may"
                " have few.",
                "minutes",
                minimum=1,
                maximum=480,
            ),
            Column(
                "resolved",
                "boolean",
                "Whether it was resolved at first contact: nothing was left to do afterwards.",
            ),
            Column("referred", "boolean", "Whether it was handed on to somebody else."),
            Column(
                "new_kind_of_request",
                "boolean",
                "Marked by the liaison: this team had never asked for such a thing before. Finer than"
                " question_type: a type asked before may be asked in a way that is new.",
            ),
            Column(
                "rating",
                "integer",
                "How helpful the answer was, said by who asked, from 1 (not at all) to 5 (very); missing if they"
                " did not say.",
                required=False,
                minimum=1,
                maximum=5,
            ),
        ),
        key=("consultation_id",),
        gzip=True,
        once=True,
    ),
    Table(
        "trust_survey",
        "Survey on communication, understanding and trust",
        "One wave in April 2025, sent to everybody in a partner team; about two in three answered. Nine sentences,"
        " each from 1 (disagree) to 5 (agree).",
        (
            Column("person_id", description="Who answered.", unique=True, **PERSON),
            Column("answered", description="Day of the answer.", **DAY),
            *(
                Column(item, "integer", f"“{sentence}”", minimum=1, maximum=5)
                for item, sentence in ITEMS.items()
            ),
        ),
        key=("person_id",),
        once=True,
    ),
)
