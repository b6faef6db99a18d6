"""The synthetic library: one seed, one town, one patron file, and everything that happened in 36 months."""

import operator
from functools import cached_property

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library import cards as cards_
from course_utils.library import gates, items, patrons, programs, town, use
from course_utils.library.calendar import AS_OF, WINDOW, dates_of
from course_utils.library.calibration import settings
from course_utils.library.chance import seed_for, stream
from course_utils.library.truth import Truth
from course_utils.library.words import words


class Library:
    """A synthetic public library, with its town.

    ``Library(seed=7).patrons`` and ``Library(seed=7)["patrons"]`` are the same table. A table is built when it
    is first asked for, from a stream of random numbers of its own, so that the order does not matter. Each
    access gives a fresh copy: changing it changes nothing else. What the library cannot know stands in
    :attr:`truth`.

    Parameters
    ----------
    seed : a whole number, 0 or above. The same seed gives the same library.

    Raises
    ------
    CourseError
        If the seed is not such a number; or, on access, if there is no such table.
    """

    def __init__(self, seed: int):
        try:
            number = operator.index(seed)
        except TypeError:
            number = -1
        if number < 0 or isinstance(seed, bool):
            raise CourseError(f"The seed of a library is a whole number, 0 or above, not {seed!r}.")
        self.seed = number
        self._tables: dict[str, pd.DataFrame] = {}

    @classmethod
    def port_ellery(cls) -> "Library":
        """The town of the lessons: the one that is frozen in ``data/``."""
        return cls(seed=settings()["design"]["seed"])

    @classmethod
    def for_student(cls, student: str) -> "Library":
        """The library of one student: the same model, other numbers.

        Any text will do. Capital letters, full-width letters and outer spaces make no difference.

        Raises
        ------
        CourseError
            If the text is empty.
        """
        return cls(seed=seed_for(student))

    def __repr__(self) -> str:
        return f"Library(seed={self.seed})"

    def __dir__(self):
        return [*super().__dir__(), *tables.SCHEMAS]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):  # Python and Jupyter look for such names; they are no misspelt tables
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = tables.schema(name)
        if name not in self._tables:
            self._tables[name] = tables.typed(getattr(self, f"_make_{name}")(), table)
        # pandas copies on write: this costs nothing until somebody changes it.
        return self._tables[name].copy(deep=False)

    @property
    def truth(self) -> Truth:
        """What is really so, and what no library could know: see :class:`Truth`."""
        return Truth(self)

    # The model, step by step ---------------------------------------------------------------------------

    def _stream(self, name: str) -> np.random.Generator:
        return stream(self.seed, name)

    @cached_property
    def _town(self):
        return town.make_town(self._stream("town"))

    @cached_property
    def _homes(self):
        return town.make_people(self._stream("people"), self._town)

    @cached_property
    def _household_numbers(self):
        # Shuffled, so that the number does not say who has left town.
        return 1 + self._stream("household numbers").permutation(len(self._homes[0].tract))

    @cached_property
    def _targets(self) -> dict[str, float]:
        """Levels of this library: the published ones, give or take a little."""
        rng, spread = self._stream("targets"), settings()["design"]["spread"]
        residents = self._homes[1].resident.sum()
        level = {
            key: settings()["target"][key] * (1 + spread * rng.uniform(-1, 1))
            for key in (
                "circulation_per_head",
                "digital_share",
                "visits_per_head",
                "attendance_per_head",
                "computer_sessions_per_head",
                "programs_per_thousand",
            )
        }
        total = level["circulation_per_head"] * residents
        return {
            "loans": total * (1 - level["digital_share"]) / (1 + use.expected_renewals()),
            "digital": total * level["digital_share"],
            "visits": level["visits_per_head"] * residents,
            "heads": level["attendance_per_head"] * residents,
            "sessions": level["computer_sessions_per_head"] * residents,
            "programs": round(level["programs_per_thousand"] * residents / 1000),
            "nudge": spread * rng.uniform(-1, 1),
        }

    @cached_property
    def _segments(self):
        return cards_.assign_segments(self._stream("segments"), self._homes[1], self._homes[0])

    @cached_property
    def _cards(self):
        households, people = self._homes
        return cards_.make_cards(
            self._stream("cards"), people, households, self._segments, self._targets["nudge"]
        )

    @cached_property
    def _warmth(self):
        return use.make_warmth(self._stream("warmth"), self._homes[0], self._cards)

    @cached_property
    def _loans(self):
        households, people = self._homes
        return use.make_trips(
            self._stream("trips"), people, households, self._cards, self._warmth, self._targets["loans"]
        )

    @cached_property
    def _renewals(self):
        return use.make_renewals(self._stream("renewals"), self._loans)

    @cached_property
    def _digital(self):
        households, people = self._homes
        return use.make_digital(
            self._stream("digital"), people, households, self._cards, self._warmth, self._targets["digital"]
        )

    @cached_property
    def _sessions(self):
        return use.make_sessions(
            self._stream("sessions"), self._homes[1], self._cards, self._warmth, self._targets["sessions"]
        )

    @cached_property
    def _held(self):
        return programs.make_programs(
            self._stream("programs"), self._targets["programs"], self._targets["heads"]
        )

    @cached_property
    def _came(self):
        return programs.make_attendance(
            self._stream("attendance"), self._homes[1], self._cards, self._warmth, self._held
        )

    @cached_property
    def _file(self):
        return patrons.make_patron_file(
            self._stream("patrons"),
            self._homes[1],
            self._cards,
            [self._loans, self._renewals, self._digital],
            self._sessions,
            self._held,
            self._came,
        )

    # The tables ------------------------------------------------------------------------------------------

    def _make_tracts(self) -> dict:
        households, people = self._homes
        count = len(self._town.x)
        living = households.left > AS_OF
        tract = households.tract[people.household][people.resident]
        age = people.age[people.resident]

        def of_homes(values):
            return np.bincount(households.tract[living], values[living], count) / homes

        def of_people(which):
            return np.bincount(tract[which], minlength=count)

        homes = np.bincount(households.tract[living], minlength=count)
        income = [np.median(households.income[living & (households.tract == one)]) for one in range(count)]
        return {
            "tract_id": tract_ids(np.arange(count)),
            "geoid": [f"99001{100 + one // 4:06d}{one % 4 + 1}" for one in range(count)],
            "name": self._town.name,
            "population": of_people(age >= 0),
            "households": homes,
            "under_18": of_people(age < 18),
            "age_18_64": of_people((age >= 18) & (age < 65)),
            "age_65_up": of_people(age >= 65),
            "median_income": np.round(income, -2).astype(int),
            "broadband": np.round(of_homes(households.broadband.astype(float)), 3),
            "no_vehicle": np.round(of_homes(1.0 - households.vehicle), 3),
            "x_miles": self._town.x,
            "y_miles": self._town.y,
            "miles_main": self._town.miles[:, 0],
            "miles_north": self._town.miles[:, 1],
            "miles_harbor": self._town.miles[:, 2],
        }

    def _make_branches(self) -> dict:
        places = settings()["branch"]
        x, y = (np.array([place.get(axis, np.nan) for place in places]) for axis in "xy")
        nearest = [
            None
            if np.isnan(a)
            else tract_ids(np.array([np.argmin(np.hypot(self._town.x - a, self._town.y - b))]))[0]
            for a, b in zip(x, y, strict=True)
        ]
        return {
            "branch": [place["code"] for place in places],
            "name": [place["name"] for place in places],
            "kind": [place["kind"] for place in places],
            "tract_id": nearest,
            "x_miles": x,
            "y_miles": y,
            "computers": [place["computers"] for place in places],
            **{
                f"hours_{day}": [float(place["hours"][number]) for place in places]
                for number, day in enumerate(tables.WEEKDAYS)
            },
        }

    def _make_households(self) -> dict:
        households, people = self._homes
        kept, cards = self._file.on_file, self._cards
        children = people.age[cards.person] < 13
        count = np.bincount(cards.household[kept], minlength=len(households.tract))
        rows = np.flatnonzero(count)
        rows = rows[np.argsort(self._household_numbers[rows])]
        return {
            "household_id": self._household_numbers[rows],
            "tract_id": tract_ids(households.tract[rows]),
            "nearest_branch": households.miles[rows].argmin(axis=1).astype(np.int8),
            "miles": households.miles[rows].min(axis=1),
            "cards": count[rows],
            "child_cards": np.bincount(cards.household[kept & children], minlength=len(households.tract))[
                rows
            ],
        }

    def _make_patrons(self) -> dict:
        households, people = self._homes
        cards, file = self._cards, self._file
        rows = np.flatnonzero(file.on_file)
        return {
            "patron_id": file.number[rows],
            "household_id": self._household_numbers[cards.household[rows]],
            "tract_id": tract_ids(households.tract[cards.household[rows]]),
            "home_branch": cards.home[rows],
            "category": patrons.category_codes(people, cards, file)[rows],
            "age_band": patrons.age_band_codes(people.age[cards.person[rows]]),
            "enrolled": dates_of(cards.enrolled[rows]),
            "renewed": patrons.day_or_missing(file.renewed[rows]),
            "expires": dates_of(file.expires[rows]),
            "last_use": patrons.day_or_missing(file.last_use[rows]),
            "has_email": file.has_email[rows],
            "preferred_contact": file.contact[rows],
        }

    def _make_checkouts(self) -> dict:
        parts = [self._loans, self._renewals, self._digital]
        fields = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("card", "day", "branch", "material", "audience", "kind")
        }
        kept = np.flatnonzero(fields["day"] >= WINDOW)
        kept = kept[np.lexsort((self._stream("checkouts").random(len(kept)), fields["day"][kept]))]
        fields = {name: values[kept] for name, values in fields.items()}
        digital = fields["branch"] < 0
        return {
            "checkout_id": np.arange(1, len(kept) + 1),
            "patron_id": self._file.number[fields["card"]],
            "date": dates_of(fields["day"]),
            "branch": fields["branch"].astype(np.int8),
            "usage_class": digital.astype(np.int8),
            "material_type": fields["material"].astype(np.int8),
            "audience": fields["audience"].astype(np.int8),
            "transaction_type": fields["kind"].astype(np.int8),
        }

    def _make_items(self) -> dict:
        return items.make_items(self._stream("items"), self._stream("creators"), self["checkouts"])

    def _make_programs(self) -> dict:
        held = self._held
        series = words()["program"]
        return {
            "program_id": np.arange(1, len(held.day) + 1),
            "branch": held.branch,
            "date": dates_of(held.day),
            "start": [series[row]["start"] for row in held.series],
            "title": [series[row]["title"] for row in held.series],
            "audience": held.audience.astype(np.int8),
            "seats": held.seats,
            "attended": held.attended,
        }

    def _make_attendance(self) -> dict:
        came = self._came
        return {
            "program_id": came.program + 1,
            "patron_id": self._file.number[came.card],
            "date": dates_of(self._held.day[came.program]),
        }

    def _make_computer_sessions(self) -> dict:
        sessions = self._sessions
        order = np.lexsort((self._stream("session order").random(len(sessions.day)), sessions.day))
        card = sessions.card[order]
        number = pd.array(self._file.number[card], dtype="Int64")
        number[card < 0] = pd.NA
        return {
            "session_id": np.arange(1, len(order) + 1),
            "patron_id": number,
            "branch": sessions.branch[order],
            "date": dates_of(sessions.day[order]),
            "minutes": sessions.minutes[order],
        }

    def _make_gate_counts(self) -> dict:
        visits = gates.make_visits(
            self._stream("visits"), self._loans, self._sessions, self._held, self._targets["visits"]
        )
        branch, day, hours, count = gates.open_days(visits)
        order = np.lexsort((branch, day))
        return {
            "branch": branch[order].astype(np.int8),
            "date": dates_of(day[order]),
            "hours_open": hours[order],
            "visits": count[order],
        }


def tract_ids(rows: np.ndarray) -> np.ndarray:
    """Codes of neighborhoods: T01, T02, …"""
    return np.array([f"T{row + 1:02d}" for row in range(rows.max() + 1)], dtype=object)[rows]
