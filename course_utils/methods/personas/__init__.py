"""Personas: whom they fit, how spread these people are, whom they leave out, and what each of their claims rests on."""

import dataclasses
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course_utils.errors import CourseError
from course_utils.kit import write_whole
from course_utils.messages import say
from course_utils.tables import AS_OF
from course_utils.transfer import transferable

SMALLEST_GROUP = 10
"""Nothing is said about fewer people than these: they could be recognized."""

ATTRIBUTES = {
    "segment": "yearly_use",
    "borrows mostly": "checkouts",
    "borrows for": "checkouts",
    "takes print home": "checkouts",
    "comes to programs": "attendance",
    "household comes": "attendance",
    "uses the computers": "computer_sessions",
    "preferred_contact": "patrons",
    "distance": "households",
    "home_branch": "patrons",
    "category": "patrons",
    "age_band": "patrons",
    "language": "patrons",
}
"""What a persona may be made of, and the table in which it was counted."""

MEASURES = {"checkouts": "checkouts", "programs": "attendance", "sessions": "computer_sessions"}
"""How often somebody did a thing in the last 12 months, and the table in which it was counted."""

SHOWN_CARDS = ("comes to programs", "household comes", "programs")
"""Counted by cards shown at the door. Not everybody shows one, so at least as many came as these say."""

COMMON, TIMES = 0.5, 1.25
"""A belief is common from this share of the people meant, and telling from so many times the share of everybody."""

WHO_THEY_ARE = ("distance", "home_branch", "category", "age_band", "language")
"""Attributes of people rather than of what they do."""

NEEDS_A_PURPOSE = ("category", "age_band", "language")
"""Only with a purpose that is written down. The kind of card goes by age, so it is one of them."""

SENSITIVE = ("health", "religion", "money owed", "fines", "income", "race", "ethnicity", "politics")
"""In no persona, whatever the purpose."""

MEASURED, HEARD, ASSUMED = "measured", "heard", "assumed"
KINDS = (MEASURED, HEARD, ASSUMED)

HOLDS, FALLS, OPEN, FOUND, UNCHECKED = "holds", "doesn't hold", "can't say", "found", "not checked"
"""What the tables and the voices say of a claim."""

SOUND = {MEASURED: HOLDS, HEARD: FOUND, ASSUMED: UNCHECKED}

KEEP, TRUE_OF_MOST, CLUE, DROP = "keep", "true of most", "a clue", "drop"
"""What becomes of a belief: common and telling, only common, only telling, neither. Or OPEN."""

NEAR = 0.00051  # a share that was rounded to three places is still the same
NEAR_A_PERCENTAGE = 0.0051  # one is given without decimal places
LONGEST_NAME, LONGEST_TEXT, MOST_CLAIMS = 80, 1_000, 40
OF_A_VOICE = 160  # characters that are quoted of a voice
_VOICE = re.compile(
    r"(?:interview (?P<interview>\d{1,6}), turn (?P<turn>\d{1,6})|comment (?P<comment>\d{1,9}))"
)
_SWEEPING = re.compile(
    r"\b(all|always|never|every|everybody|everyone|nobody|typical|typically|of course)\b", re.I
)
_TOUCHY = re.compile(
    r"\b(health\w*|ill|illness\w*|sick\w*|disab\w*|depress\w*|relig\w*|church\w*|mosque\w*|synagogue\w*|fined|fines|debts?"
    r"|owes?|owed|poor|poverty|race|racial|ethnic\w*|immigra\w*)\b",
    re.I,
)


