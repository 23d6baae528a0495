"""Names of features, from what their atoms say in design features."""

import numpy as np
import pytest

from flagsae.design.feature_table import Table
from flagsae.design.vectors import vectors
from flagsae.features.labelling import check_labels, labeller
from flagsae.features.labels import activity
from flagsae.features.naming import claims_of, name_features
from flagsae.sae.design import DesignModel
from flagsae.sae.model import load_model

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
    # Unless that is most of the flags: who looks at them sees no Nordic cross.
    (label,) = names([codes + fires(*range(20, 28), strength=0.1)], [atom(Nordic_cross=1)])
    assert label.precision > 0.8 and not label.trusted


def test_parts_join_where_each_says_more():
    (claims,) = claims_of(np.array([atom(Nordic_cross=1, any_cross=0.9, red_field=0.8)]), FEATURES, HAS)
    said = [claims.claim(which).words for which in range(len(claims.parts))]
    # On these flags a red field has a Nordic cross, which is a cross: neither is said beside it.
    assert said == ["Nordic cross", "red field", "cross or Nordic cross"]
    assert claims.weight.sum() == pytest.approx(1)


def test_what_no_claim_says_is_guessed_and_not_trusted():
    unsaid, silent = names([fires(0, 7, 11), fires()], [atom(Nordic_cross=1), atom(star=1)])
    assert (unsaid.words, unsaid.trusted) == ("Nordic cross", False)  # a guess
    assert (silent.words, silent.trusted, silent.claims) == ("never fires", False, ())
    (empty,) = names([fires(0)], [atom()])
    assert (empty.words, empty.claims) == ("nothing known", ())


def test_only_the_given_flags_are_looked_at():
    codes = fires(*range(6)) + fires(*range(6, 10), strength=5)
    claims = [atom(Nordic_cross=1)]
    others = np.array([*range(6), *range(20, 40)])  # without other crosses
    # Of all flags that is not true; where all have it, it is no news.
    for rows, trusted in ((None, False), (others, True), (np.arange(6), False)):
        assert [label.trusted for label in names([codes], claims, rows)] == [trusted]


def test_two_features_have_names_of_their_own():
    wide = atom(any_cross=1, Nordic_cross=0.9)
    cross, nordic = names([fires(*range(10)), fires(*range(6))], [wide, wide])
    assert (cross.words, nordic.words) == ("cross or Nordic cross", "Nordic cross")


def test_a_model_of_designs_is_labelled_by_its_atoms(flags):
    """Two atoms that are a Nordic cross, and a white crescent with a star."""
    table = Table.of(vectors(flags), least=2)
    atoms = np.zeros((2, len(table.names)), np.float32)
    atoms[0, table.names.index("Nordic cross")] = 1
    atoms[1, [table.names.index(name) for name in ("crescent with star", "white crescent")]] = 0.5**0.5
    bias = np.array([0, -0.15], np.float32)
    model = DesignModel(
        decoder=atoms,
        encoder_bias=bias,
        ridge=0.0,
        own_encoder=atoms,
        table=table,
        length=1.0,
        threshold=0.1,
        active=0,
        dataset=flags,
    )
    label = labeller(model, {})(model.encode(flags.flags), None)
    assert [one.words for one in label] == ["Nordic cross", "white crescent and star"]
    assert all(one.trusted for one in label)
    checked = check_labels(model, {}, repeats=1)
    assert checked["share"] == 1 and checked["trusted"] > 0.9


def test_the_shipped_models_file_has_the_names(flags):
    """`python data/make.py names` writes them; they are those of the naming as it is now."""
    model = load_model(flags, "design")
    labels = labeller(model, {})(activity(model, model.encode(flags.flags)), None)
    assert model.labels == tuple(label.words if label.trusted else "" for label in labels)
    assert {"red field", "green star", "Nordic cross", "Union Jack"} <= set(model.labels)
