"""What all widgets of the kit share: where no widget can run, a picture and its sentence stand in its place."""

import ipywidgets


class StaticFallback(ipywidgets.VBox):
    """A widget that also says itself without a browser's help, as in a printed page or a preview on the web."""

    def as_html(self) -> str:
        """The widget as it stands now: its words and its pictures, without anything to press."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        # JupyterLab and Notebook show a widget where they can, and HTML only where they cannot.
        return {**bundle, "text/html": self.as_html()}
