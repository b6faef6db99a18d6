"""What patrons say: a survey, comments and how they were coded, interviews; and what the library says to them."""

from typing import Any

from course_utils.tables.schema import AGE_BANDS, BRANCH, DAY, PATRON, Column, Table

LETTERS = ("A", "B")
SURVEY_CHANNELS = ("email", "mail")
ATTRIBUTES = ("collection", "hours", "staff", "space", "technology", "programs")
GOALS = (
    "borrow books and films",
    "e-books and audiobooks",
    "things for my children",
    "a program or class",
    "computers and Wi-Fi",
    "a place to sit, read or work",
    "find something out",
    "no need at present",
)
WISHES = (
    "open before 8 in the morning",
    "a room that is always quiet",
    "laptops to take home",
    "tools and instruments to borrow",
    "books by mail",
    "a course over several evenings",
    "sewing machines and 3D printers",
    "none of these",
)
SOURCES = ("survey", "comment box", "web form")
THEMES = (
    "opening hours",
    "staff",
    "collection",
    "space and noise",
    "technology",
    "programs",
    "access and getting there",
    "rules and fees",
)
TONES = ("positive", "mixed", "negative")
CODERS = ("A", "B")
SPEAKERS = ("interviewer", "patron")
RECRUITED = ("desk", "program", "e-mail", "phone", "out in town")
MESSAGE_CHANNELS = ("newsletter", "poster", "social", "web", "sign")
FIVE: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 5, "unit": "1 to 5"}
_RATED: dict[str, Any] = {
    "collection": "what there is to borrow",
    "hours": "the opening hours",
    "staff": "the help of the staff",
    "space": "the rooms: seats, quiet, light",
    "technology": "computers, Wi-Fi, catalog and apps",
    "programs": "programs and classes",
}

