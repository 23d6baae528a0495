"""From an expression to a flag: `morocco + colombia - 0.5*laos + 2*f17`.

The sum of the terms' codes is the composite's code. Drawing it is another matter: where the terms disagree the
scores of a sum tie, and a plain argmax speckles. Three ways to draw one:

- "weave", the default: the flags of the sum are taken apart and put together again as one design
  (`flagsae.mixing.weave`). A minus takes away what its flag shows; a feature is laid over the ground where its atom
  is strong;
- "vote": the flags' own label maps cut the canvas, and each piece takes one colour;
- "sum": the highest score of each pixel, which is what the decoder says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Design, mix_tints
from flagsae.design.segment import NOTHING
from flagsae.errors import ExpressionError, UnknownName, UsageError
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.names import Name, fold
from flagsae.flags.regions import LabelMap, connected_regions, dissolve, region_areas
from flagsae.mixing.choices import METHODS
from flagsae.mixing.expression import hint, parse, show
from flagsae.mixing.likeness import gallery_of
from flagsae.mixing.weave import Source, weaving
from flagsae.sae.codes import Codes, compose
from flagsae.sae.kind import FlatModel, Model

SPECK = 0.0006  # regions of a voted composite under this share of it are dissolved
ACTIVE = 0.5  # a feature shows where its atom's score, times its amount, is over this; a flag's own is about 1
CORE = 0.5  # of an atom's highest scores; below this share, ignore as residue of other flags
MOST_PARENTS = 3  # of a code that comes without its flags
LEAST_GAIN = 0.04  # what a further parent must explain of a picture


@dataclass(frozen=True)
class Operand:
    """One term of a sum. code: K, for an amount of 1; flag: the flag itself (N = 1) and feature: its number, where
    the term is one of these and not a bare code; word: how an expression names it; place: where it stands in the one
    that it was read from, start and end."""

    title: str
    code: NDArray[np.float32]
    amount: float = 1.0
    flag: Flags | None = None
    feature: int | None = None
    word: str = ""
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Composite:
    """A mixed flag: in flat colour, or in pixels where its model is not flat."""

    code: NDArray[np.float32]
    """Of the sum: K."""
    design: Design | None = None
    """It in flat colour."""
    pixels: NDArray[np.uint8] | None = None
    """It in pixels: H x W x 3, sRGB."""
    kind: str = ""
    """Of the model that made the pixels."""

    def picture(self) -> NDArray[np.uint8]:
        """It as large as it was composed, sRGB: quick, and enough for a terminal."""
        if self.design is not None:
            return self.design.tints[self.design.flat()]
        assert self.pixels is not None
        return self.pixels

    def flag(self, title: str, dataset: Dataset) -> Flags:
        """Its picture as a flag (N = 1) of a dataset's canvas and palette."""
        return dataset.make_flag(Name(title, title), self.picture())


def read(text: str, model: Model, memory: dict[str, Operand] | None = None) -> list[Operand]:
    """The terms of an expression as codes. Raises `ExpressionError`, which points at what is wrong.

    memory: the flags of this model that were read before, by what they were called, to which this adds.
    Encoding a flag takes 10 ms: whoever reads at each key gives the same memory again. It has a picture's file as it
    was when it was read.
    """
    operands: list[Operand] = []
    for term in parse(text):
        if term.feature is not None:
            if term.feature >= len(model):
                reason = f"this model has features f0 to f{len(model) - 1}"
                raise ExpressionError(reason, text, term.start, term.end)
            code = np.zeros(len(model), np.float32)
            code[term.feature] = 1
            name = f"f{term.feature}"
            new = Operand(name, code, term.amount, feature=term.feature, word=name)
        else:
            try:
                new = replace(_flag(term.name, model, memory), amount=term.amount)
            except UnknownName as error:
                reason = f"{error} {_minus_hint(term.name, model.dataset)}".rstrip()
                raise ExpressionError(reason, text, term.start, term.end) from None
        # One flag under two names is one operand.
        for position, known in enumerate(operands):
            if known.word == new.word:
                operands[position] = replace(known, amount=known.amount + new.amount)
                break
        else:
            operands.append(replace(new, place=(term.start, term.end)))
    if not any(operand.amount for operand in operands):
        raise ExpressionError("nothing is left of this sum: add a flag", text, 0, len(text))
    return [operand for operand in operands if operand.amount]


