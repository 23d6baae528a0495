"""Mixes have names that are made of their parents', and no two pairs of flags have one."""

from itertools import combinations, permutations

import pytest

from flagsae.flags.dataset import Dataset
from flagsae.flags.names import fold
from flagsae.mixing.naming import RUDE, mixed_name


def test_names_of_all_pairs_are_distinct_clean_and_no_flags(flags: Dataset) -> None:
    titles = tuple(name.title for name in flags.flags.names)
    made = [mixed_name(pair, titles) for pair in combinations(titles, 2)]
    folded = {name.casefold() for name in made}
    assert len(folded) == len(made) == 30_876
    assert not folded & {title.casefold() for title in titles}
    assert not any(RUDE.search(fold(name)) for name in folded)
    assert {4 < len(name) < 17 and name[0].isupper() for name in made} == {True}


@pytest.mark.parametrize(
    ("names", "mixed"),
    [
        (("Morocco", "Colombia"), "Moroccolombia"),
        (("Japan",), "Japan"),
        (("Japan", "Japan"), "Japan"),
        (("Norway", "Japan", "Kenya"), "Jakerway"),
    ],
)
def test_names_run_into_each_other_in_any_order(names: tuple[str, ...], mixed: str) -> None:
    assert {mixed_name(order) for order in permutations(names)} == {mixed}
