"""The synthetic library: one seed, one town, one patron file, and everything that happened in 36 months."""

import operator
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library import cards as cards_
from course_utils.library import gates, items, outreach, patrons, programs, referrals, topics, town, use
from course_utils.library.calendar import AS_OF, WINDOW, dates_of
from course_utils.library.calibration import settings
from course_utils.library.chance import seed_for, stream
from course_utils.library.locales import known_locale
from course_utils.library.town import tract_ids, tract_median
from course_utils.library.truth import Truth
from course_utils.library.words import words
from course_utils.tables import community

SMALLEST, LARGEST = 500, 25_000
LONGEST_NAME = 80


class Library:
    """A synthetic public library, with its town.

    ``Library(seed=7).patrons`` and ``Library(seed=7)["patrons"]`` are the same table. A table is built when it
    is first asked for, from a stream of random numbers of its own, so that the order does not matter. Each
    access gives a fresh copy: changing it changes nothing else. What the library cannot know stands in
    :attr:`truth`.

    Parameters
    ----------
    seed : a whole number, 0 or above. The same seed gives the same library.
    patrons : how many people have a card, about: :data:`SMALLEST` to :data:`LARGEST`.
    locale : of the names of people, such as ``"fr_FR"``; any that Faker knows.
    name : of the town.
    district : for a town too large to be made in one go, which part of it this is; see
        :class:`course_utils.library.build.Town`.

    Raises
    ------
    CourseError
        If one of them is not such a value; or, on access, if there is no such table.
    """

    def __init__(
        self,
        seed: int,
        *,
        patrons: int | None = None,
        locale: str = "en_US",
        name: str = "Port Ellery",
        district: int = 0,
    ):
        self.seed = whole_number(seed, "The seed of a library", 0)
        design = settings()["design"]
        self.size = (
            design["patrons"]
            if patrons is None
            else whole_number(patrons, "The number of patrons of a library", SMALLEST, LARGEST)
        )
        self.scale = self.size / design["patrons"]
        self.locale = known_locale(locale)
        self.name = town_name(name)
        self.district = whole_number(district, "The number of a district", 0)
        self._tables: dict[str, pd.DataFrame] = {}
        self._kept: dict[str, object] = {}

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
        said = [f"seed={self.seed}"]
        if self.size != settings()["design"]["patrons"]:
            said.append(f"patrons={self.size}")
        said += [
            f"{key}={value!r}"
            for key, value in (("locale", self.locale), ("name", self.name))
            if value != {"locale": "en_US", "name": "Port Ellery"}[key]
        ]
        if self.district:
            said.append(f"district={self.district}")
        return f"Library({', '.join(said)})"

    def __dir__(self):
        return sorted({*super().__dir__(), *tables.SCHEMAS} - {"truth"})  # nobody meets the truth by accident

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):  # Python and Jupyter look for such names; they are no misspelt tables
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = tables.schema(name)
        if name not in self._tables:
            make = topics.MAKERS.get(name)
            columns = make(self) if make else getattr(self, f"_make_{name}")()
            self._tables[name] = tables.typed(columns, table)
        # pandas copies on write: this costs nothing until somebody changes it.
        return self._tables[name].copy(deep=False)

    def furnish(self, frames: Mapping[str, pd.DataFrame]) -> "Library":
        """Take tables that were built elsewhere, by name, instead of building them here. Returns this library.

        They must be those that a library of the same seed and size would build: only their columns are looked at.

        Raises
        ------
        CourseError
            If there is no table of that name, or a frame has not the columns and types of its table. Then nothing
            is taken.
        """
        for name, frame in frames.items():
            tables.check_columns(frame, name)
        self._tables.update(frames)
        return self

    def once(self, key: str, make):
        """What ``make(self)`` gives, made at the first call with this ``key`` and kept: for the topics' own steps."""
        if key not in self._kept:
            self._kept[key] = make(self)
        return self._kept[key]

    @property
    def household_incomes(self) -> tuple[np.ndarray, np.ndarray]:
        """Neighborhood (row) and income (US dollars a year) of every household that lives in town."""
        households = self._homes[0]
        living = households.left > AS_OF
        return households.tract[living], households.income[living]

    @property
    def truth(self) -> Truth:
        """What is really so, and what no library could know: see :class:`Truth`."""
        return Truth(self)

    # The model, step by step ---------------------------------------------------------------------------

    def _stream(self, name: str) -> np.random.Generator:
        """Random numbers of its own for each step and each district."""
        return stream(self.seed, f"{name}, district {self.district}" if self.district else name)

    @cached_property
    def _town(self):
        return town.make_town(stream(self.seed, "town"))  # the same in every district

    @cached_property
    def _homes(self):
        residents = settings()["design"]["residents"] * self.scale
        return town.make_people(self._stream("people"), self._town, round(residents))

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
    def _contacts(self):
        households, people = self._homes
        return patrons.make_contacts(self._stream("contacts"), people, households, self._cards)

    @cached_property
    def _own_loans(self):
        """What people would have borrowed had the library written to nobody."""
        households, people = self._homes
        return use.make_trips(
            self._stream("trips"), people, households, self._cards, self._warmth, self._targets["loans"]
        )

    @cached_property
    def _mailed(self):
        """The library's campaigns: who was in which, and which trips they brought about."""
        return outreach.run_campaigns(self)

    @cached_property
    def _extra_loans(self):
        """What was borrowed on the trips that the campaigns brought about."""
        return use.loans_of_trips(
            self._stream("trips brought about"), self._homes[1], self._cards, *self._mailed.trips
        )

    @cached_property
    def _loans(self):
        return use.joined(self._own_loans, self._extra_loans)

    @cached_property
    def _own_renewals(self):
        return use.make_renewals(self._stream("renewals"), self._own_loans)

    @cached_property
    def _renewals(self):
        # From a stream of their own, so that nobody else's renewals depend on what the campaigns did.
        extra = use.make_renewals(self._stream("renewals of trips brought about"), self._extra_loans)
        return use.joined(self._own_renewals, extra)

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
    def _referrals(self):
        households, people = self._homes
        return referrals.make_referrals(self._stream("referrals"), people, households, self._cards)

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

        bands = patrons.age_band_codes(age)
        spoken = households.language[people.household][people.resident]

        homes = np.bincount(households.tract[living], minlength=count)
        return {
            "tract_id": tract_ids(np.arange(count)),
            "geoid": [f"99001{100 + one // 4:06d}{one % 4 + 1}" for one in range(count)],
            "name": self._town.name,
            "population": of_people(age >= 0),
            "households": homes,
            "under_18": of_people(age < 18),
            "age_18_64": of_people((age >= 18) & (age < 65)),
            "age_65_up": of_people(age >= 65),
            **{column: of_people(bands == number) for number, column in enumerate(community.AGE_COLUMNS)},
            **{
                column: of_people(spoken == number)
                for number, column in enumerate(community.LANGUAGE_COLUMNS)
            },
            "median_income": tract_median(*self.household_incomes, count),
            "broadband": np.round(of_homes(households.broadband.astype(float)), 3),
            "no_vehicle": np.round(of_homes(1.0 - households.vehicle), 3),
            "x_miles": self._town.x,
            "y_miles": self._town.y,
            "miles_main": self._town.miles[:, 0],
            "miles_north": self._town.miles[:, 1],
            "miles_harbor": self._town.miles[:, 2],
            "schools": self._town.schools,
            "cafes_with_wifi": self._town.cafes,
            "bookshops": self._town.bookshops,
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
        cards, file, contacts = self._cards, self._file, self._contacts
        rows = np.flatnonzero(file.on_file)
        referrals_ = self._referrals
        named = pd.array(file.number[referrals_.named[rows]], dtype="Int64")
        named[(referrals_.named[rows] < 0) | ~file.on_file[referrals_.named[rows]]] = pd.NA
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
            "language": contacts.language[rows],
            "has_email": contacts.has_email[rows],
            "email_consent": (contacts.consent & ~self._mailed.unsubscribed)[rows],
            "preferred_contact": contacts.contact[rows],
            "heard": referrals_.heard[rows],
            "referred_by": named,
        }

    def _make_checkouts(self) -> dict:
        parts = [self._loans, self._renewals, self._digital]
        fields = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("card", "day", "branch", "material", "audience", "kind")
        }
        kept = np.flatnonzero(fields["day"] >= WINDOW)
        # By day, and within a day in any order: a day and a part of one, sorted as one number, eight times as fast as two.
        kept = kept[np.argsort(fields["day"][kept] + self._stream("checkouts").random(len(kept)))]
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
        return items.make_items(
            self._stream("items"), self._stream("creators"), self["checkouts"], self.scale, self.locale
        )

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


def whole_number(value, what: str, low: int, high: int | None = None) -> int:
    """``value`` as an integer; a CourseError, beginning with ``what``, if it is none within the limits."""
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < low or (high is not None and number > high):
        limits = f"{low} or above" if high is None else f"from {low:,} to {high:,}"
        raise CourseError(f"{what} is a whole number, {limits}, not {value!r}.")
    return number


def town_name(name: str) -> str:
    """The name without outer spaces; a CourseError if it is empty, too long, or holds what cannot be printed."""
    name = str(name).strip()
    if not name:
        raise CourseError("The name of the town is empty: give it one, such as “Port Ellery”.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise CourseError(
            f"The name of a town has at most {LONGEST_NAME} letters, all of which can be printed on one line, unlike"
            f" {name[:30]!a}."
        )
    return name
