"""Outreach: campaigns, the log of who was in which, and help with homework by branch."""

from course_utils.tables.schema import BRANCH, COUNT, DAY, Column, Table

TABLES = (
    Table(
        "campaigns",
        "Campaigns",
        "What the library sent out in the last 24 months, one row per campaign. Most of them drew lots for who got"
        " what.",
        (
            Column("campaign_id", "integer", "Number of the campaign.", unique=True, minimum=1),
            Column("name", "string", "What the staff call it.", unique=True),
            Column("date", description="Day it went out.", **DAY),
            Column("channel", "category", "How it went out.", categories=("email", "mail", "text")),
            Column(
                "audience",
                "string",
                "Who was in it, in words. The days are counted back from the day it went out; use on that day counts too.",
            ),
            Column("goal", "string", "What it was for."),
            Column("message", "string", "What it said."),
            Column(
                "fixed_cost", "number", "Cost of making it, staff time included.", "US dollars", minimum=0
            ),
            Column("cost_per_message", "number", "Cost of each message sent.", "US dollars", minimum=0),
            Column("randomised", "boolean", "Whether lots were drawn for who got what."),
            Column(
                "unit",
                "category",
                "What the lots were drawn for: a patron, or a household as a whole; missing where none were drawn.",
                required=False,
                categories=("household", "patron"),
            ),
        ),
        key=("campaign_id",),
        once=True,
    ),
    Table(
        "mailings",
        "Log of the campaigns",
        "One row per campaign and patron in it, including those who by lot were sent nothing. For the newsletter, for"
        " which no lots were drawn, only those who got it. For who was chosen, use on the day of sending counts: a patron"
        " whose last use before that day is long ago may have come on the day itself. Consent is that of the day of sending: who"
        " unsubscribes has no email_consent in patrons any more.",
        (
            Column("campaign_id", "integer", "The campaign.", foreign_key="campaigns.campaign_id"),
            Column("patron_id", "integer", "The patron.", foreign_key="patrons.patron_id"),
            Column("household_id", "integer", "As in patrons.", foreign_key="households.household_id"),
            Column(
                "arm",
                "category",
                "What was drawn: control gets nothing; A and B are the messages in campaigns.",
                categories=("control", "A", "B"),
            ),
            Column(
                "propensity",
                "number",
                "How probable it was that this patron's arm would be drawn; missing where no lots were drawn.",
                "share, 0 to 1",
                required=False,
                minimum=0,
                maximum=1,
            ),
            Column("sent", "boolean", "Whether a message was sent."),
            Column(
                "bounced",
                "boolean",
                "Whether the message came back as undeliverable; missing if none was sent.",
                required=False,
            ),
            Column(
                "opened",
                "boolean",
                "Whether the pictures of the e-mail were fetched. Many mail programs fetch them by themselves, so this"
                " says little about reading. Missing for other channels, and if none was sent.",
                required=False,
            ),
            Column(
                "clicked",
                "boolean",
                "Whether a link in the message was followed. Missing for letters, and if none was sent.",
                required=False,
            ),
            Column(
                "came",
                "boolean",
                "Whether the card was used in the 30 days after the day of sending: a checkout, a renewal by the"
                " patron, a program, a computer session. The day of sending itself and automatic renewals do"
                " not count.",
            ),
            Column(
                "unsubscribed",
                "boolean",
                "Whether the patron asked for no more of them. Missing for letters, and if none was sent.",
                required=False,
            ),
        ),
        key=("campaign_id", "patron_id"),
        gzip=True,
    ),
    Table(
        "homework_help",
        "Help with homework, by branch and month",
        "Children and teens who came in on an afternoon, counted by the staff of the three buildings with a tally"
        " sheet, and the help with homework that two of them began to offer (in the summer it is help with summer"
        " reading). They are part of the visits in gate_counts.",
        (
            Column("branch", description="Branch.", **BRANCH),
            Column("month", description="First day of the month.", **DAY),
            Column(
                "open_days", "integer", "Days on which the branch was open.", "days", minimum=0, maximum=31
            ),
            Column(
                "young_afternoon_visits",
                description="Visits by children and teens between noon and six.",
                unit="visits",
                **COUNT,
            ),
            Column("homework_help", "boolean", "Whether there was help with homework in that month."),
            Column("staff_hours", "number", "Staff hours spent on it.", "hours", minimum=0),
            Column("cost", "number", "What it cost, wages and materials.", "US dollars", minimum=0),
        ),
        key=("branch", "month"),
        adds_up=("young_afternoon_visits",),
    ),
)
