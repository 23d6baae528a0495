"""Composites of real flags are flat, sharp and whole, and every term of a sum can be seen in them."""

from dataclasses import replace

import numpy as np
import pytest

from flagsae import paths
from flagsae.errors import ExpressionError, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.regions import connected_regions, region_areas
from flagsae.mixing.collage import Collage
from flagsae.mixing.compose import Composite, Operand, Sum, draw, drawing, morph, read, title, write
from flagsae.mixing.weaving.likeness import gallery_of
from flagsae.mixing.weaving.sources import parents, vote
from flagsae.mixing.weaving.weave import Source, weave, weaving
from flagsae.sae.crisp import Crisp
from flagsae.sae.model import load_model


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Crisp:
    loaded = load_model(flags, str(paths.shipped("crisp.safetensors")))
    assert isinstance(loaded, Crisp)
    return loaded


def composed(model: Crisp, text: str, method: str = "") -> Composite:
    return draw(model, read(text, model), method)[0]


DRAWN: dict[tuple[str, str], Collage] = {}


def design(model: Crisp, text: str, method: str = "weave") -> Collage:
    """Drawn once, however many tests look at it."""
    if (text, method) not in DRAWN:
        made = composed(model, text, method).design
        assert made is not None
        DRAWN[text, method] = made
    return DRAWN[text, method]


def shares(model: Crisp, labels: np.ndarray) -> dict[str, float]:
    """How much of a map each colour covers."""
    counts = np.bincount(labels.ravel(), minlength=model.colours) / labels.size
    return {name: float(share) for name, share in zip(model.dataset.palette.names, counts, strict=True) if share}


PAIRS = ["morocco + colombia", "japan + france", "south-korea + mexico", "cuba + iceland", "turkey + italy"]


@pytest.mark.parametrize("text", [*PAIRS, "morocco + colombia + malaysia"])
def test_a_composite_has_few_colours_and_no_speckle(model: Crisp, text: str) -> None:
    labels = design(model, text).flat()
    large = [name for name, share in shares(model, labels).items() if share > 0.004]
    assert 2 <= len(large) <= 7
    areas = region_areas(connected_regions(labels))
    assert areas[areas < 0.001 * labels.size].sum() < 0.01 * labels.size


@pytest.mark.parametrize("text", PAIRS)
def test_no_large_colour_of_one_parent_alone_is_lost(model: Crisp, text: str) -> None:
    labels = shares(model, design(model, text).flat())
    one, two = (shares(model, model.dataset.find([name.strip()]).fine[0]) for name in text.split("+"))
    for own, other in ((one, two), (two, one)):
        for colour, share in own.items():
            if share >= 0.2 and other.get(colour, 0) < 0.02:
                assert labels.get(colour, 0) > 0.02, colour


def test_both_parents_are_among_the_nearest(flags: Dataset, model: Crisp) -> None:
    gallery = gallery_of(flags, model.salience)
    found = 0
    for text in PAIRS:
        made = design(model, text)
        away = gallery.look(gallery.small(made.flat())[None], made.tints).distance(gallery.looks)[0]
        found += all((away < away[flags.name_table()[name.strip()]]).sum() < 10 for name in text.split("+"))
    assert found >= 3


