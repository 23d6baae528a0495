"""Names of features, from what their atoms say in design features."""

import numpy as np
import pytest

from flagsae.features.naming import UNCLEAR, claims_of, name_features

FEATURES = ["cross", "Nordic cross", "any cross", "red field", "field", "white star", "star", "star in the canton"]
# 40 flags: six have a Nordic cross, three of these on red; four have another cross, three a white star.
HAS = np.zeros((40, len(FEATURES)), bool)
HAS[:6, [1, 2]] = True
HAS[6:10, [0, 2]] = True
HAS[:3, [3, 4]] = True
HAS[3:, 4] = True
HAS[9:, [5, 6]] = True


def atom(**weights):
    return [weights.get(name.replace(" ", "_"), 0.0) for name in FEATURES]


def fires(*flags, strength=1.0):
    codes = np.zeros(len(HAS), np.float32)
    codes[list(flags)] = strength
    return codes


def names(strengths, atoms, rows=None):
    return name_features(np.stack(strengths, 1), claims_of(np.array(atoms), FEATURES, HAS), rows)


def test_a_name_is_as_narrow_as_is_true():
    nordic = atom(Nordic_cross=1, any_cross=0.9, field=0.8)
    (label,) = names([fires(*range(6))], [nordic])
    assert (label.words, label.trusted, label.precision) == ("Nordic cross", True, 1)
    assert [claim.words for claim in label.claims] == ["Nordic cross"]
    assert np.array_equal(label.claims[0].holds, HAS[:, 1])
    # The same atom, that fires for other crosses too, is named more broadly.
    (label,) = names([fires(*range(10))], [nordic])
    assert label.words == "cross or Nordic cross" and label.trusted


def test_weak_firing_matters_little():
    codes = fires(*range(6)) + fires(6, strength=0.1)
    (label,) = names([codes], [atom(Nordic_cross=1, any_cross=0.9)])
    assert label.words == "Nordic cross" and label.precision == pytest.approx(6 / 6.1)


def test_parts_join_where_each_says_more():
    (claims,) = claims_of(np.array([atom(Nordic_cross=1, any_cross=0.9, red_field=0.8)]), FEATURES, HAS)
    said = [claims.claim(which).words for which in range(len(claims.parts))]
    # On these flags a red field has a Nordic cross, which is a cross: neither is said beside it.
    assert said == ["Nordic cross", "red field", "cross or Nordic cross"]
    assert claims.weight.sum() == pytest.approx(1)


def test_what_no_claim_says_is_unclear():
    unsaid, silent = names([fires(0, 7, 11), fires()], [atom(Nordic_cross=1), atom(star=1)])
    assert (unsaid.words, unsaid.trusted) == (UNCLEAR, False)
    assert [claim.words for claim in unsaid.claims] == ["Nordic cross"]  # the guess
    assert (silent.words, silent.trusted, silent.claims) == ("never fires", False, ())
    (empty,) = names([fires(0)], [atom()])
    assert (empty.words, empty.claims) == (UNCLEAR, ())


def test_only_the_given_flags_are_looked_at():
    codes = fires(*range(6)) + fires(*range(6, 10), strength=5)
    claims = [atom(Nordic_cross=1)]
    assert [label.words for label in names([codes], claims)] == [UNCLEAR]
    others = np.array([*range(6), *range(20, 40)])  # without other crosses
    assert [label.words for label in names([codes], claims, others)] == ["Nordic cross"]
    assert [label.words for label in names([codes], claims, np.arange(6))] == [UNCLEAR]  # they all have it: no news


def test_two_features_have_names_of_their_own():
    wide = atom(any_cross=1, Nordic_cross=0.9)
    cross, nordic = names([fires(*range(10)), fires(*range(6))], [wide, wide])
    assert (cross.words, nordic.words) == ("cross or Nordic cross", "Nordic cross")
