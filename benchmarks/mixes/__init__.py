"""What `benchmarks/quality.py` and `benchmarks/blind.py` share: sums that are chosen by a seed, and their measures.

`sums` chooses what is mixed, `ways` mixes it, and `judging` judges the mix: by its figures (`torn`), its cuts
(`seams`), its features (`again`) and its pixels (`plain`). `samples` does the same for samples.
"""