def test_charges_are_set_down_whole(flags: Dataset, model: Crisp) -> None:
    (canton,) = [placed for placed in design(model, "australia + ethiopia").charges if placed.charge.canton]
    union = flags.find(["united-kingdom"]).fine[0]
    assert (canton.top, canton.left) == (0, 0)
    assert canton.charge.labels.shape == (union.shape[0] // 2, union.shape[1] // 2)
    labels = design(model, "australia + ethiopia").flat()
    if canton.scale == 1:
        assert (labels[:102, :153] == union[::2, ::2]).mean() > 0.85


def test_a_flag_alone_is_that_flag(flags: Dataset, model: Crisp) -> None:
    for text in ("sweden", "0.3*sweden", "sweden + sweden"):
        made = design(model, text)
        sweden = flags.find(["sweden"])
        assert (made.flat() == sweden.fine[0]).all()
        assert (made.tints == sweden.tints[0]).all()


@pytest.mark.long
def test_weights_lean_to_the_heavier_parent(flags: Dataset, model: Crisp) -> None:
    japan, brazil = flags.find(["japan", "brazil"]).fine
    to_brazil, to_japan = (design(model, f"{a}*japan + {b}*brazil").flat() for a, b in ((0.1, 0.9), (0.9, 0.1)))
    assert (to_brazil == brazil).mean() > (to_japan == brazil).mean()
    assert (to_japan == japan).mean() > (to_brazil == japan).mean()


def test_a_minus_takes_away_what_both_show(flags: Dataset, model: Crisp) -> None:
    plain = shares(model, design(model, "morocco").flat())
    for text in ("morocco - turkey", "morocco - red"):
        made = shares(model, design(model, text).flat())
        assert plain["red"] > 0.9 and made.get("red", 0) < 0.1
        assert len(made) <= 3
    labels = design(model, "colombia - 0.5*laos").flat()
    assert (labels != flags.find(["colombia"]).fine[0]).mean() > 0.1


@pytest.mark.long
def test_a_feature_lays_its_atom_over_the_ground(model: Crisp) -> None:
    eagle = int(model.decoder[:, model.dataset.name_table()["albania"]].argmax())
    plain = design(model, "morocco").flat()
    little, much = (design(model, f"morocco + {amount}*f{eagle}").flat() for amount in (0.01, 2))
    assert (little != plain).mean() < (much != plain).mean()
    assert shares(model, much)["black"] > 0.03


@pytest.mark.long
def test_features_alone_can_be_drawn(model: Crisp) -> None:
    assert len(shares(model, design(model, "f40 + 0.5*f12").flat())) >= 2


@pytest.mark.long
def test_the_code_is_the_sum_of_the_codes(model: Crisp) -> None:
    one, two = (model.encode(model.dataset.find([name]))[0] for name in ("japan", "france"))
    composite = composed(model, "0.5*japan + 2*france + 3*f7")
    expected = 0.5 * one + 2 * two
    expected[7] += 3
    assert composite.code == pytest.approx(expected, abs=1e-5)


def test_a_code_alone_is_drawn_from_the_flags_that_it_is_made_of(flags: Dataset, model: Crisp) -> None:
    codes = model.encode(flags.find(["brazil", "sweden"]))
    found = parents(model, codes.sum(0))
    brazil, sweden = flags.find(["brazil", "sweden"]).fine
    assert {any((source.labels == flag).all() for source in found) for flag in (brazil, sweden)} == {True}
    assert sum(source.amount for source in found) == pytest.approx(1)
    (bare,) = draw(model, [Operand("a code", codes.sum(0))])
    assert bare.design is not None and len(np.unique(bare.design.flat())) >= 3


def test_several_designs_for_one_sum_differ_and_the_first_is_the_best(model: Crisp) -> None:
    found = draw(model, read("morocco + colombia", model), "weave", count=4)
    designs = [composite.design for composite in found if composite.design]
    assert len(designs) == 4
    assert [made.cost for made in designs] == sorted(made.cost for made in designs)
    for position, made in enumerate(designs):
        assert all((made.flat() != other.flat()).mean() > 0.1 for other in designs[:position])
    assert (designs[0].flat() == design(model, "morocco + colombia").flat()).all()


def test_a_first_picture_comes_before_the_best_one(flags: Dataset, model: Crisp) -> None:
    sources = [
        Source(fine, tints, 1.0) for fine, tints in zip(flags.flags.fine[:2], flags.flags.tints[:2], strict=True)
    ]
    first, best = list(weaving(sources, gallery_of(flags, model.salience)))
    assert best[0].cost <= first[0].cost
    assert weave(sources, gallery_of(flags, model.salience))[0].cost == best[0].cost


@pytest.mark.long
def test_a_drawing_comes_in_steps_of_which_the_last_counts(model: Crisp) -> None:
    operands = read("morocco + colombia", model)
    first, best = list(drawing(model, operands, count=3))
    drawn = draw(model, operands, count=3)
    assert len(first) == 1 and len(best) == len(drawn) == 3
    for one, other in zip(best, drawn, strict=True):
        assert (one.picture() == other.picture()).all()
    assert first[0].design and best[0].design and first[0].design.cost >= best[0].design.cost
    for alone in ("vote", "sum"):
        assert len(list(drawing(model, operands, alone))) == 1
    assert len(list(drawing(model, operands[:1]))) == 1


@pytest.mark.long
def test_eight_parents_and_their_order(model: Crisp) -> None:
    names = ["mexico", "japan", "kenya", "wales", "nepal", "cuba", "italy", "fiji", "chad", "laos"]
    made = design(model, " + ".join(names))
    assert made.ground.shape == (204, 306)


def test_a_small_dataset_is_enough(toy: Dataset) -> None:
    gallery = gallery_of(toy, 0.25)
    made = weave([Source(toy.flags.fine[i], toy.flags.tints[i], 1.0) for i in (0, 4)], gallery)[0]
    assert made.flat().shape == (24, 36)
    assert len(np.unique(made.flat())) >= 3


# Expressions.


def test_names_of_all_kinds_are_operands(model: Crisp) -> None:
    operands = read("mx + côte d'ivoire - 0.5*light blue + f3", model)
    assert [operand.title for operand in operands] == ["Mexico", "Côte d'Ivoire", "light blue", "f3"]
    assert [operand.amount for operand in operands] == [1, 1, -0.5, 1]
    assert write(operands) == "mexico + cote-divoire - 0.5*light-blue + f3"
    assert [operand.amount for operand in read(write(operands), model)] == [1, 1, -0.5, 1]


def test_one_flag_under_two_names_is_one_operand(model: Crisp) -> None:
    (mexico,) = read("mx + Mexico", model)
    assert mexico.amount == 2


def test_what_is_in_memory_is_not_encoded_again(model: Crisp) -> None:
    memory: dict[str, Operand] = {}
    text = "morocco - 0.5*light blue + f3"
    fresh, new, again = (read(text, model, *known) for known in ((), (memory,), (memory,)))
    assert set(memory) == {"morocco", "light blue"}
    for one, *others in zip(fresh, new, again, strict=True):
        for other in others:
            assert (one.code == other.code).all()
            assert (one.title, one.amount, one.word, one.place) == (other.title, other.amount, other.word, other.place)
    assert new[0].code is again[0].code and new[1].flag is again[1].flag
    assert read("2*morocco", model, memory)[0].amount == 2 and memory["morocco"].amount == 1


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("morocco", "Morocco"),
        ("ma + co - 0.5*laos + 2*f17", "Morocco + Colombia - 0.5*Laos + 2*f17"),
        ("-0.25*red + -japan + mali", "-0.25*red - Japan + Mali"),
    ],
)
def test_a_sum_has_a_title(model: Crisp, text: str, called: str) -> None:
    assert title(read(text, model)) == called


