"""How the words of patrons are put together: whole remarks, chosen alternatives, and the slots in them."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from course_utils import tables
from course_utils.library.calendar import dates_of, day_number
from course_utils.library.words import words
from course_utils.tables.voices import THEMES, TONES

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS = ("winter", "spring", "summer", "fall")
HERE = ("the main library", "Northgate", "the Harbor branch", "the bookmobile")
VOICES = ("teen", "es", "formal", "parent")
# How those without a voice of their own write: as they should, all in lower case, with a slip, with a "!".
MANNERS, MANNER_ODDS = ("plain", "lower", "slip", "loud"), np.array([0.68, 0.10, 0.15, 0.07])
OPENS = {"": 0.22, "teen": 0.45, "es": 0.45, "formal": 0.75, "parent": 0.30}
ENDS = {"": 0.24, "teen": 0.35, "es": 0.35, "formal": 0.55, "parent": 0.20}
_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"^(The|A|At|There|May|My|You|Your|Permit|Upon)\b")
_START = re.compile(r"(^|[.?!] +)([a-z])")
OFTEN = 3  # times that the same opening or ending is used in one library


@functools.cache
def spoken(name: str) -> dict:
    """The file ``name``.toml of this folder. Shared: read it, do not change it."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Remark:
    """One whole remark and when it fits. ``months`` is empty for all year."""

    theme: int
    tone: int
    text: str
    ironic: bool
    tags: frozenset[str]
    branches: tuple[int, ...]
    months: tuple[int, ...]
    since: int  # day

    @property
    def voice(self) -> str:
        """A key of ``OPENS``."""
        return next((voice for voice in VOICES if voice in self.tags), "")

    @property
    def varies(self) -> bool:
        """Whether it can be said in more than one way, wherever and whenever it is said."""
        return "<" in self.text or bool(set(_SLOT.findall(self.text)) - {"here", "town", "now", "season"})


@functools.cache
def remarks() -> tuple[Remark, ...]:
    """Every remark of comments.toml."""
    found = []
    for theme, by_tone in spoken("comments")["remark"].items():
        for tone, texts in by_tone.items():
            found += [_remark(theme, tone, text, False) for text in texts]
    for theme, texts in spoken("comments")["ironic"].items():
        found += [_remark(theme, "negative", text, True) for text in texts]
    return tuple(found)


def _remark(theme: str, tone: str, entry: str, ironic: bool) -> Remark:
    tags, text = tagged(entry)
    return Remark(
        THEMES.index(theme),
        TONES.index(tone),
        text,
        ironic,
        frozenset(tags),
        tuple(tables.BRANCHES.index(tag) for tag in tags if tag in tables.BRANCHES),
        months_of(tags),
        since_of(tags),
    )


def tagged(entry: str) -> tuple[tuple[str, ...], str]:
    """The tags before "::", and the text."""
    tags, mark, text = entry.partition(":: ")
    return (tuple(tags.split()), text) if mark else ((), entry)


def months_of(tags) -> tuple[int, ...]:
    """The months of a tag such as m6-8, m1 or m11-2; empty without one."""
    for tag in tags:
        if match := re.fullmatch(r"m(\d+)(?:-(\d+))?", tag):
            first, last = int(match[1]), int(match[2] or match[1])
            return tuple((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))
    return ()


def since_of(tags) -> int:
    """The first day that a tag such as since-2024-02 allows; day 0 without one."""
    for tag in tags:
        if tag.startswith("since-"):
            return day_number(f"{tag.removeprefix('since-')}-01")
    return 0


def _one(rng, options):
    return options[int(rng.integers(len(options)))]


def fill(rng: np.random.Generator, text: str, slots: "Slots") -> str:
    """The text with one of each ``<a|b>`` and something in each ``{slot}``."""
    text = _CHOICE.sub(lambda match: _one(rng, match[1].split("|")), text)
    return _SLOT.sub(lambda match: slots[match[1]], text) if "{" in text else text


