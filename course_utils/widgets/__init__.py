"""One module for each widget: a view over plain functions, with no arithmetic of its own."""
