"""What `benchmarks/quality.py` and `benchmarks/blind.py` share: sums that are chosen by a seed, and their measures.

`sums` chooses what is mixed, by a rule and a seed.
"""
