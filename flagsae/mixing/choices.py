"""The choices in drawing sums, with the words of the help. Imports nothing, so that options can show them cheaply."""

# Ways to draw a sum, "design" by default.
METHODS = {
    "design": "the flags' designs as one",
    "weave": "parts of the flags as one design",
    "vote": "a colour a region",
    "sum": "a colour a pixel",
}
DESIGNS = 4  # designs of one sum to choose from; a constant, as the search finds other ones for another number

# Priors of samples. The first is the default where a dataset has designs to learn it from, else the second.
PRIORS = {
    "grammar": "designs as real flags are made",
    "mix": "two or three real flags",
    "empirical": "features that fire together",
    "gaussian": "each feature for itself",
    "uniform": "random numbers",
}