class PersonaError(ValueError):
    """A persona that is none, said in one sentence and without a stack trace."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@transferable
@dataclass(frozen=True)
class Claim:
    """One thing that is said of a persona, and what it rests on.

    ``kind`` is one of :data:`KINDS`.

    - measured: ``figure`` is the share (0 to 1) of the persona's people who have the ``value`` of the ``attribute``;
      or, without a ``value``, the middle of a measure among them. ``source`` is the table in which it was counted.
    - heard: ``source`` is ``"interview 3, turn 6"`` or ``"comment 17"``.
    - assumed: nothing more.

    Raises
    ------
    PersonaError
        A ValueError, if a part is not of its type, too long, or the kind is unknown.
    """

    says: str
    kind: str
    source: str = ""
    attribute: str = ""
    value: str = ""
    figure: float | None = None

    def __post_init__(self):
        for part in ("says", "kind", "source", "attribute", "value"):
            _text(getattr(self, part), say("persona.part_of_claim", part=part))
        if not self.says.strip():
            raise PersonaError(say("persona.claim_empty"))
        if self.kind not in KINDS:
            raise PersonaError(say("persona.claim_kind", kind=repr(self.kind), kinds=", ".join(KINDS)))
        if self.figure is not None:
            if isinstance(self.figure, bool) or not _is_a_number(self.figure):
                raise PersonaError(say("persona.claim_figure", figure=repr(self.figure)))
            object.__setattr__(self, "figure", float(self.figure))


@transferable
@dataclass(frozen=True)
class Persona:
    """A drawing of a group of people, with what it rests on.

    ``attributes`` is what makes somebody one of these people: a value for each attribute, all of which must fit.
    ``purpose`` says what the persona is for, ``not_represented`` whom it does not speak for. ``anti`` marks an
    anti-persona. The parts may come in any order, and ``claims`` as a list.

    Raises
    ------
    PersonaError
        A ValueError, if a part is not of its type or too long.
    """

    name: str
    attributes: dict[str, str] = dataclasses.field(default_factory=dict)
    purpose: str = ""
    claims: tuple[Claim, ...] = ()
    not_represented: str = ""
    anti: bool = False

    def __post_init__(self):
        _text(self.name, say("persona.part_of_persona", part="name"), LONGEST_NAME)
        _text(self.purpose, say("persona.part_of_persona", part="purpose"))
        _text(self.not_represented, say("persona.part_of_persona", part="not_represented"))
        if type(self.anti) is not bool:
            raise PersonaError(say("persona.anti"))
        if not isinstance(self.attributes, Mapping) or len(self.attributes) > len(ATTRIBUTES):
            raise PersonaError(say("persona.attributes"))
        for attribute, value in self.attributes.items():
            _text(attribute, say("persona.attribute_name"), LONGEST_NAME)
            _text(value, say("persona.attribute_value", attribute=attribute), LONGEST_NAME)
        claims = (self.claims,) if isinstance(self.claims, Claim) else self.claims
        if not isinstance(claims, list | tuple) or len(claims) > MOST_CLAIMS:
            raise PersonaError(say("persona.claims", most=MOST_CLAIMS))
        if not all(isinstance(claim, Claim) for claim in claims):
            raise PersonaError(say("persona.no_claim"))
        object.__setattr__(self, "attributes", dict(self.attributes))
        object.__setattr__(self, "claims", tuple(claims))


# Facts ------------------------------------------------------------------------------------------------------


def facts(
    patrons: pd.DataFrame,
    households: pd.DataFrame,
    checkouts: pd.DataFrame,
    attendance: pd.DataFrame,
    computer_sessions: pd.DataFrame,
    yearly_use: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """What a persona can be held against: one row per patron who was active in the last 12 months.

    The tables are those of a library; ``yearly_use`` must hold the year that ends on ``as_of``.

    Returns
    -------
    By ``patron_id``, texts for each of :data:`ATTRIBUTES`, as ``staff_personas`` means them, and whole numbers
    (times in 12 months) for each of :data:`MEASURES`. *distance* is within 1 mile or farther; *borrows mostly* and
    *borrows for* are those of most checkouts, without renewals, and ``nothing`` without any. Somebody *comes to
    programs* if the own card was shown at one, and their household does if any card at the address was.

    Raises
    ------
    ValueError
        If a ``patron_id`` comes twice, or a patron's household is not among the households.
    """
    if not patrons["patron_id"].is_unique:
        raise ValueError("a patron_id comes twice in patrons")
    since = as_of - pd.DateOffset(months=12)
    active = patrons[patrons["last_use"] > since].set_index("patron_id")
    miles = active["household_id"].map(households.set_index("household_id")["miles"])
    if miles.isna().any():
        raise ValueError("a patron's household is not among the households")
    lent = checkouts[(checkouts["date"] > since) & (checkouts["transaction_type"] == "checkout")]
    lent = lent[lent["patron_id"].isin(active.index)]
    came = attendance.loc[attendance["date"] > since, "patron_id"]
    sat = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"].dropna()

    def mostly(column: str) -> pd.Series:
        counts = lent.groupby(["patron_id", column], observed=False).size().unstack(fill_value=0)
        most = counts.idxmax(axis="columns") if len(counts) else pd.Series(dtype=object)
        return most.astype(str).reindex(active.index, fill_value="nothing")

    def times(ids: pd.Series) -> pd.Series:
        return ids.astype("int64").value_counts().reindex(active.index, fill_value=0)

    home = patrons.set_index("patron_id")["household_id"]
    came_from = home[home.index.isin(came.astype("int64"))]

    def yes(told: pd.Series) -> pd.Series:
        return told.map({True: "yes", False: "no"})

    latest = yearly_use[yearly_use["year"] == as_of.year].set_index("patron_id")["segment_by_rule"]
    physical = times(lent.loc[lent["usage_class"] == "physical", "patron_id"])
    found = {
        "segment": latest.astype(str).reindex(active.index, fill_value="unknown"),
        "borrows mostly": mostly("material_type"),
        "borrows for": mostly("audience"),
        "takes print home": yes(physical > 0),
        "comes to programs": yes(times(came) > 0),
        "household comes": yes(active["household_id"].isin(came_from)),
        "uses the computers": yes(times(sat) > 0),
        "distance": (miles <= 1).map({True: "within 1 mile", False: "farther"}),
        "checkouts": times(lent["patron_id"]),
        "programs": times(came),
        "sessions": times(sat),
    }
    plain = {name: active[name].astype(str) for name in ATTRIBUTES if name in active}
    return pd.DataFrame({**found, **plain})[[*ATTRIBUTES, *MEASURES]]


def facts_of(library) -> pd.DataFrame:
    """The table of :func:`facts` for a :class:`~course_utils.library.Library`: made once, and given as a fresh copy."""
    names = ("patrons", "households", "checkouts", "attendance", "computer_sessions", "yearly_use")
    made = library.once(
        "personas: facts", lambda library: facts(*map(library.__getitem__, names), as_of=AS_OF)
    )
    return made.copy(deep=False)


# The audit --------------------------------------------------------------------------------------------------


def matches(facts: pd.DataFrame, attributes: Mapping[str, str]) -> pd.Series:
    """Who has every one of the ``attributes``: True or False for each row of ``facts``. Without any, everybody.

    Raises
    ------
    ValueError
        If ``facts`` has no such attribute.
    """
    fits = pd.Series(True, index=facts.index)
    for attribute, value in attributes.items():
        if attribute not in facts:
            raise ValueError(f"there is no attribute {attribute!r}")
        fits &= facts[attribute] == value
    return fits


def joint_match(facts: pd.DataFrame, attributes: Mapping[str, str]) -> pd.DataFrame:
    """How many people are left as one attribute after the other is asked for.

    Returns
    -------
    One row per attribute, in the order given: ``value``, ``alone`` (people who have this attribute) and ``together``
    (people who have it and all those above it).
    """
    rows, asked = [], {}
    for attribute, value in attributes.items():
        asked[attribute] = value
        alone, together = matches(facts, {attribute: value}).sum(), matches(facts, asked).sum()
        rows.append((attribute, value, int(alone), int(together)))
    return pd.DataFrame(rows, columns=["attribute", "value", "alone", "together"]).set_index("attribute")


def nearness(facts: pd.DataFrame, attributes: Mapping[str, str]) -> pd.Series:
    """How many people have so many of the ``attributes``, whichever they are.

    Returns
    -------
    Numbers of people by number of attributes, from all of them down to none.

    Raises
    ------
    ValueError
        If ``facts`` has no such attribute.
    """
    has = sum((matches(facts, {name: value}).astype(int) for name, value in attributes.items()), start=0)
    counts = pd.Series(has, index=facts.index).value_counts()
    return counts.reindex(range(len(attributes), -1, -1), fill_value=0)


def covered(facts: pd.DataFrame, groups: Iterable[Mapping[str, str]]) -> pd.Series:
    """Who is in at least one of the ``groups``, each given by its attributes. Its mean is the coverage, 0 to 1."""
    found = pd.Series(False, index=facts.index)
    for attributes in groups:
        found |= matches(facts, attributes)
    return found


def spread(facts: pd.DataFrame, who: pd.Series, measure: str) -> pd.Series:
    """How far apart people are in a measure: ``people``, and the ends and the middle of the middle half.

    Parameters
    ----------
    who : True or False for each row of ``facts``.
    measure : a column of numbers.

    Returns
    -------
    ``people``, ``low`` (a quarter are below), ``middle`` (the median) and ``high`` (a quarter are above), in the unit
    of the measure; missing for nobody. Quartiles are those of linear interpolation (Hyndman and Fan 1996, type 7).
    """
    kept = facts.loc[who, measure]
    low, middle, high = kept.quantile([0.25, 0.5, 0.75])
    return pd.Series({"people": len(kept), "low": low, "middle": middle, "high": high}, name=measure)


def summary(persona: "Persona", facts: pd.DataFrame) -> pd.Series:
    """What a card says of its people: ``people``, ``everyone``, ``share``, and the spread of their checkouts.

    ``low``, ``middle`` and ``high`` are those of :func:`spread`; an attribute that was not counted fits nobody.
    """
    who = _people(persona, facts)
    share = float(who.mean()) if len(who) else 0.0
    counts = {"people": int(who.sum()), "everyone": len(facts), "share": share}
    return pd.Series({**spread(facts, who, "checkouts").to_dict(), **counts})


def excluded(facts: pd.DataFrame, who: pd.Series, by: str) -> pd.DataFrame:
    """Whom a group leaves out, by the values of an attribute.

    Returns
    -------
    One row per value, the largest first: ``people``, ``left_out`` (of them) and ``share`` (0 to 1).
    Values with fewer than :data:`SMALLEST_GROUP` people are put together as ``"fewer than 10 each"``.
    """
    sizes = facts[by].value_counts()
    few = sizes.index[sizes < SMALLEST_GROUP]
    label = facts[by].where(~facts[by].isin(few), say("persona.few_each", number=SMALLEST_GROUP))
    groups = (~who).groupby(label)
    table = pd.DataFrame({"people": groups.size(), "left_out": groups.sum()})
    table["share"] = table["left_out"] / table["people"]
    return table.sort_values("people", ascending=False, kind="stable")


def beliefs(facts: pd.DataFrame, assumed: pd.DataFrame) -> pd.DataFrame:
    """What becomes of assumed personas when they are counted.

    Parameters
    ----------
    assumed : as ``staff_personas``: one row per ``persona`` and ``attribute``, with what is ``believed``, whether it
        ``defines`` the persona, and the ``assumed_share`` (0 to 1) of the active.

    Returns
    -------
    One row per row of ``assumed``: ``persona``, ``attribute``, ``believed``, ``defines``, ``share`` (of those who fit
    what defines the persona, how many have it, 0 to 1; missing for nobody), ``everybody`` (the same among all active),
    ``lift`` (``share`` ÷ ``everybody``; missing where nobody has it), ``at_least`` (whether it was counted by
    :data:`SHOWN_CARDS`), ``verdict`` (see :func:`verdict`), ``core`` (people who fit what defines it), ``all`` (people who
    have every attribute), ``assumed_share`` and ``true_share`` (core ÷ all active).
    """
    rows = []
    for persona, part in assumed.groupby("persona", observed=True, sort=False):
        wanted = dict(zip(part["attribute"], part["believed"], strict=True))
        defining = part[part["defines"]]
        core = matches(facts, dict(zip(defining["attribute"], defining["believed"], strict=True)))
        whole = int(matches(facts, wanted).sum())
        for line in part.itertuples():
            share = figure_of(facts, core, line.attribute, line.believed)
            share, everybody, lift = _compared(facts, share, line.attribute, line.believed)
            at_least = line.attribute in SHOWN_CARDS and line.believed == "yes"
            rows.append(
                (persona, line.attribute, line.believed, bool(line.defines), share, everybody, lift, at_least)
                + (
                    verdict(share, lift, at_least=at_least),
                    int(core.sum()),
                    whole,
                    line.assumed_share,
                    core.mean(),
                )
            )
    columns = ["persona", "attribute", "believed", "defines", "share", "everybody", "lift", "at_least"]
    return pd.DataFrame(rows, columns=[*columns, "verdict", "core", "all", "assumed_share", "true_share"])


def verdict(share: float, lift: float, *, at_least: bool = False) -> str:
    """What becomes of a belief about some people.

    Parameters
    ----------
    share : how many of these people it is true of, 0 to 1.
    lift : ``share`` ÷ the share of everybody.
    at_least : whether the share is only a lower bound; then a small one cannot say that the belief is wrong.

    Returns
    -------
    KEEP from a share of :data:`COMMON` and a lift of :data:`TIMES`, TRUE_OF_MOST and CLUE from one of the two only,
    and else DROP, or OPEN for a lower bound.
    """
    if share >= COMMON:
        return KEEP if lift >= TIMES else TRUE_OF_MOST
    if lift >= TIMES:
        return CLUE
    return OPEN if at_least else DROP


def _compared(
    facts: pd.DataFrame, share: float | None, attribute: str, value: str
) -> tuple[float, float, float]:
    """The share, that of everybody, and how many times as large the first is; missing where there is nobody."""
    share = math.nan if share is None else share
    everybody = float((facts[attribute] == value).mean())
    return share, everybody, share / everybody if everybody else math.nan


# What a persona rests on ------------------------------------------------------------------------------------


def ledger(
    persona: Persona,
    facts: pd.DataFrame,
    interviews: pd.DataFrame | None = None,
    comments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The evidence ledger: each claim with what it rests on, counted again or looked up.

    Parameters
    ----------
    facts : the table of :func:`facts`; the persona's people are those of it whom its attributes fit.
    interviews, comments : tables with ``interview_id``, ``turn``, ``speaker`` and with ``comment_id``; without them a
        voice is not looked up.

    Returns
    -------
    One row per claim: ``says``, ``kind``, ``source``, ``voice`` (its first words, for a heard claim), ``value`` (empty for
    a measure), ``figure``, ``found`` (the figure counted again), ``everybody`` (that of everybody) and ``lift`` (``found``
    ÷ ``everybody``) for a share, ``verdict`` and ``why`` not. A measured claim is HOLDS, FALLS, or OPEN for a larger figure
    than the cards shown at the door can tell of; a heard one is FOUND or FALLS, and an assumed one UNCHECKED.
    """
    rows = []
    who = _people(persona, facts)
    for claim in persona.claims:
        voice, found, why, everybody, lift = "", None, "", None, None
        if claim.kind == MEASURED:
            found, why = _counted_again(claim, facts, who)
            if found is not None and claim.attribute in ATTRIBUTES:
                _, everybody, lift = _compared(facts, found, claim.attribute, claim.value)
        elif claim.kind == HEARD:
            voice, why = _looked_up(claim, interviews, comments)
        rows.append(
            (claim.says, claim.kind, claim.source, voice, claim.value, claim.figure, found, everybody, lift)
            + (OPEN if why == say("persona.why_shown") else FALLS if why else SOUND[claim.kind], why)
        )
    columns = ["says", "kind", "source", "voice", "value", "figure", "found", "everybody", "lift"]
    numbers = dict.fromkeys(("figure", "found", "everybody", "lift"), float)
    return pd.DataFrame(rows, columns=[*columns, "verdict", "why"]).astype(numbers)


