"""The persona builder: choose what makes somebody a persona, see at once whom it fits, and what each claim rests on."""

import dataclasses
import html
import re
import time
from pathlib import Path

import ipywidgets
import pandas as pd

from course_utils.display import in_words
from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import Fold, two_columns
from course_utils.errors import CourseError
from course_utils.methods import personas
from course_utils.methods.personas import HEARD, MEASURED, Claim, Persona, charts

ANYONE = ""
SLOTS = {"First persona": 0, "Second persona": 1}
FIRST = (
    Persona("People who borrow for children", {"borrows for": "child"}),
    Persona("Not named yet", anti=True),
)
BY = {
    "Segment": "segment",
    "Home branch": "home_branch",
    "Distance": "distance",
    "Programs": "comes to programs",
    "Preferred contact": "preferred_contact",
}
WIDE = {"width": "98%"}
LABELLED = {"description_width": "11em"}
MOST_VOICES = 40
OVERTAKEN = 3.0  # seconds in which a press of the button may come before the sentence that was typed first
CRUDE = (
    "It's crude. It looks for signs in the form of a persona, and each sign counts as one. It can't see whether you "
    "listened, or whether a claim is kind or fair. So no signs doesn't mean no bias."
)
OWN = "{} is one of this persona's own attributes, so counting it says nothing new. Choose another under Counted."