@pytest.mark.parametrize(
    ("text", "one_flag", "known"),
    [("mx", True, True), ("2*morocco", True, False), ("morocco + japan", False, False), ("f3", False, False)],
)
def test_a_sum_is_a_known_flag_in_its_own_amount_alone(model: Crisp, text: str, one_flag: bool, known: bool) -> None:
    total = Sum.of(read(text, model))
    assert (total.only is not None, total.known is not None) == (one_flag, known)
    bare = Sum.of([*total.operands, Operand("record 1", total.operands[0].code)], "two")
    assert total.expression and (bare.title, bare.expression) == ("two", "")


def test_a_morph_goes_from_the_first_to_the_second_and_keeps_the_rest(model: Crisp) -> None:
    steps = morph(read("japan + 2*brazil - 0.5*red", model), 4)
    assert [write(step) for step in steps] == [
        "japan - 0.5*red",
        "0.6667*japan + 0.6667*brazil - 0.5*red",
        "0.3333*japan + 1.3333*brazil - 0.5*red",
        "2*brazil - 0.5*red",
    ]


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("morocco + marocco", "Did you mean", "marocco"),
        ("japan-laos", "minus needs spaces", "japan-laos"),
        ("morocco + f999", "f0 to f191", "f999"),
        ("morocco - ma", "nothing is left", "morocco - ma"),
        ("0*morocco", "nothing is left", "0*morocco"),
        ("morocco +", "", ""),
        ("morocco / 2", "0.5*NAME", "/"),
        (" + ".join(["japan"] * 10_000), "at most", None),
    ],
)
def test_errors_point_at_the_place(model: Crisp, text: str, said: str, place: str | None) -> None:
    with pytest.raises(ExpressionError) as error:
        read(text, model)
    assert said in str(error.value) and "\n" not in str(error.value) and "column" in str(error.value)
    if place:
        assert error.value.text[error.value.start : error.value.end] == place