def figure_of(facts: pd.DataFrame, who: pd.Series, attribute: str, value: str = "") -> float | None:
    """The share of these people who have the ``value``; of a measure, without one, the middle. None for nobody.

    Raises
    ------
    ValueError
        If there is no such attribute, or a value is missing or one too many.
    """
    if attribute in MEASURES and not value:
        kept = facts.loc[who, attribute]
        return float(kept.median()) if len(kept) else None
    if attribute not in ATTRIBUTES or not value:
        raise ValueError(f"no figure of {attribute!r} with the value {value!r}")
    return float((facts.loc[who, attribute] == value).mean()) if who.any() else None


def problems(persona: Persona, facts: pd.DataFrame) -> list[str]:
    """What must not be so, one sentence each: a sensitive or unknown attribute, no purpose, too few people, a measured
    claim that is true by definition.
    """
    return _unusable(persona, facts) + _by_definition(persona)


def _by_definition(persona: Persona) -> list[str]:
    return [
        say("persona.by_definition", attribute=claim.attribute, says=first_words(claim.says))
        for claim in persona.claims
        if claim.kind == MEASURED and claim.attribute in ATTRIBUTES and claim.attribute in persona.attributes
    ]


def _unusable(persona: Persona, facts: pd.DataFrame) -> list[str]:
    said, can_be_counted = [], True
    for attribute in [*persona.attributes, *(claim.attribute for claim in persona.claims if claim.attribute)]:
        if any(word in attribute.casefold().replace("_", " ") for word in SENSITIVE):
            said.append(say("persona.sensitive", attribute=attribute))
            can_be_counted = False
        elif attribute not in ATTRIBUTES and (attribute not in MEASURES or attribute in persona.attributes):
            said.append(say("persona.unknown", attribute=attribute))
            can_be_counted = False
        elif attribute in NEEDS_A_PURPOSE and not persona.purpose.strip():
            said.append(say("persona.purpose", attribute=attribute))
    for attribute, value in persona.attributes.items():
        known = _values(facts, attribute)
        if known and value not in known:
            said.append(say("persona.never", attribute=attribute, value=value, known=", ".join(known)))
            can_be_counted = False
    said = list(dict.fromkeys(said))
    if not persona.attributes:
        said.append(say("persona.everybody"))
    elif can_be_counted:
        people = int(_people(persona, facts).sum())
        if people < SMALLEST_GROUP:
            said.append(say("persona.too_few", people=people, fewest=SMALLEST_GROUP))
    return said


