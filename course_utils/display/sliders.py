"""A slider for the keyboard, with a name for those who hear it.

The sliders of ipywidgets show a label, and do not say it; and JupyterLab takes their arrow keys for its own.
"""

import html

import anywidget
import ipywidgets
import traitlets


class HandleName(anywidget.AnyWidget):
    """Gives the handle of the slider beside it a name, and asks JupyterLab to leave the keys to it.

    Without it, where no front end can load it, the slider still works by mouse.
    """

    name = traitlets.Unicode().tag(sync=True)
    _esm = """
    function render({ model, el }) {
      const put = () => {
        const handle = el.closest(".course-slider")?.querySelector("[role=slider]");
        handle?.setAttribute("aria-label", model.get("name"));
        handle?.setAttribute("data-lm-suppress-shortcuts", "true");
        return Boolean(handle);
      };
      if (put()) return;
      const watch = new MutationObserver(() => put() && watch.disconnect());
      watch.observe(document.body, { childList: true, subtree: true });
      return () => watch.disconnect();
    }
    export default { render };
    """


def named(slider: ipywidgets.Widget, name: str) -> ipywidgets.Box:
    """The slider beside its name, or below it where the page is narrow; its handle has the name, and its own keys."""
    hook = HandleName(name=name, layout={"width": "1px"})
    slider.layout.flex, slider.layout.width, slider.layout.max_width = "1 1 14em", "auto", "24em"
    words = ipywidgets.HTML(html.escape(name), layout={"width": "21em", "max_width": "100%"})
    box = ipywidgets.Box(
        [words, slider, hook], layout={"display": "flex", "flex_flow": "row wrap", "width": "100%"}
    )
    box.add_class("course-slider")
    return box
