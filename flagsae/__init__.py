"""Learn, with sparse autoencoders, what the world's flags are made of, and mix new ones.

Read `flagsae/sae/crisp.py` first: everything else brings pictures to it or shows what it gives.
"""

__version__ = "0.1.0"
