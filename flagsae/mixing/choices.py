"""What may be chosen where sums are drawn, with what the help says of each. Nothing is imported: options show these."""

# Ways to draw a sum, "weave" by default.
METHODS = {
    "weave": "parts of the flags as one design",
    "vote": "a colour a region",
    "sum": "a colour a pixel",
}
DESIGNS = 4  # of one sum, that one is chosen from: how many are asked for decides which are found

# Where the codes of samples come from, "mix" by default.
PRIORS = {
    "mix": "two or three real flags",
    "empirical": "features that fire together",
    "gaussian": "each feature for itself",
    "uniform": "random numbers",
}