def mistakes(
    persona: Persona, facts: pd.DataFrame, interviews: pd.DataFrame, comments: pd.DataFrame
) -> dict[str, str]:
    """What a persona gets wrong: a short name for each mistake, and a sentence that says what to mend.

    Empty for a persona that may be used, all of whose claims stand.
    """
    said = {}
    if mend := _unusable(persona, facts):
        said["not to be used as it is"] = " ".join(mend)
    if mend := _by_definition(persona):
        said["true by definition"] = " ".join(mend)
    book = ledger(persona, facts, interviews, comments)
    falls = book[book["why"] != ""]
    shares = falls[(falls["kind"] == MEASURED) & (falls["value"] != "")]
    is_percentage = (shares["figure"] / 100 - shares["found"]).abs() <= NEAR_A_PERCENTAGE
    if which := _named(shares.loc[is_percentage & (shares["figure"] > 1), "says"]):
        said["a percentage"] = say("persona.percentage", which=which)
    is_everybodys = [_is_everybodys(persona.claims[row], facts) for row in shares.index]
    if which := _named(shares.loc[is_everybodys, "says"]):
        said["among everybody"] = say("persona.among_everybody", which=which)
    for kind in (MEASURED, HEARD):
        if lines := [fallen(line) for line in falls[falls["kind"] == kind].itertuples()]:
            said[f"{kind}, and not so"] = " ".join([*lines, say("persona.look_in_ledger")])
    return said