class PersonaBuilder(StaticFallback):
    """Build two personas beside each other, and see whom they fit, whom they leave out, and what they rest on.

    Parameters
    ----------
    facts : the table of ``personas.facts``.
    interviews, comments : the tables of voices, for claims that were heard.

    Attributes
    ----------
    persona : the ``Persona`` that is being worked on.
    both : the two personas, as they stand.
    matches : True or False by ``patron_id``: whom the persona fits.
    """

    def __init__(self, facts: pd.DataFrame, interviews: pd.DataFrame, comments: pd.DataFrame):
        self._facts, self._interviews, self._comments = facts, interviews, comments
        self._everybody = pd.Series(True, index=facts.index)
        self._voices = _voices(interviews, comments)
        self.both, self._busy, self.matches = list(FIRST), False, self._everybody
        self._pressed = -OVERTAKEN

        self.slot = ipywidgets.Dropdown(options=SLOTS, description="Work on", style=LABELLED)
        self._known = {name: sorted(facts[name].unique(), key=_in_order) for name in personas.ATTRIBUTES}
        self.attributes = {
            name: ipywidgets.Dropdown(
                options=[("anyone", ANYONE), *zip(values, values, strict=True)],
                description=name,
                style=LABELLED,
                layout=WIDE,
            )
            for name, values in self._known.items()
        }
        self.name = self._line("Name", "what these people do, in a few words")
        self.purpose = self._line("Purpose", "what it's for, and why it needs age or language, if it does")
        self.not_represented = self._line("Does not represent", "whom it doesn't speak for")
        self.anti = ipywidgets.Checkbox(description="This is an anti-persona", indent=False)

        self.kind = ipywidgets.Dropdown(options=personas.KINDS, description="The claim is", style=LABELLED)
        self.says = self._line("It says", "one sentence")
        self.of = ipywidgets.Dropdown(
            options=[*personas.ATTRIBUTES, *personas.MEASURES], description="Counted", style=LABELLED
        )
        self.value = ipywidgets.Dropdown(description="With the value", style=LABELLED)
        self.figure = ipywidgets.HTML()
        self.find = self._line("Find a word", "in what was said or written, such as storytime")
        self.voice = ipywidgets.Dropdown(description="Voice", style=LABELLED, layout=WIDE)
        self.quote = ipywidgets.HTML()
        self.add_claim = ipywidgets.Button(description="Add the claim", button_style="primary")
        self.claims = ipywidgets.Dropdown(description="Claims so far", style=LABELLED, layout=WIDE)
        self.remove_claim = ipywidgets.Button(description="Remove the claim")

        self.file = self._line("File name", "")
        self.file.value = "my_persona"
        self.save_file = ipywidgets.Button(description="Save")
        self.open_file = ipywidgets.Button(description="Open")
        self.save_card = ipywidgets.Button(description="Save the card", tooltip="as a page and as a picture")
        self.show_code = ipywidgets.Button(description="Show as code")
        self.message = ipywidgets.HTML()

        self.by = ipywidgets.Dropdown(options=BY, description="Left out, by", style=LABELLED)
        self.answer, self.picture, self.left_out = (ipywidgets.HTML() for _ in range(3))
        self.meter, self.card, self.cards = (ipywidgets.HTML() for _ in range(3))

        parts = [self.name, self.purpose, self.not_represented, self.anti, *self.attributes.values()]
        for control in parts:
            control.observe(self._changed, names="value")
        self.slot.observe(self._switched, names="value")
        self.by.observe(self._show_left_out, names="value")
        self.says.observe(self._said, names="value")
        self.kind.observe(self._show_evidence, names="value")
        self.of.observe(self._offer_values, names="value")
        self.value.observe(self._show_figure, names="value")
        self.find.observe(self._offer_voices, names="value")
        self.voice.observe(self._show_quote, names="value")
        buttons = {
            self.add_claim: self._add,
            self.remove_claim: self._remove,
            self.save_file: self._save,
            self.open_file: self._open,
            self.save_card: self._print,
            self.show_code: self._as_code,
        }
        for button, act in buttons.items():
            button.on_click(lambda _, act=act: act())

        files = ipywidgets.HBox(
            [self.save_file, self.open_file, self.save_card, self.show_code], layout={"flex_flow": "wrap"}
        )
        claim = [self.kind, self.says, self.of, self.value, self.figure, self.find, self.voice, self.quote]
        controls = [
            self.slot,
            Fold("Who is it?", self.attributes.values(), opened=True),
            Fold("In words", [self.name, self.purpose, self.not_represented, self.anti]),
            Fold("What does it rest on?", [*claim, self.add_claim, self.claims, self.remove_claim]),
            Fold("Keep it", [self.file, files]),
            self.message,
        ]
        shown = [
            self.answer,
            self.card,
            Fold("How many are left at each step", [self.picture], opened=True),
            Fold("Whom does it leave out?", [self.by, self.left_out]),
            Fold("Signs of bias", [self.meter]),
        ]
        super().__init__([two_columns(controls, shown), self.cards])
        self.layout.max_width = "80em"
        self._offer_values()
        self._offer_voices()
        self._show_evidence()
        self._load(self.persona)

    @property
    def persona(self) -> Persona:
        return self.both[self.slot.value]

    def as_html(self) -> str:
        return f"{self.answer.value}{self.picture.value}{self.left_out.value}{self.meter.value}{self.cards.value or self.card.value}"

    # ---- changes

    def _changed(self, _=None) -> None:
        if self._busy:
            return
        chosen = {name: control.value for name, control in self.attributes.items() if control.value}
        # What was asked for first stays first: the stairs go down in that order.
        kept = {name: chosen[name] for name in self.persona.attributes if name in chosen}
        self._take(
            name=self.name.value,
            attributes={**kept, **chosen},
            purpose=self.purpose.value,
            not_represented=self.not_represented.value,
            anti=self.anti.value,
        )

    def _take(self, **parts) -> None:
        """The persona with these parts, if they make one."""
        try:
            self.both[self.slot.value] = dataclasses.replace(self.persona, **parts)
        except personas.PersonaError as problem:
            self._say(str(problem))
        else:
            self._say("")
            self._update()

    def _switched(self, _=None) -> None:
        self._load(self.persona)

    def _load(self, persona: Persona) -> None:
        """Bring the controls to what the persona says."""
        self._busy = True
        try:
            for name, control in self.attributes.items():
                wanted = persona.attributes.get(name, ANYONE)
                control.value = wanted if wanted in self._known[name] else ANYONE
            self.name.value, self.purpose.value = persona.name, persona.purpose
            self.not_represented.value, self.anti.value = persona.not_represented, persona.anti
        finally:
            self._busy = False
        self._update()

    def _update(self) -> None:
        facts, persona = self._facts, self.persona
        known = {name: value for name, value in persona.attributes.items() if name in personas.ATTRIBUTES}
        self.matches = personas.matches(facts, known)
        summary, book = self._read(persona)
        problems = "".join(f"<li>{html.escape(one)}</li>" for one in personas.problems(persona, facts))
        problems = problems and f"<p><strong>To fix:</strong></p><ul>{problems}</ul>"
        spread = (
            f"{self._nearly(known)}The middle half of them made {summary['low']:g} to {summary['high']:g} checkouts in "
            f"12 months. For everybody active, it's {self._all['low']:g} to {self._all['high']:g}."
            if summary["people"]
            else f"{self._nearly(known)}There is nobody left to describe."
        )
        self.answer.value = (
            f'<div role="status" style="line-height: 1.4"><p><strong>{summary["people"]:,.0f} people match</strong>, {summary["share"]:.1%} of '
            f"{summary['everyone']:,.0f} active. {spread}</p>{problems}</div>"
        )
        self.picture.value = charts.joint_picture(personas.joint_match(facts, known), len(facts))
        self._show_left_out()
        self._show_figure()
        _offer(
            self.claims, [(f"{number + 1}. {one.says}", number) for number, one in enumerate(persona.claims)]
        )
        self.remove_claim.disabled = not persona.claims
        self._show_meter(persona)
        self.card.value = charts.persona_card(persona, summary, book)
        both = [one for one in self.both if one.attributes or one.claims]
        self.cards.value = _side_by_side([charts.persona_card(one, *self._read(one)) for one in both])

    def _read(self, persona: Persona) -> tuple[pd.Series, pd.DataFrame]:
        return (
            personas.summary(persona, self._facts),
            personas.ledger(persona, self._facts, self._interviews, self._comments),
        )

    @property
    def _all(self) -> pd.Series:
        return personas.spread(self._facts, self._everybody, "checkouts")

    def _nearly(self, known: dict[str, str]) -> str:
        """How many miss just one of the attributes; nothing where that says nothing new."""
        if len(known) < 2:
            return ""
        near = int(personas.nearness(self._facts, known).iloc[1])
        return f"{near:,} more miss just one of the {len(known)} attributes. "

    def _show_left_out(self, _=None) -> None:
        table = personas.excluded(self._facts, self.matches, self.by.value)
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{html.escape(str(value))}</th><td>{line.people:,}</td>'
            f"<td>{line.left_out:,}</td><td>{line.share:.0%}</td></tr>"
            for value, line in zip(table.index, table.itertuples(), strict=True)
        )
        self.left_out.value = (
            f'<table style="border-spacing: 1em 0"><caption style="text-align: left">Left out, by '
            f"{html.escape(self.by.label.lower())}</caption><thead><tr><th></th>"
            '<th scope="col">people</th><th scope="col">left out</th><th scope="col">share</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _show_meter(self, persona: Persona) -> None:
        table = personas.signs(persona, self._facts, self._interviews, self._comments)
        seen = table.loc[table["seen"], "sign"]
        rows = "".join(f"<li>{html.escape(sign)}</li>" for sign in seen)
        count = f"{len(seen)} of {len(table)} signs"
        squares = "■" * len(seen) + "□" * (len(table) - len(seen))
        self.meter.value = f'<p><strong>{count}</strong> <span aria-hidden="true">{squares}</span></p><ul>{rows}</ul><p>{CRUDE}</p>'

    # ---- evidence

    def _show_evidence(self, _=None) -> None:
        """Only what the kind of claim needs."""
        for kind, controls in {
            MEASURED: (self.of, self.value, self.figure),
            HEARD: (self.find, self.voice, self.quote),
        }.items():
            for control in controls:
                control.layout.display = None if self.kind.value == kind else "none"

    def _offer_values(self, _=None) -> None:
        is_measure = self.of.value in personas.MEASURES
        values = [("the middle one", ANYONE)] if is_measure else self._known[self.of.value]
        _offer(self.value, values)
        self._show_figure()

    def _show_figure(self, _=None) -> None:
        found = self._figure()
        if self.of.value in self.persona.attributes:
            words = OWN.format(self.of.value)
        elif found is None:
            words = "Nobody matches, so there is nothing to count."
        elif self.value.value:
            everybody = personas.figure_of(self._facts, self._everybody, self.of.value, self.value.value)
            words = f"{found:.0%} of the people who match have this value. Of everybody active, it's {everybody:.0%}"
            words += f", so it's {found / everybody:.1f} times as common here." if everybody else "."
            if self.of.value in personas.SHOWN_CARDS:
                words += " It counts cards shown at the door, so it may well be more."
        else:
            words = f"Among the people who match, the middle number is {found:g}."
        self.figure.value = f"<p>{html.escape(words)}</p>"

    def _figure(self) -> float | None:
        if self.value.value is None:
            return None
        return personas.figure_of(self._facts, self.matches, self.of.value, self.value.value)

    def _offer_voices(self, _=None) -> None:
        word = self.find.value.strip().casefold()
        found = [
            (f"{source}: {personas.first_words(text, 70)}", source)
            for source, text in self._voices.items()
            if word in text.casefold()
        ]
        _offer(self.voice, found[:MOST_VOICES])
        self._show_quote()

    def _show_quote(self, _=None) -> None:
        said = self._voices.get(self.voice.value)
        self.quote.value = (
            f"<blockquote>{html.escape(said)}</blockquote>"
            if said
            else "<p>Nobody used this word. Try another one.</p>"
        )

    def _said(self, _=None) -> None:
        """On a slow connection the press of the button overtakes the sentence, which arrives a moment later."""
        if self.says.value.strip() and time.monotonic() - self._pressed < OVERTAKEN:
            self._add()

    def _add(self) -> None:
        self._pressed = -OVERTAKEN if self.says.value.strip() else time.monotonic()
        parts = {}
        if self.kind.value == MEASURED:
            found = self._figure()
            if self.of.value in self.persona.attributes:
                self._say(OWN.format(self.of.value))
                return
            if found is None:
                self._say("Nobody matches, so nothing can be measured: take an attribute away.")
                return
            table = {**personas.ATTRIBUTES, **personas.MEASURES}[self.of.value]
            parts = {
                "source": table,
                "attribute": self.of.value,
                "value": self.value.value,
                "figure": round(found, 3),
            }
        elif self.kind.value == HEARD:
            if not self.voice.value:
                self._say("Choose a voice first: find a word that a patron used.")
                return
            parts = {"source": self.voice.value}
        try:
            claim = Claim(self.says.value, self.kind.value, **parts)
        except personas.PersonaError as problem:
            self._say(str(problem))
            return
        self._take(claims=(*self.persona.claims, claim))
        self.says.value = ""

    def _remove(self) -> None:
        if self.claims.value is not None:
            gone = self.claims.value
            self._take(claims=tuple(one for row, one in enumerate(self.persona.claims) if row != gone))

    # ---- files

    def _save(self) -> None:
        self._attempt(lambda: f"Saved as {personas.save_persona(self.persona, self._path('.json')).name}.")

    def _open(self) -> None:
        def act() -> str:
            path = self._path(".json")
            persona = personas.open_persona(path)
            self.both[self.slot.value] = persona
            self._load(persona)
            return f"Opened {path.name}."

        self._attempt(act)

    def _print(self) -> None:
        def act() -> str:
            import matplotlib.pyplot as plt

            summary, book = self._read(self.persona)
            page, picture = self._path(".html"), self._path(".png")
            axes = charts.card_chart(self.persona, summary, book)
            try:
                page.write_text(charts.persona_page(self.persona, summary, book), encoding="utf-8")
                axes.figure.savefig(picture, dpi=144, metadata={"Description": in_words(axes)})
            except OSError as problem:
                raise CourseError(
                    f"The card could not be written: {problem.strerror}. Try another name."
                ) from None
            finally:
                plt.close(axes.figure)
            return (
                f"The card is in {page.name}, for printing, and in {picture.name}. Where you use the picture, describe it "
                f"for people who can't see it: {in_words(axes)}"
            )

        self._attempt(act)

    def _as_code(self) -> None:
        self._say("Copy this into a cell, all of it:", charts.persona_code(self.persona))

    def _attempt(self, act) -> None:
        try:
            self._say(act())
        except CourseError as problem:
            self._say(str(problem))

    def _path(self, ending: str) -> Path:
        name = self.file.value.strip().removesuffix(ending)
        if not name or Path(name).name != name or name.startswith("."):
            raise CourseError(
                "Write a file name of a few letters first, such as my_persona, without a folder."
            )
        return Path(name + ending)

    def _say(self, sentence: str, code: str = "") -> None:
        shown = f'<pre tabindex="0" style="white-space: pre-wrap">{html.escape(code)}</pre>' if code else ""
        self.message.value = f'<div role="status"><p>{html.escape(sentence)}</p>{shown}</div>'

    @staticmethod
    def _line(label: str, hint: str) -> ipywidgets.Text:
        return ipywidgets.Text(
            description=label, placeholder=hint, continuous_update=False, style=LABELLED, layout=WIDE
        )


def _voices(interviews: pd.DataFrame, comments: pd.DataFrame) -> dict[str, str]:
    """What patrons said and wrote, by the source that a claim gives."""
    said = interviews[interviews["speaker"] == "patron"]
    found = {f"interview {line.interview_id}, turn {line.turn}": line.text for line in said.itertuples()}
    return found | {f"comment {line.comment_id}": line.text for line in comments.itertuples()}


def _offer(control: ipywidgets.Dropdown, options: list) -> None:
    """Put these options into a list, and choose the first."""
    control.options = options
    control.index = 0 if options else None
    control.disabled = not options


def _in_order(value: str) -> tuple[int, str]:
    """By the number that a value begins with, as ages do; then by the alphabet."""
    number = re.match(r"\d+", value)
    return int(number[0]) if number else 0, value


def _side_by_side(cards: list[str]) -> str:
    """Two cards, to be compared; one alone stands beside the controls already."""
    if len(cards) < 2:
        return ""
    columns = "display: grid; gap: 1em; grid-template-columns: repeat(auto-fit, minmax(19em, 1fr))"
    return f'<p><strong>Both personas</strong></p><div style="{columns}">{"".join(cards)}</div>'
