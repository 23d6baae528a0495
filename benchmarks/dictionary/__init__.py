"""What `benchmarks/dictionaries.py` compares, and how.

`folds` splits flags, `recipe` says how a dictionary is learned and what it then is, `training` learns many at once,
`plain` has the methods that need no gradients, `measures` the figures that both tables have. `canvas` and `designs` are
the two tables, each with its inputs, its own figures and its rows.
"""