def fallen(line) -> str:
    """Of a line of :func:`ledger` that does not hold: which claim it is, and why not."""
    return say("persona.does_not_stand", kind=line.kind, claim=first_words(line.says), why=line.why)


def _named(claims: Iterable[str]) -> str:
    return " and ".join(f"“{first_words(says)}”" for says in claims)


def signs(
    persona: Persona,
    facts: pd.DataFrame,
    interviews: pd.DataFrame | None = None,
    comments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The bias meter: signs of bias that show in the form of a persona. It is crude, and sees no meaning.

    Returns
    -------
    One row per ``sign``, with ``seen`` (True or False).
    """
    kinds = [claim.kind for claim in persona.claims]
    words = " ".join([persona.name, *(claim.says for claim in persona.claims)])
    are = sum(attribute in WHO_THEY_ARE for attribute in persona.attributes)
    book = ledger(persona, facts, interviews, comments)
    rows = {
        say("persona.sign_unusable"): bool(problems(persona, facts)),
        say("persona.sign_who"): are * 2 > len(persona.attributes),
        say("persona.sign_no_measured"): MEASURED not in kinds,
        say("persona.sign_no_heard"): HEARD not in kinds,
        say("persona.sign_assumed"): kinds.count(ASSUMED) * 2 >= max(len(kinds), 1),
        say("persona.sign_falls"): bool((book["why"] != "").any()),
        say("persona.sign_anybody"): bool((book["lift"].sub(1).abs() < TIMES - 1).any()),
        say("persona.sign_sweeping"): bool(_SWEEPING.search(words)),
        say("persona.sign_touchy"): bool(_TOUCHY.search(words)),
        say("persona.sign_represents"): not persona.not_represented.strip(),
    }
    return pd.DataFrame({"sign": list(rows), "seen": list(rows.values())})


def _people(persona: Persona, facts: pd.DataFrame) -> pd.Series:
    """Whom its attributes fit; an attribute that was not counted fits nobody."""
    if set(persona.attributes) <= set(ATTRIBUTES):
        return matches(facts, persona.attributes)
    return pd.Series(False, index=facts.index)


def _values(facts: pd.DataFrame, attribute: str) -> list[str]:
    """The values that an attribute has among these people; none for what is no attribute."""
    return sorted(facts[attribute].unique()) if attribute in ATTRIBUTES else []


def _counted_again(claim: Claim, facts: pd.DataFrame, who: pd.Series) -> tuple[float | None, str]:
    table = {**ATTRIBUTES, **MEASURES}.get(claim.attribute)
    if table is None:
        return None, say("persona.why_unknown")
    try:
        found = figure_of(facts, who, claim.attribute, claim.value)
    except ValueError:
        return None, say("persona.why_needs_value")
    if claim.value and len(facts) and claim.value not in (known := _values(facts, claim.attribute)):
        return found, say(
            "persona.why_never", attribute=claim.attribute, value=claim.value, known=", ".join(known)
        )
    if claim.figure is None:
        return found, say("persona.why_no_figure")
    if found is None:
        return None, say("persona.why_nobody")
    if claim.value and not 0 <= claim.figure <= 1:
        return found, say("persona.why_not_a_share")
    if not claim.value and not 0 <= claim.figure <= facts[claim.attribute].max():
        return found, say("persona.why_impossible", attribute=claim.attribute)
    why = [say("persona.why_other_table", table=table)] if claim.source.strip() != table else []
    if abs(claim.figure - found) > NEAR:
        is_rounded = claim.value and any(abs(round(found, places) - claim.figure) < 1e-9 for places in (1, 2))
        shown = claim.attribute in SHOWN_CARDS and claim.value in ("", "yes") and claim.figure > found
        reason = "why_rounded" if is_rounded else "why_shown" if shown and not why else "why_other_figure"
        why.append(say(f"persona.{reason}"))
    return found, "; ".join(why)


def _is_everybodys(claim: Claim, facts: pd.DataFrame) -> bool:
    """Whether the figure of a share is that of everybody, not of the persona's people."""
    if claim.figure is None or claim.attribute not in ATTRIBUTES:
        return False
    return abs(claim.figure - (facts[claim.attribute] == claim.value).mean()) <= NEAR


def _looked_up(claim: Claim, interviews, comments) -> tuple[str, str]:
    """The first words of the voice, and why the claim does not stand."""
    voice = _VOICE.fullmatch(claim.source.strip().casefold())
    if voice is None:
        return "", say("persona.why_no_voice")
    if voice["comment"]:
        if comments is None:
            return "", ""
        found = comments.loc[comments["comment_id"] == int(voice["comment"]), "text"]
        return (
            ("", say("persona.why_no_comment"))
            if found.empty
            else (first_words(found.iloc[0], OF_A_VOICE), "")
        )
    if interviews is None:
        return "", ""
    turn = interviews[
        (interviews["interview_id"] == int(voice["interview"])) & (interviews["turn"] == int(voice["turn"]))
    ]
    if turn.empty:
        return "", say("persona.why_no_turn")
    spoke = (turn["speaker"] == "patron").all()
    return first_words(turn["text"].iloc[0], OF_A_VOICE), "" if spoke else say("persona.why_interviewer")


# Files ------------------------------------------------------------------------------------------------------


def to_json(persona: Persona) -> str:
    """The persona as a text, which :func:`from_json` reads again."""
    return json.dumps(
        {"kind": "persona", "version": 1, **dataclasses.asdict(persona)}, ensure_ascii=False, indent=1
    )


def from_json(text: str) -> Persona:
    """The persona that :func:`to_json` wrote.

    Raises
    ------
    PersonaError
        If the text is not one.
    """
    try:
        parts = json.loads(text)
        if parts.pop("kind") != "persona" or parts.pop("version") != 1:
            raise PersonaError(say("persona.other_version"))
        claims = [Claim(**claim) for claim in parts.pop("claims")]
        return Persona(**parts, claims=tuple(claims))
    except PersonaError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PersonaError(say("persona.cut")) from None


def save_persona(persona: Persona, path: str | Path) -> Path:
    """Write the persona to a file.

    Raises
    ------
    CourseError
        If the file cannot be written.
    """
    path = Path(path)
    try:
        write_whole(path, to_json(persona) + "\n")
    except OSError as problem:
        raise CourseError(say("persona.not_written", file=path.name, why=problem.strerror)) from None
    return path


def open_persona(path: str | Path) -> Persona:
    """The persona in a file that :func:`save_persona` wrote.

    Raises
    ------
    CourseError
        If there is no such file, or it holds no persona.
    """
    path = Path(path)
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(say("persona.no_file", file=path.name)) from None
    except (OSError, UnicodeDecodeError, PersonaError):
        raise CourseError(say("persona.not_read", file=path.name)) from None


def first_words(text: str, most: int = 60) -> str:
    """The text, or as many of its first words as go into so many characters."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _text(value, what: str, longest: int = LONGEST_TEXT) -> None:
    if type(value) is not str:
        raise PersonaError(say("persona.not_a_text", what=what))
    if len(value) > longest:
        raise PersonaError(say("persona.too_long", what=what, longest=longest))


def _is_a_number(value) -> bool:
    try:
        return not isinstance(value, str | bytes) and math.isfinite(value)
    except (TypeError, OverflowError):
        return False
