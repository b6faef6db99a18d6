"""The form in which a learner says who they are."""

import html

import ipywidgets

from course_utils.errors import CourseError
from course_utils.identity import GUEST, hub_name, login_name, save_name, two_names, who_am_i


class NameForm(ipywidgets.VBox):
    """A field for a user name and a button that saves it. ``name`` is the name in use."""

    def __init__(self):
        known = who_am_i()
        self.field = ipywidgets.Text(
            value=login_name() if known == GUEST else known,
            description="User name",
            placeholder="for example ada",
            style={"description_width": "initial"},
        )
        self.button = ipywidgets.Button(description="Save my name", button_style="primary")
        self.answer = ipywidgets.HTML()
        self.button.on_click(lambda _: self.save())
        self._say(self._greeting())
        super().__init__([ipywidgets.HBox([self.field, self.button]), self.answer])

    @property
    def name(self) -> str:
        return who_am_i()

    def save(self) -> None:
        """Save what stands in the field; say so, or say what is wrong with it."""
        try:
            save_name(self.field.value)
        except CourseError as problem:
            self._say(str(problem))
        else:
            self._say(self._greeting())

    def _greeting(self) -> str:
        if self.name == GUEST:
            hello = "No name yet: you are working with the guest library, which everybody may share."
        else:
            by_hub = f" (the hub calls you {hub_name()})" if hub_name() not in ("", self.name) else ""
            hello = f"You are {self.name}{by_hub}. From here on my_library() is the library of {self.name}."
        return " ".join(filter(None, (hello, two_names())))

    def _say(self, sentence: str) -> None:
        self.answer.value = f'<p role="status">{html.escape(sentence)}</p>'
