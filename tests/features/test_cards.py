"""Features in words: what an atom shows, what the flags have for which it fires, and which labels to trust."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import hypergeom

from flagsae import paths
from flagsae.errors import DatasetError
from flagsae.features import attributes
from flagsae.features.atoms import patches, shapes, signed_atoms
from flagsae.features.attributes import attributes_of, measured_attributes, read_attributes
from flagsae.features.cards import FeatureCard, cards, said
from flagsae.features.labelling import check_labels
from flagsae.features.labels import Claim, activity, discovery_limit, label_features, tail
from flagsae.flags.coarse import averaged
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name
from flagsae.sae.crisp import Crisp
from flagsae.sae.model import load_model
from flagsae.sae.seed import Seed


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Crisp:
    loaded = load_model(flags, str(paths.shipped("crisp.safetensors")))
    assert isinstance(loaded, Crisp)
    return loaded


@pytest.fixture(scope="module")
def known(flags: Dataset, model: Crisp) -> list[FeatureCard]:
    return cards(model, attributes_of(flags))


def a_network(dataset: Dataset) -> Seed:
    """Four features of the notebook's kind: light in the upper half, red on the left, nothing, and noise."""
    height, width = dataset.size
    weights = np.zeros((4, height, width, 3), np.float32)
    weights[0, : height // 2] = 1
    weights[1, :, : width // 3] = (1, -1, -1)
    weights[3] = np.random.default_rng(0).normal(size=(height, width, 3))
    flat = weights.reshape(4, -1)
    zeros = np.zeros(flat.shape[1], np.float32)
    return Seed(flat / flat.shape[1], zeros[:4], flat.T.copy(), zeros, dataset)


# Labels.


def test_a_feature_that_fires_for_crosses_is_called_so() -> None:
    random = np.random.default_rng(0)
    cross, red = random.random(200) < 0.1, random.random(200) < 0.5
    strength = (cross * random.uniform(0.5, 1, 200))[:, None].astype(np.float32)
    (label,) = label_features(strength, [[]], [Claim("red", "attributes", red), Claim("cross", "attributes", cross)])
    assert label.words == "cross" and label.trusted and label.precision == pytest.approx(1)


def test_a_feature_that_needs_two_things_says_both() -> None:
    random = np.random.default_rng(1)
    star, red = random.random(300) < 0.4, random.random(300) < 0.4
    strength = (star & red)[:, None].astype(np.float32)
    claims = [Claim("star", "attributes", star), Claim("red field", "atom", red)]
    (label,) = label_features(strength, [claims], [])
    assert label.trusted and set(label.words.split(", ")) == {"star", "red field"}


def test_what_is_implied_is_not_said_twice() -> None:
    mainly = np.arange(100) < 30
    some = np.arange(100) < 40
    claims = [Claim("red", "attributes", some), Claim("mainly red", "attributes", mainly)]
    (label,) = label_features(mainly[:, None].astype(np.float32), [claims], [])
    assert label.words == "mainly red"


def test_what_most_flags_have_is_no_label() -> None:
    common = np.arange(400) >= 60
    fires = (np.arange(400) >= 60)[:, None].astype(np.float32)
    (label,) = label_features(fires, [[]], [Claim("white", "attributes", common)])
    assert not label.trusted and label.words == "white"


def test_chance_is_seldom_trusted() -> None:
    random = np.random.default_rng(2)
    strength = np.where(random.random((250, 150)) < 0.05, random.random((250, 150)), 0).astype(np.float32)
    claims = [Claim(str(number), "attributes", random.random(250) < 0.15) for number in range(60)]
    labels = label_features(strength, [[]] * 150, claims)
    assert sum(label.trusted for label in labels) <= 2


def test_a_feature_that_never_fires_says_so() -> None:
    (label,) = label_features(np.zeros((9, 1), np.float32), [[]], [Claim("red", "attributes", np.arange(9) > 4)])
    assert label.words == "never fires" and not label.trusted


@pytest.mark.long
def test_labels_hold_on_flags_that_they_were_not_made_on(flags: Dataset, model: Crisp) -> None:
    checked = check_labels(model, attributes_of(flags), repeats=1)
    assert checked["trusted"] is not None and checked["unsure"] is not None and checked["chance"] is not None
    assert checked["trusted"] > 0.65
    assert checked["trusted"] > checked["unsure"] + 0.1
    assert checked["trusted"] > checked["chance"] + 0.3


# Chance.


def test_the_tail_is_that_of_the_hypergeometric_distribution() -> None:
    having, both = np.array([3, 20, 50, 249, 0]), np.array([3, 8, 4, 12, 0])
    expected = hypergeom.sf(both - 1, 249, having, 12)
    assert tail(249, having, 12, both) == pytest.approx(expected, rel=1e-9)


def test_the_limit_of_benjamini_and_hochberg() -> None:
    # The first of their paper's example at .05: the four smallest of fifteen.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    chances += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discovery_limit(np.array(chances)) == 0.0095
    assert discovery_limit(np.ones(5)) == 0


# Atoms.


@pytest.mark.parametrize(
    ("slug", "colour", "words"),
    [
        ("japan", "red", "disc in the centre"),
        ("france", "dark blue", "bar at the hoist"),
        ("poland", "red", "lower half"),
        ("sweden", "yellow", "Nordic cross"),
        ("switzerland", "red", "field"),
        ("bahamas", "black", "triangle at the hoist"),
        ("scotland", "white", "saltire"),
        ("austria", "red", "stripes at the top and at the bottom"),
        ("ukraine", "blue", "upper half"),
        ("vietnam", "yellow", "star in the centre"),
    ],
)
def test_colours_of_real_flags_in_words(flags: Dataset, slug: str, colour: str, words: str) -> None:
    here = flags.find([slug]).labels[0] == flags.palette.names.index(colour)
    found = [said for said, _ in patches(averaged(here, (34, 51)))]
    assert found[0] == words or (words == "field" and found[0].startswith("field around a"))


def test_every_shape_is_called_by_its_own_name() -> None:
    names, masks = shapes(34, 51)
    found = [patches(mask.astype(np.float32))[0][0] for mask in masks]
    assert [name for name, said in zip(names, found, strict=True) if name != said] == []


def test_shrinking_keeps_the_mean(flags: Dataset) -> None:
    picture = flags.flags.canvas[:3, :, :, 0].astype(np.float32)
    assert averaged(picture, (7, 11)).mean((1, 2)) == pytest.approx(picture.mean((1, 2)), rel=1e-4)
    assert averaged(picture, picture.shape[1:]) == pytest.approx(picture)


def test_signed_atoms_are_the_extremes_of_the_models(toy: Dataset) -> None:
    random = np.random.default_rng(0)
    count = len(toy.flags)
    decoder = random.normal(size=(3, count)).astype(np.float32)
    model = Crisp(decoder, np.zeros(3), decoder, np.zeros(count), 0, 2, 0.25, toy)
    atoms, whole = signed_atoms(model, toy.size), model.atoms()
    assert atoms.adds == pytest.approx(np.maximum(whole.max(1), 0), abs=0.02)
    assert atoms.takes == pytest.approx(np.maximum(-whole.min(1), 0), abs=0.02)
    clear = atoms.adds > 0.1
    assert (atoms.added == whole.argmax(1))[clear].mean() > 0.98
    (one,) = signed_atoms(model, toy.size, [2]).adds
    assert one == pytest.approx(atoms.adds[2])


def test_a_networks_atoms_add_light_and_take_it(flags: Dataset) -> None:
    atoms = signed_atoms(a_network(flags), (8, 12))
    names = flags.palette.names
    assert (atoms.added[0, :4] == names.index("white")).all() and (atoms.taken[0, :4] == names.index("black")).all()
    assert not atoms.adds[0, 4:].any()
    assert (atoms.added[1, :, :4] == names.index("red")).all()
    assert not atoms.adds[2].any()


# Cards.


@pytest.mark.long
def test_cards_agree_with_the_codes(flags: Dataset, model: Crisp, known: list[FeatureCard]) -> None:
    codes = model.encode(flags.flags)
    assert [card.feature for card in known] == list(range(len(model)))
    fires = codes > 0
    for card in known:
        own = codes[:, card.feature]
        assert card.density == pytest.approx(fires[:, card.feature].mean())
        assert sum(card.counts) == fires[:, card.feature].sum()
        assert [value for _, value in card.top] == sorted((value for _, value in card.top), reverse=True)
        assert all(own[position] == value for position, value in (*card.top, *card.bottom))
        if card.top:
            assert card.max == own.max() == card.top[0][1]
        for one in card.company:
            assert one.phi == pytest.approx(np.corrcoef(fires[:, card.feature], fires[:, one.feature])[0, 1])
            assert one.both == (fires[:, card.feature] & fires[:, one.feature]).sum()
            assert one.feature != card.feature
        for fact in card.attributes:
            assert fact.precision == fact.have / fact.fires and fact.lift > 1


def test_trusted_labels_are_true_of_what_they_fire_for(flags: Dataset, model: Crisp, known: list[FeatureCard]) -> None:
    codes = model.encode(flags.flags)
    trusted = [card for card in known if card.label.trusted]
    assert len(trusted) > 0.15 * len(known)
    for card in trusted:
        holds = np.logical_and.reduce([claim.holds for claim in card.label.claims])
        own = codes[:, card.feature]
        assert card.label.precision == pytest.approx(own @ holds / own.sum()) and card.label.precision > 0.75


def test_labels_are_said_with_their_doubts(flags: Dataset, known: list[FeatureCard]) -> None:
    names, kinds = flags.flags.names, set()
    for card in known:
        words = card.label.words
        if card.label.trusted or not card.label.claims:
            kinds.add("plain")
            assert said(card, names) == words
        elif card.density >= 0.03:
            kinds.add("unsure")
            assert said(card, names) == f"unsure: {words}"
        else:
            kinds.add("like")
            assert said(card, names) == f"unsure: like {names[card.top[0][0]].title}"
    assert kinds == {"plain", "unsure", "like"}


def test_a_network_has_cards_too(flags: Dataset) -> None:
    network = a_network(flags)
    codes = network.encode(flags.flags)
    assert (codes > 0).all()
    assert ((activity(network, codes) > 0) == (codes > 0.5)).all()
    assert [card.feature for card in cards(network, measured_attributes(flags))] == [0, 1, 2, 3]


# Attributes.


def test_label_maps_say_what_a_flag_has(flags: Dataset) -> None:
    found = measured_attributes(flags)
    japan = flags.name_table()["japan"]
    assert {name for name, has in found.items() if has[japan]} >= {"white", "red", "mainly white", "red in the centre"}
    assert not found["green"][japan]
    assert not found["red at the bottom"][japan]


def test_own_pictures_are_described(flags: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    slugs = ("morocco", "sweden", "france", "new-zealand", "united-kingdom")
    own = flags.flags[[flags.name_table()[slug] for slug in slugs]]
    renamed = replace(own, names=tuple(Name(f"my-{slug}", slug) for slug in slugs))
    told: list[str] = []
    monkeypatch.setattr(attributes, "MANY", 4)
    found = attributes_of(replace(flags, flags=renamed, designs=b""), told.append)
    assert told == ["describing 5 pictures, to name features after what is on them"]

    def having(name: str) -> list[str]:
        return [slug for slug, has in zip(slugs, found[name], strict=True) if has]

    assert having("red field") == having("green star") == having("star in the centre") == ["morocco"]
    assert having("nordic cross") == having("yellow nordic cross") == ["sweden"]
    assert having("bars") == having("white bars") == ["france"]
    assert having("union jack") == ["new-zealand", "united-kingdom"] and "saltire" not in found
    assert having("canton") == ["new-zealand"]
    assert having("star") == ["morocco", "new-zealand"]
    assert "morocco" in having("mainly red")  # as it is measured
    assert "field" not in found


def test_a_table_of_facts(toy: Dataset, tmp_path: Path) -> None:
    rows = [
        "slug,colours,main,stars,nordic_cross,animal,sun_maybe,note",
        "colombia,yellow|blue|red,yellow,,,,,",
        "france,blue|white|red,,,,,,three bars",
        "japan,white|red,white,,,,yes,",
        "malaysia,red|white|blue|yellow,,1 yellow@canton,,,,",
        "morocco,red|green,red,2 green|white@centre;1 red@top-left,,,,",
        "sweden,blue|yellow,blue,,yellow,lion,,",
        "atlantis,blue,blue,,,,,",
    ]
    (tmp_path / "table.csv").write_text("\n".join(rows), encoding="utf-8")
    found = read_attributes(tmp_path / "table.csv", toy)
    assert found is not None

    def having(name: str) -> list[str]:
        return [one.slug for one, has in zip(toy.flags.names, found[name], strict=True) if has]

    assert having("green") == ["morocco"]
    assert having("mainly red") == ["morocco"]
    assert having("star") == ["malaysia", "morocco"] and having("star in the canton") == ["malaysia"]
    for name in ("green star", "white star", "red star", "star in the centre", "star in the upper hoist"):
        assert having(name) == ["morocco"]
    assert having("nordic cross") == having("yellow nordic cross") == having("animal") == having("lion") == ["sweden"]
    assert not {"note", "three bars", "sun maybe", "yes", ""} & set(found)
    (tmp_path / "table.csv").write_text("\n".join(rows[:4]), encoding="utf-8")
    assert read_attributes(tmp_path / "table.csv", toy) is None
    (tmp_path / "table.csv").write_text("name,colours\njapan,red\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="column slug"):
        read_attributes(tmp_path / "table.csv", toy)
