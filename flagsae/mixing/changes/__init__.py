"""What words and minuses do to a design: `colours` go and come, `things` too, and what `flags` with a minus have goes.

What is left stands as on a flag of its own: `arranging`.
"""