def _flag(name: str, model: Model, memory: dict[str, Operand] | None) -> Operand:
    """A flag, once, by what it is called."""
    if memory is not None and name in memory:
        return memory[name]
    flag, word = find(name, model.dataset)
    operand = Operand(flag.names[0].title, model.encode(flag)[0], flag=flag, word=word)
    if memory is not None:
        memory[name] = operand
    return operand


def _minus_hint(name: str, dataset: Dataset) -> str:
    """What to say of `japan-laos`, which has a flag on either side of its hyphen."""
    words = name.split("-")
    for position in range(1, len(words)):
        try:
            dataset.name_table()["-".join(words[:position])]
            dataset.name_table()["-".join(words[position:])]
        except UnknownName:
            continue
        return hint(name)
    return ""


def find(name: str, dataset: Dataset) -> tuple[Flags, str]:
    """A flag by what it is called, a plain field by the name of a colour, or a picture by its path; N = 1.

    The word names it in an expression of the same dataset: a slug, or the path as it is.
    """
    try:
        flag = dataset.flags[[dataset.name_table()[name]]]
        return flag, flag.names[0].slug
    except UnknownName:
        for colour, rgb in zip(dataset.palette.names, dataset.palette.rgb, strict=True):
            if fold(colour) == fold(name):
                height, width = dataset.size
                plain = np.broadcast_to(rgb, (height, width, 3)).astype(np.uint8)
                return dataset.make_flag(Name(fold(colour), colour), plain), fold(colour)
        return dataset.find([name]), name


def write(operands: Sequence[Operand]) -> str:
    """The expression of a sum, which `read` reads again. Operands that have no word cannot be written."""
    return show([(operand.amount, operand.word) for operand in operands])


def title(operands: Sequence[Operand]) -> str:
    """What to call a sum: `Morocco + Colombia - 0.5*Laos`."""
    words = []
    for position, operand in enumerate(operands):
        sign = "-" if operand.amount < 0 else "+"
        amount = abs(operand.amount)
        name = operand.title if amount == 1 else f"{amount:g}*{operand.title}"
        words.append(name if position == 0 and sign == "+" else f"{sign} {name}" if position else f"-{name}")
    return " ".join(words)


@dataclass(frozen=True, eq=False)
class Sum:
    """Terms that are drawn as one flag. `Sample` and `Mix` are sums that have been drawn."""

    title: str
    """What to call it: `Morocco + Colombia - 0.5*Laos`."""
    expression: str
    """As `read` reads it; empty where a bare code has a part in it."""
    operands: Sequence[Operand]
    """The terms."""

    @classmethod
    def of(cls, operands: Sequence[Operand], called: str = "") -> Sum:
        """called: its title, where that is not made of those of its terms."""
        bare = not all(operand.word for operand in operands)
        return cls(called or title(operands), "" if bare else write(operands), tuple(operands))

    @property
    def only(self) -> Operand | None:
        """Its one term, where that is a flag: 2*morocco is like what morocco is like."""
        return self.operands[0] if len(self.operands) == 1 and self.operands[0].flag is not None else None

    @property
    def known(self) -> Flags | None:
        """The flag (N = 1) that it is: 2*morocco is another one."""
        return self.only.flag if self.only is not None and self.only.amount == 1 else None


def ends(operands: Sequence[Operand]) -> tuple[Operand, Operand]:
    """What a morph is between: the first two terms with a plus. Raises `UsageError` where there are none."""
    added = [operand for operand in operands if operand.amount > 0]
    if len(added) < 2:
        raise UsageError("a morph needs two operands with a plus, as in japan + brazil")
    return added[0], added[1]


def morph(operands: Sequence[Operand], steps: int) -> list[list[Operand]]:
    """From the first term with a plus to the second in so many steps, 2 at least; any others stay as they are."""
    first, second = ends(operands)
    rest = [operand for operand in operands if operand is not first and operand is not second]
    sums = []
    for step in range(steps):
        share = step / (steps - 1)
        pair = (
            replace(first, amount=round(first.amount * (1 - share), 4)),
            replace(second, amount=round(second.amount * share, 4)),
        )
        sums.append([part for part in (*pair, *rest) if part.amount])
    return sums


