"""Edits of a design: what is typed (`reader`), what it finds (`things`), what is done. `design.edit` is the way in."""
