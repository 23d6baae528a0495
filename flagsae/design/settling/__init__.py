"""From features to a design: what they mean (`sharpened`), designs one step away (`steps`), what hurts (`prices`).

`design.settle` is the way in.
"""
