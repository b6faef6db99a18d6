"""A slider for the keyboard, with a name for those who hear it.

The sliders of ipywidgets show a label, and do not say it; and JupyterLab takes their arrow keys for its own.
"""

import html

import ipywidgets

# Runs where the slider is shown: it waits for the handle, gives it the label as its name, and asks JupyterLab to leave
# the keys to it. Without it the slider still works by mouse.
_NAME = (
    "let tries=0;const put=()=>{const box=this.closest('.course-slider');"
    "const handle=box&&box.querySelector('[role=slider]');"
    "if(handle){handle.setAttribute('aria-label',this.dataset.name);"
    "handle.setAttribute('data-lm-suppress-shortcuts','true')}"
    "else if(tries++&lt;200)setTimeout(put,50)};put()"
)
_DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def named(slider: ipywidgets.Widget, name: str) -> ipywidgets.Box:
    """The slider beside its name, or below it where the page is narrow; its handle has the name, and its own keys."""
    label = html.escape(name, quote=True)
    hook = ipywidgets.HTML(
        f'<img alt="" src="{_DOT}" data-name="{label}" onload="{_NAME}">', layout={"width": "1px"}
    )
    slider.layout.flex, slider.layout.width, slider.layout.max_width = "1 1 14em", "auto", "24em"
    words = ipywidgets.HTML(html.escape(name), layout={"width": "21em", "max_width": "100%"})
    box = ipywidgets.Box(
        [words, slider, hook], layout={"display": "flex", "flex_flow": "row wrap", "width": "100%"}
    )
    box.add_class("course-slider")
    return box