TABLES = (
    Table(
        "survey_invitations",
        "Survey: invitations",
        "The patron survey of spring 2025. It went to a random sample of those on file who were 16 or over on the"
        " day of the invitation: by e-mail where there is an address on file, otherwise on paper by mail. Two"
        " versions of the letter were dealt out by lot. People who had not answered were reminded once. The survey closed on"
        " June 7, 2025.",
        (
            Column("invitation_id", "integer", "Number of the invitation.", unique=True, minimum=1),
            Column("patron_id", description="Who was invited.", unique=True, **PATRON),
            Column("channel", "category", "How.", categories=SURVEY_CHANNELS),
            Column(
                "letter",
                "category",
                "Version of the letter, dealt out by lot. Letter A said that the answers help to decide what is bought"
                " and when the doors are open; letter B said that the questions take four minutes and that the director"
                " reads every answer.",
                categories=LETTERS,
            ),
            Column("invited", description="Day of the invitation.", **DAY),
            Column(
                "reminded",
                description="Day of the reminder; missing if there was none.",
                required=False,
                **DAY,
            ),
            Column("answered", "boolean", "Whether an answer came."),
            Column(
                "answered_on",
                description="Day on which the answer came; missing if none.",
                required=False,
                **DAY,
            ),
        ),
        key=("invitation_id",),
    ),
    Table(
        "survey_answers",
        "Survey: answers",
        "One row per answer to the survey of spring 2025. The letter said that answers would be joined to the use"
        " of the card, and that anyone who did not want that did not have to answer.",
        (
            Column(
                "invitation_id",
                "integer",
                "Invitation answered.",
                unique=True,
                foreign_key="survey_invitations.invitation_id",
            ),
            Column(
                "satisfaction",
                description="“All in all, how satisfied are you with the library?” 1 is not at all, 5 is very.",
                **FIVE,
            ),
            Column(
                "recommend",
                "integer",
                "“How likely are you to recommend the library to a friend or neighbor?” 0 is not at all likely, 10"
                " is extremely likely.",
                "0 to 10",
                minimum=0,
                maximum=10,
            ),
            Column(
                "visits_last_year",
                "integer",
                "“About how many times have you been to the library in the last 12 months, the bookmobile included?”",
                "visits",
                minimum=0,
                maximum=366,
            ),
            Column("goal", "category", "“What do you mainly come for?” One answer.", categories=GOALS),
            *(
                Column(f"importance_{name}", description=f"How important: {said}. 5 is very.", **FIVE)
                for name, said in _RATED.items()
            ),
            *(
                Column(f"performance_{name}", description=f"How well we do: {said}. 5 is very well.", **FIVE)
                for name, said in _RATED.items()
            ),
            Column("feels_at_home", description="“I feel at home at the library.” 5 is agree fully.", **FIVE),
            Column(
                "wish",
                "category",
                "“Which of these would you use, if there were one?” One answer.",
                categories=WISHES,
            ),
        ),
        key=("invitation_id",),
    ),
    Table(
        "comments",
        "Comments",
        "What people wrote of their own accord: in the last box of the survey, on a card for the comment box, in"
        " the form on the website. No name and no card number goes with them. They were typed as they were,"
        " mistakes included. People write what they believe and what annoys them: not all of it is true.",
        (
            Column("comment_id", "integer", "Number of the comment, by day.", unique=True, minimum=1),
            Column("source", "category", "Where it was written.", categories=SOURCES),
            Column(
                "date",
                description="Day on which it came. Comments from the survey all bear the day on which it closed: the day"
                " of an answer could lead to a card.",
                **DAY,
            ),
            Column(
                "branch",
                description="Whose comment box, or the branch named in the form; missing if none was named.",
                required=False,
                **BRANCH,
            ),
            Column("text", "string", "The comment."),
        ),
        key=("comment_id",),
        once=True,
    ),
    Table(
        "comment_codes",
        "Comments: codes",
        "Two members of staff read every comment by themselves and gave each one theme and one tone. They used"
        " the same list of themes and did not talk about it.",
        (
            Column("comment_id", "integer", "Comment coded.", foreign_key="comments.comment_id"),
            Column("coder", "category", "Who coded it.", categories=CODERS),
            Column("theme", "category", "What it is mainly about.", categories=THEMES),
            Column("tone", "category", "Praise, complaint, or some of both.", categories=TONES),
        ),
        key=("comment_id", "coder"),
        once=True,
    ),
    Table(
        "interviewees",
        "Interviews: with whom",
        "Twelve conversations of half an hour in early summer 2025. Those with a card were asked whether the"
        " conversation may be read beside the record of the card; those who said no, and those without a card,"
        " have no number here.",
        (
            Column("interview_id", "integer", "Number of the interview, by day.", unique=True, minimum=1),
            Column("date", description="Day of the conversation.", **DAY),
            Column(
                "branch",
                description="Branch where it took place; missing if elsewhere.",
                required=False,
                **BRANCH,
            ),
            Column("place", "string", "Where they talked."),
            Column("age_band", "category", "Age in years.", categories=AGE_BANDS, ordered=True),
            Column("how_recruited", "category", "How they were found.", categories=RECRUITED),
            Column("uses", "string", "“What do you use the library for?” In their own words."),
            Column(
                "patron_id",
                "integer",
                "Card, with consent; missing otherwise.",
                required=False,
                foreign_key="patrons.patron_id",
            ),
        ),
        key=("interview_id",),
        once=True,
    ),
    Table(
        "interviews",
        "Interviews: what was said",
        "The twelve conversations, one row per turn, shortened and typed up by the interviewer. Names of other"
        " people were changed.",
        (
            Column("interview_id", "integer", "Interview.", foreign_key="interviewees.interview_id"),
            Column("turn", "integer", "Number of the turn.", minimum=1),
            Column("speaker", "category", "Who speaks.", categories=SPEAKERS),
            Column("text", "string", "What was said."),
        ),
        key=("interview_id", "turn"),
        once=True,
    ),
    Table(
        "messages",
        "The library's own messages",
        "A sample of what the library itself has said in the 36 months: a line or two from newsletters, posters,"
        " posts, the website and signs.",
        (
            Column("message_id", "integer", "Number of the message, by day.", unique=True, minimum=1),
            Column("date", description="Day on which it appeared.", **DAY),
            Column("channel", "category", "Where.", categories=MESSAGE_CHANNELS),
            Column("text", "string", "The message."),
        ),
        key=("message_id",),
        once=True,
    ),
)
