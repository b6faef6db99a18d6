"""What people ask for, whether or not the library has it: holds and catalog searches."""

from course_utils.tables.schema import AUDIENCES, BRANCH, COUNT, DAY, DIGITAL, PHYSICAL, Column, Table

TABLES = (
    Table(
        "holds",
        "Holds",
        "Requests for a title, one row per request. There is no patron: the library cuts the link between person"
        " and title when a request is done with, and keeps only what it needs for buying.",
        (
            Column("hold_id", "integer", "Number of the request, by day.", unique=True, minimum=1),
            Column("placed", description="Day of the request.", **DAY),
            Column(
                "pickup_branch",
                description="Where it is to be picked up; missing for digital.",
                required=False,
                **BRANCH,
            ),
            Column("material_type", "category", "Kind of material.", categories=PHYSICAL + DIGITAL),
            Column("audience", "category", "For whom the material is meant.", categories=AUDIENCES),
            Column(
                "item_id",
                "integer",
                "The title; missing if the library does not own it.",
                required=False,
                foreign_key="items.item_id",
            ),
            Column("subject", "string", "Subject heading, as in items."),
            Column(
                "status",
                "category",
                "Filled; still waiting on the as-of date; canceled by the person before it was filled; or not"
                " owned: nothing to wait for, the request is passed on to those who buy.",
                categories=("filled", "waiting", "canceled", "not owned"),
            ),
            Column(
                "filled_on",
                description="Day it was ready to be picked up; missing unless filled.",
                required=False,
                **DAY,
            ),
            Column(
                "wait_days",
                "integer",
                "From the request to the day it was ready; missing unless filled. People who have waited longest may"
                " still be waiting, or have given up: they are not in here.",
                "days",
                required=False,
                minimum=0,
            ),
        ),
        key=("hold_id",),
        gzip=True,
    ),
    Table(
        "searches",
        "Catalog searches",
        "What was typed into the catalog, one row per search, with no trace of who typed it. On March 4, 2024"
        " the web site and the app got a new search box, with examples under it that can be clicked. The"
        " stations in the library kept the old one.",
        (
            Column("search_id", "integer", "Number of the search, by day.", unique=True, minimum=1),
            Column("date", description="Day of the search.", **DAY),
            Column(
                "where",
                "category",
                "Where it was typed.",
                categories=("in the library", "web", "app"),
            ),
            Column("terms", "string", "What was typed, in small letters."),
            Column(
                "results",
                description="Titles that the catalog showed on that day; 0 for nothing.",
                unit="titles",
                **COUNT,
            ),
        ),
        key=("search_id",),
        gzip=True,
    ),
)