def sum_of(operands: Sequence[Operand]) -> Codes:
    """Σ amountᵢ codeᵢ: 1 x K."""
    return compose(np.stack([operand.code for operand in operands]), [operand.amount for operand in operands])


def draw(model: Model, operands: Sequence[Operand], decode: str = "", count: int = 1) -> list[Composite]:
    """Draws Σ amountᵢ codeᵢ: the best composite, and up to `count` - 1 other designs for the same sum.

    Raises `UsageError` for an unknown way to decode, and where nothing is left of the sum.
    """
    *_, composites = drawing(model, operands, decode, count)
    return composites


def drawing(model: Model, operands: Sequence[Operand], decode: str = "", count: int = 1) -> Iterator[list[Composite]]:
    """As `draw`, in steps: by "weave" a first composite, soon, then the best ones; by another `decode` these alone."""
    summed = sum_of(operands)
    if not any(operand.amount > 0 for operand in operands) or (decode in ("vote", "sum") and not summed.any()):
        raise UsageError("nothing is left of this sum: add a flag")
    if not model.flat:
        if decode not in ("", "sum"):
            reason = f"{decode} needs flat colour: the {model.kind} preset decodes by sum alone"
            raise UsageError(reason, parameter="decode")
        yield [Composite(summed[0], pixels=model.decode(summed)[0], kind=model.kind)]
        return
    if decode not in ("", *METHODS):
        raise UsageError(f"is one of {', '.join(METHODS)}, not {decode!r}", parameter="decode")
    if decode in ("", "weave"):
        sources = _sources(model, operands, summed)
        gallery = gallery_of(model.dataset, model.salience)
        for designs in weaving(sources, gallery, suggested=_suggested(model, sources, summed), count=count):
            yield [Composite(summed[0], design) for design in designs]
        return
    scores = model.scores(summed, fine=True)[0]
    pictures = [_picture(model, operand) for operand in operands]
    amounts = [operand.amount for operand in operands]
    if decode == "sum":
        labels = scores.argmax(0).astype(np.uint8)
    else:
        active = [labels for (labels, _), amount in zip(pictures, amounts, strict=True) if amount > 0]
        labels = vote(np.stack(active or [labels for labels, _ in pictures]), scores)
    tints = mix_tints([labels for labels, _ in pictures], [tints for _, tints in pictures], amounts)
    yield [Composite(summed[0], Design(labels, (), tints))]


def _picture(model: FlatModel, operand: Operand) -> tuple[LabelMap, NDArray[np.uint8]]:
    """A term's fine label map and tints: the flag's own, or what the model makes of its code."""
    if operand.flag is not None:
        return operand.flag.fine[0], operand.flag.tints[0]
    return model.decode(operand.code[None], fine=True)[0], model.dataset.palette.rgb


# What `weave` needs to know about a sum.


def _sources(model: FlatModel, operands: Sequence[Operand], summed: Codes) -> list[Source]:
    """The pictures behind a sum; where none of them is a whole flag with a plus, those that its code is made of."""
    sources: list[Source] = []
    for operand in operands:
        if operand.flag is not None:
            sources.append(Source(operand.flag.fine[0], operand.flag.tints[0], operand.amount))
        elif operand.feature is not None:
            sources += atom_source(model, operand.feature, operand.amount)
        else:
            sources += [
                replace(source, amount=source.amount * operand.amount) for source in parents(model, operand.code)
            ]
    if not any(source.amount > 0 and source.whole for source in sources):
        # Features alone: the flags that they are made of, which show them already.
        sources = [source for source in sources if source.amount < 0] + parents(model, summed[0])
    return sources


