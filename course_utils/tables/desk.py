"""What happens at the desk and in the rooms: questions, registrations, rooms, and the network."""

from course_utils.tables.schema import BRANCH, COUNT, DAY, Column, Table

BY = ("in person", "phone", "chat", "e-mail")
AS_SEEN = ("child", "teen", "adult", "senior")
QUESTIONS = (
    "where is it",
    "my account",
    "printing and computers",
    "find a title",
    "what to read next",
    "school assignment",
    "jobs and forms",
    "local history",
    "research",
)
PURPOSES = (
    "study",
    "tutoring",
    "video call",
    "job interview",
    "club",
    "community group",
    "business meeting",
    "training",
)

TABLES = (
    Table(
        "reference_questions",
        "Questions at the desk",
        "Every question that the desk staff answered, as they noted it down. Nobody asks who the person is.",
        (
            Column("question_id", "integer", "Number of the question, by day.", unique=True, minimum=1),
            Column("date", description="Day.", **DAY),
            Column(
                "hour",
                "integer",
                "Hour of the day in which it was answered: 14 is from 14:00 to 14:59. Branches open at 10:00, on"
                " Sundays at 13:00; gate_counts.hours_open says for how long.",
                minimum=10,
                maximum=19,
            ),
            Column(
                "branch",
                description="Whose desk. Chats and e-mails are answered at the main library.",
                **BRANCH,
            ),
            Column("by", "category", "How it came.", categories=BY),
            Column(
                "patron_group",
                "category",
                "As seen by the staff: a guess by eye. Missing where there was nothing to see.",
                required=False,
                categories=AS_SEEN,
            ),
            Column("question_type", "category", "What it was about.", categories=QUESTIONS),
            Column(
                "read_level",
                "integer",
                "Effort, skill and knowledge that it took, on the READ scale: 1 is an answer from memory, 6 is"
                " research over days.",
                minimum=1,
                maximum=6,
            ),
            Column("minutes", "integer", "Time it took, as noted.", "minutes", minimum=1, maximum=240),
            Column(
                "referred",
                "boolean",
                "Whether the person was sent on: to another desk, another library, an agency.",
            ),
        ),
        key=("question_id",),
        gzip=True,
    ),
    Table(
        "registrations",
        "Program registrations",
        "Some programs ask people to register. One row per registration. Anyone who walks in without one is let in"
        " while there are places, so that programs.attended can be more than came. People who registered with a"
        " card and came also showed it at the door, and are in attendance; people who registered without one are not.",
        (
            Column("registration_id", "integer", "Number of the registration.", unique=True, minimum=1),
            Column("program_id", "integer", "Program.", foreign_key="programs.program_id"),
            Column(
                "registered_on",
                "date",
                "Day of the registration.",
                minimum="2022-07-01",
                maximum=DAY["maximum"],
            ),
            Column(
                "patron_id",
                "integer",
                "Card; missing for those who registered without one.",
                required=False,
                foreign_key="patrons.patron_id",
            ),
            Column(
                "status",
                "category",
                "What became of it. The waiting list is for programs whose seats were all promised.",
                categories=("came", "did not come", "canceled", "waiting list"),
            ),
        ),
        key=("registration_id",),
    ),
    Table(
        "room_bookings",
        "Room bookings",
        "Rooms that people booked. The library's own programs are not in here; the large rooms cannot be booked"
        " while one is on. In a town of several districts these are the rooms of the first, and its programs.",
        (
            Column("booking_id", "integer", "Number of the booking, by day.", unique=True, minimum=1),
            Column("branch", description="Branch.", **BRANCH),
            Column("room", "string", "Name of the room."),
            Column("date", description="Day.", **DAY),
            Column("start", "string", "Time it begins, as HH:MM."),
            Column("hours", "integer", "Length.", "hours", minimum=1, maximum=4),
            Column("purpose", "category", "What for, as ticked on the form.", categories=PURPOSES),
            Column("people", "integer", "People expected.", "people", minimum=1, maximum=60),
        ),
        key=("booking_id",),
        gzip=True,
        once=True,
    ),
    Table(
        "wifi_sessions",
        "Wi-Fi sessions",
        "Devices on the library's network, for each building and each day, closed days too: the network reaches"
        " the street, and it is on at night. Counts only: nothing is kept that could tell devices apart.",
        (
            Column("branch", description="Building; the bookmobile has no network.", **BRANCH),
            Column("date", description="Day.", **DAY),
            Column("sessions", description="Sessions that began on that day.", unit="sessions", **COUNT),
        ),
        key=("branch", "date"),
        adds_up=("sessions",),
    ),
)