class Slots:
    """What goes into the slots of one text: the same word each time that a slot comes up in it."""

    def __init__(self, rng, places: "Places", day: int, branch: int, on=None):
        """``day`` and ``branch`` of the text; ``on`` gives titles of programs held there lately."""
        self._rng, self._places, self._on = rng, places, on or (lambda title: False)
        self._this_month = int(dates_of(np.array([day]))[0].astype("datetime64[M]").astype(int) % 12)
        self._branch = branch
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._known:
            make = getattr(self, f"_{name}", None)
            self._known[name] = make() if make else _one(self._rng, spoken("comments")["slot"][name])
        return self._known[name]

    def prefer(self, name: str, word: str) -> None:
        """Use this word in the slot, unless it is empty."""
        if word:
            self._known[name] = word

    def _here(self):
        return HERE[self._branch]

    def _town(self):
        return self._places.town

    def _place(self):
        return self._places.near(self._rng, self._branch)

    def _day(self):
        return _one(
            self._rng, ("Tuesday", "Tuesday", "Wednesday", "Thursday", "Thursday", "Friday", "Saturday")
        )

    def _weekday(self):
        return _one(self._rng, ("Tuesday", "Wednesday", "Thursday"))

    def _storyday(self):
        days = next(series["days"] for series in words()["program"] if series["title"] == "Toddler Storytime")
        return DAYS[_one(self._rng, days)]

    def _month(self):
        return MONTHS[(self._this_month - int(self._rng.integers(1, 6))) % 12]

    def _now(self):
        return SEASONS[(self._this_month + 1) % 12 // 3]

    def _season(self):
        return SEASONS[((self._this_month + 1) % 12 // 3 - 1) % 4]

    def _adultprogram(self):
        series = spoken("comments")["slot"]["adultprogram"]
        held = [said for title, said in series if self._on(title)]
        return _one(self._rng, held or [said for _, said in series])

    def _program(self):
        return self._held("program")

    def _kidsprogram(self):
        return self._held("kidsprogram")

    def _teenprogram(self):
        return self._held("teenprogram")

    def _held(self, kind):
        series = spoken("comments")["slot"][kind]
        return _one(self._rng, [title for title in series if self._on(title)] or series)


class Places:
    """Names in town: of the town, and of neighborhoods by the building that is nearest."""

    def __init__(self, town: str, name: np.ndarray, miles: np.ndarray):
        self.town = town
        nearest = miles.argmin(axis=1)
        self._near = [list(name[nearest == building]) or list(name) for building in range(3)]
        # Where the bookmobile goes: far from all three.
        self._near.append(list(name[miles.min(axis=1) >= np.median(miles.min(axis=1))]))

    def near(self, rng, branch: int) -> str:
        """A neighborhood from which people go to this branch."""
        return _one(rng, self._near[branch])


class Deck:
    """Cards dealt in a random order, each a few times at most."""

    def __init__(self, rng, entries, often: int = OFTEN):
        self._left = [entry for _ in range(often) for entry in rng.permutation(len(entries))][::-1]
        self._entries = [_framing(entry) for entry in entries]

    def deal(self, fits) -> str:
        """The next sentence that fits; empty if there is none."""
        for place in range(len(self._left) - 1, max(len(self._left) - 12, 0) - 1, -1):
            entry = self._entries[self._left[place]]
            if fits(*entry):
                del self._left[place]
                return entry[1]
        return ""


@functools.cache
def _framing(entry: str) -> tuple[tuple[str, ...], str]:
    return tagged(entry)


class Composer:
    """Puts comments together. Keeps count, so that no two of a library are alike."""

    def __init__(self, rng: np.random.Generator, places: Places):
        self._rng, self._places = rng, places
        text = spoken("comments")
        self._openings = {name: Deck(rng, entries) for name, entries in text["opening"].items()}
        self._endings = {name: Deck(rng, entries) for name, entries in text["ending"].items()}
        self._said: set[str] = set()

    def compose(self, remark: Remark, source: str, day: int, branch: int, on) -> str:
        """The text of one comment."""
        for attempt in range(20):
            # Where only one program was held lately, another one must do.
            text = self._compose(remark, source, day, branch, on if attempt < 10 else None)
            if (plain := normal(text)) not in self._said:
                break
        self._said.add(plain)
        return text

    def _compose(self, remark, source, day, branch, on):
        rng = self._rng
        slots = Slots(rng, self._places, day, branch, on)
        core, voice = fill(rng, remark.text, slots), remark.voice
        # A long remark needs no frame, and irony bears none.
        short = (
            len(re.findall(r"[.?!](?: |$)", core)) <= 2 and "bare" not in remark.tags and not remark.ironic
        )
        opening = ending = ""
        if short and rng.random() < OPENS[voice]:
            opening = fill(rng, self._opening(remark, source, core), slots)
        if short and not opening and rng.random() < ENDS[voice]:
            ending = fill(rng, self._ending(remark, core), slots)
        if opening.endswith(","):  # a letter goes on in lower case
            core = _ARTICLE.sub(lambda match: match[0].lower(), core)
        text = " ".join(part for part in (opening, core, ending) if part)
        return self._write(text, voice, remark)

    def _opening(self, remark, source, core) -> str:
        low, tone = core.lower(), TONES[remark.tone]

        def fits(tags, _):
            if "box" in tags and source != "comment box" or "survey" in tags and source != "survey":
                return False
            return not any(
                word in low or word in remark.text for word in tags if word not in ("not", "box", "survey")
            )

        if remark.voice and (remark.voice != "parent" or self._rng.random() < 0.6):
            return self._openings[remark.voice].deal(fits)
        if source == "survey" and self._rng.random() < 0.4:
            deck = "survey_negative" if tone == "negative" and self._rng.random() < 0.3 else "survey"
        else:
            deck = tone if self._rng.random() < 0.3 else "any"
        return self._openings[deck].deal(fits)

    def _ending(self, remark, core) -> str:
        low, tone = core.lower(), TONES[remark.tone]

        def fits(_, text):
            return not any(word[:5] in low for word in re.findall(r"[a-z]{5,}", text.lower()))

        voice = remark.voice
        if "thank" in low or (voice == "teen" and tone == "mixed"):
            return ""
        if voice and voice != "parent":
            return self._endings[f"{voice}_{'positive' if tone == 'positive' else 'negative'}"].deal(fits)
        return self._endings[tone].deal(fits)

    def _write(self, text: str, voice: str, remark) -> str:
        rng = self._rng
        if voice == "teen":
            return text
        text = _START.sub(lambda match: match[1] + match[2].upper(), text)
        if voice or remark.ironic:
            return text
        manner = MANNERS[int(np.searchsorted(np.cumsum(MANNER_ODDS)[:-1], rng.random()))]
        if manner == "lower":
            text = text.lower()
            return text[:-1] if text.endswith(".") and rng.random() < 0.7 else text
        if manner == "slip":
            pairs = spoken("comments")["typo"]["pairs"]
            for row in rng.permutation(len(pairs)):
                right, wrong = pairs[row]
                if re.search(rf"\b{right}\b", text):
                    return re.sub(rf"\b{right}\b", wrong, text, count=1)
            return text[:-1] if text.endswith(".") else text
        if manner == "loud" and text.endswith("."):
            return text[:-1] + _one(rng, ("!", "!", "!!"))
        return text


def normal(text: str) -> str:
    """A text without capitals and signs, to compare it with others."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def places_of(library) -> Places:
    """The town, as people speak of it."""
    return Places(library.name, library._town.name, library._town.miles)


class Held:
    """Which series of programs were held at a branch in the months before a day."""

    def __init__(self, library, months: int = 4):
        held = library._held
        titles = [series["title"] for series in words()["program"]]
        self._days: dict[tuple[int, str], np.ndarray] = {}
        for branch in range(3):
            for number, title in enumerate(titles):
                self._days[branch, title] = held.day[(held.branch == branch) & (held.series == number)]
        self._back = round(months * 30.4)

    def on(self, branch: int, day: int):
        """A function of the title: whether it was held there lately."""

        def held(title: str) -> bool:
            days = self._days.get((min(int(branch), 2) if branch < 3 else 0, title))
            return days is not None and bool(
                np.searchsorted(days, day, side="right") > np.searchsorted(days, day - self._back)
            )

        return held
