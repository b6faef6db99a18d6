"""The topics beyond the core of the model: each makes tables of its own from the people and their cards.

A topic is a module with two dicts. ``TABLES`` gives, by name, a function of the library that returns the columns;
``TRUTH`` gives a schema and such a function.
"""

from course_utils.library import (
    cohorts,
    comments,
    demand,
    desk,
    embedded,
    export,
    interviews,
    journeys,
    messages,
    outreach,
    reach,
    referrals,
    staff,
    survey,
)

TOPICS = (
    referrals,
    outreach,
    demand,
    embedded,
    desk,
    journeys,
    staff,
    cohorts,
    export,
    survey,
    comments,
    interviews,
    messages,
    reach,
)
MAKERS = {name: make for topic in TOPICS for name, make in topic.TABLES.items()}
TRUTH = {name: entry for topic in TOPICS for name, entry in topic.TRUTH.items()}