def test_only_minus_leaves_nothing(model: Crisp) -> None:
    with pytest.raises(UsageError, match="nothing is left"):
        composed(model, "-japan - france")


# The other decoders.


def test_a_vote_has_less_speckle_than_a_sum(model: Crisp) -> None:
    voted, plain = (
        region_areas(connected_regions(design(model, "morocco + colombia + malaysia", method).flat()))
        for method in ("vote", "sum")
    )
    assert voted.min() >= 0.0006 * 204 * 306
    assert len(voted) < len(plain) / 4


def test_a_charge_is_never_cut_by_another_flags_stripes() -> None:
    star = np.zeros((40, 60), np.uint8)
    star[15:25, 25:35] = 1
    stripes = np.zeros((40, 60), np.uint8)
    stripes[20:] = 2
    scores = np.zeros((3, 40, 60), np.float32)
    scores[0], scores[2, 20:] = 0.1, 0.5
    scores[1, 15:25, 25:35] = 0.4  # outvotes the field above, and all in all the stripe below
    labels = vote(np.stack([star, stripes]), scores)
    assert (labels[15:25, 25:35] == 1).all()
    assert (labels[20:, :25] == 2).all()


@pytest.mark.parametrize("method", ["vote", "sum"])
def test_codes_alone_can_be_decoded_plainly(flags: Dataset, model: Crisp, method: str) -> None:
    (composite,) = draw(model, [Operand("a code", model.encode(flags.find(["japan"]))[0])], method)
    assert composite.design is not None
    assert (composite.design.tints == flags.palette.rgb).all()


def test_an_unknown_method_is_a_usage_error(model: Crisp) -> None:
    with pytest.raises(UsageError, match="weave, vote, sum"):
        composed(model, "japan", "blur")


@pytest.mark.long
def test_rebuilding_gives_the_flag_back(flags: Dataset, model: Crisp) -> None:
    right = []
    for name in ("sweden", "japan", "france", "brazil"):
        flag = flags.find([name])
        pictures, labels = model.rebuild(model.encode(flag), flag)
        assert labels is not None and pictures.shape == (1, 68, 102, 3)
        right.append((labels == flag.labels).mean())
    assert min(right) > 0.95 and sum(right) / len(right) > 0.98


def test_an_operand_keeps_its_place_for_a_caret(model: Crisp) -> None:
    text = "morocco + 2*colombia"
    places = [text[slice(*operand.place)] for operand in read(text, model)]
    assert places == ["morocco", "colombia"]
    assert replace(read(text, model)[0], amount=3).amount == 3