def parents(model: FlatModel, code: NDArray[np.float32]) -> list[Source]:
    """The flags that a bare code is made of: pursuit, by the picture that it decodes to. Amounts sum to 1."""
    gallery = gallery_of(model.dataset, model.salience)
    weight, place = gallery.column(gallery.small(model.decode(code[None], fine=True)[0]))
    products, norm = weight @ gallery.inputs[place], weight @ weight
    chosen: list[int] = []
    amounts: NDArray[np.floating] = np.zeros(0)
    explained = 0.0
    for _ in range(MOST_PARENTS):
        left = products - gallery.gram[:, chosen] @ amounts
        left[chosen] = -np.inf
        trial = [*chosen, int((left / np.sqrt(np.diag(gallery.gram))).argmax())]
        gram = gallery.gram[np.ix_(trial, trial)]
        solved = np.linalg.lstsq(gram, products[trial], rcond=None)[0]
        gain = float(solved @ products[trial] / norm) - explained
        if chosen and (gain < LEAST_GAIN or solved.min() < 0.25 * solved.max()):
            break
        chosen, amounts, explained = trial, solved, explained + gain
    known = gallery.known
    return [
        Source(known.fine[flag], known.tints[flag], float(amount / amounts.sum()))
        for flag, amount in zip(chosen, amounts, strict=True)
    ]


def atom_source(model: FlatModel, feature: int, amount: float) -> list[Source]:
    """What a feature adds to a picture, or takes from it: its atom where it is strong; none where it is too weak."""
    code = np.zeros((1, len(model)), np.float32)
    code[0, feature] = 1
    atom = (model.scores(code, fine=True) - model.scores(0 * code, fine=True))[0]  # (C, 3H, 3W)
    labels = atom.argmax(0).astype(np.uint8)
    strength = atom.max(0)
    active = (abs(amount) * strength > ACTIVE) & (strength > CORE * np.quantile(strength, 0.98))
    shown = np.where(active, labels, NOTHING).astype(np.uint8)
    # Specks of an atom are what is left of other flags.
    regions = connected_regions(shown)
    small = region_areas(regions) < 0.01 * shown.size
    shown[small[regions]] = NOTHING
    if (shown == NOTHING).all():
        return []
    return [Source(dissolve(shown, round(0.01 * shown.size)), model.atom_tints(feature), amount)]


def _suggested(model: FlatModel, sources: Sequence[Source], summed: Codes) -> list[int]:
    """Colours that may come where a minus takes one away: what the decoder makes of the rest, then what it has not."""
    against = [source for source in sources if source.amount < 0]
    if not against:
        return []
    colours = len(model.dataset.palette)

    def shares(labels: LabelMap) -> NDArray[np.float64]:
        return np.bincount(labels[labels != NOTHING], minlength=colours) / labels.size

    unwanted = np.max([shares(source.labels) for source in against], axis=0) > 0.05
    left = shares(model.decode(summed)[0])
    usual = shares(model.dataset.flags.labels)
    order = np.argsort(-(left + 0.1 * usual), kind="stable")
    return [int(colour) for colour in order if not unwanted[colour]][:4]


def vote(parents: NDArray[np.uint8], scores: NDArray[np.float32]) -> LabelMap:
    """The regions that the parents cut, each in its best colour. parents: n x h x w; scores: C x h x w; h x w.

    Grounds cut each other; a charge (a region off the frame) is cut by nothing larger, so that a star stays a
    star across two stripes. A pixel's scores are already weighted by the salience of the region that it lies
    in: a star outvotes the field around it.
    """
    speck = max(2, round(SPECK * parents[0].size))
    clean = [dissolve(parent, speck) for parent in parents]
    joint = np.zeros(parents[0].shape, np.int64)
    charges = []
    for parent in clean:
        joint = joint * len(scores) + parent
        own = connected_regions(parent)
        framed = np.unique(np.concatenate([own[0], own[-1], own[:, 0], own[:, -1]]))
        areas = region_areas(own)
        charges += [(int(areas[number]), own, number) for number in np.setdiff1d(np.arange(len(areas)), framed)]
    regions = connected_regions(joint).astype(np.int64)
    for _, own, number in sorted(charges, key=lambda charge: -charge[0]):
        regions[own == number] = regions.max() + 1
    votes = np.stack([np.bincount(regions.ravel(), score.ravel()) for score in scores])
    return dissolve(votes.argmax(0).astype(np.uint8)[regions], speck)
