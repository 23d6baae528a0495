"""From an expression to a flag: `morocco + colombia - 0.5*laos + 2*f17`, `france - blue + green`.

The composite's code is the sum of the terms' codes. Drawing it takes more than decoding it: where the terms disagree,
the sum's scores are nearly equal, and the highest score of each pixel gives a speckled picture. There are four ways:

- "design", the default where all flags have a design: they settle into one (`flagsae.mixing.settle`);
- "weave", for pictures that have none: the flags are split into grounds and charges, which are combined into one flag
  (`flagsae.mixing.weaving.weave`). A term with a minus takes away what its flag shows; a feature is laid over the
  ground where its atom is strong;
- "vote": the borders of all flags' regions cut the canvas into pieces, and each piece takes one colour;
- "sum": each pixel takes the colour with the highest score, which is what the decoder says.

Words (`flagsae.mixing.said`) and terms with a minus change the design of what the other terms are
(`flagsae.mixing.change`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import channels
from flagsae.design import carried
from flagsae.errors import ExpressionError, SentenceError, UnknownName, UsageError, nearest
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.grids import FINE
from flagsae.flags.names import Name, fold
from flagsae.flags.regions import LabelMap
from flagsae.mixing import said
from flagsae.mixing.choices import METHODS
from flagsae.mixing.collage import Collage, mix_tints
from flagsae.mixing.expression import Term, hint, is_path, parse, show
from flagsae.mixing.finding import find
from flagsae.mixing.mixture import known_flags, mixed, parent_of
from flagsae.mixing.naming import mixed_name, numbered
from flagsae.mixing.parent import Parent
from flagsae.mixing.settle import Mixed
from flagsae.mixing.weaving.likeness import gallery_of
from flagsae.mixing.weaving.sources import atom_source, parents, suggested, vote
from flagsae.mixing.weaving.weave import Source, weaving
from flagsae.sae.codes import Codes, compose
from flagsae.sae.kind import FlatModel, Model, of_designs

if TYPE_CHECKING:
    from flagsae.design.design import Design
    from flagsae.mixing.said import Said

    DesignOf: TypeAlias = Callable[[Flags], Design]  # the design of a flag, N = 1

MISTYPED = 0.8  # how like a flag's name words must be to be that name, where they make no sense
MORPH_DIGITS = 4  # of an amount in a morph, so that its expression stays short
DRAWN = 612  # pixels: the width at which an edited flag is drawn to be encoded


@dataclass(frozen=True)
class Operand:
    """One term of a sum: a flag, a feature or a bare code, and how much of it."""

    title: str
    """What to call it: `Morocco`."""
    code: NDArray[np.float32]
    """K, for an amount of 1."""
    amount: float = 1.0
    """What the code is multiplied with; negative for a term with a minus."""
    flag: Flags | None = None
    """The flag (N = 1), where the term is one."""
    feature: int | None = None
    """The number of the feature, where the term is one."""
    word: str = ""
    """How an expression names it, without its edit; empty for a bare code, which no expression can name."""
    edit: str = ""
    """The edit of a flag, in its normal form: `star->sun, -red`."""
    said: Said | None = None
    """What a word says, where the term is one. `flag` is then the plain field of a colour, for ways to draw that take
    terms as pictures; None of a thing."""
    design: Design | None = None
    """Of an edited flag, or one that was read from a file with its design: what is on it."""
    source: Flags | None = None
    """Of an edited flag: what it was, N = 1."""
    notes: tuple[str, ...] = ()
    """What the edit did besides what it says."""
    place: tuple[int, int] = (0, 0)
    """Start and end of the term in the text that it was read from."""

    @property
    def is_thing(self) -> bool:
        """Whether it is a word for a thing, which has no picture."""
        return self.said is not None and self.flag is None

    def design_in(self, dataset: Dataset) -> Design | None:
        """What is on its flag; None of a term that is no flag, and of a flag without a design."""
        from flagsae.design.vectors import design_of

        if self.design is not None or self.flag is None:
            return self.design
        return design_of(dataset, self.flag)

    @property
    def written(self) -> str:
        """As an expression has it, without its amount: `morocco[star->sun]`; empty for a bare code."""
        return show([(1.0, self.word, self.edit)]) if self.word else ""


@dataclass(frozen=True)
class Composite:
    """A mixed flag: its code, and either a design or pixels."""

    code: NDArray[np.float32]
    """K."""
    design: Collage | None = None
    """The flag in flat colour; None from a model that is not flat."""
    pixels: NDArray[np.uint8] | None = None
    """H x W x 3, sRGB, from a model that is not flat; else None."""
    kind: str = ""
    """The kind of the model that made the pixels; empty for a design."""
    exact: Design | None = None
    """The flag in figures and shapes, where it is known: files are drawn from it."""
    recipe: str = ""
    """The name of the recipe by which flags were mixed."""
    says: str = ""
    """What came from which flag, in words."""
    changed: bool = False
    """Whether words or minuses changed its design."""
    notes: tuple[str, ...] = ()
    """Terms that changed nothing, with what would, and what was done besides what they say: a line each."""
    kept: tuple[tuple[str, float], ...] = ()
    """Of each flag that was mixed, by its word, the share of its features that the design has."""
    name: str = ""
    """Of flags that were mixed in equal amounts, made of theirs: `Moroccolombia`, and `Moroccolombia II` of the second
    design of the same sum."""
    number: int = 1
    """Which design of its sum it is, where flags were mixed; the best is 1."""

    def picture(self) -> NDArray[np.uint8]:
        """The flag at the size at which it was composed: 3H x 3W x 3, or H x W x 3 where there is no design; sRGB.

        Quick, and large enough for a terminal.
        """
        if self.design is not None:
            return self.design.tints[self.design.flat()]
        assert self.pixels is not None
        return self.pixels

    def flag(self, title: str, dataset: Dataset) -> Flags:
        """Its picture as a flag (N = 1) of a dataset's canvas and palette."""
        flag = dataset.make_flag(Name(title, title), self.picture())
        if self.exact is not None:
            carried.carry(flag, self.exact)
        return flag


def read(
    text: str, model: Model, memory: dict[str, Operand] | None = None, design_of: DesignOf | None = None
) -> list[Operand]:
    """The terms of an expression as codes. Raises `ExpressionError`, which points at what is wrong.

    memory: a cache of flags by the name that was typed, to which this adds. Encoding a flag takes 10 ms, so that who
    reads at each key press passes the same dictionary again, for the same model. The file of a picture that has changed
    since is not read again. design_of: makes the design of a flag that is edited.
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
                new = replace(_named(term, model, memory, design_of), amount=term.amount)
            except UnknownName as error:
                reason = f"{error} {_hint(term.name, model)}".rstrip()
                raise ExpressionError(reason, text, term.start, term.end) from None
            except SentenceError as error:
                start = term.edit_start if term.edit else term.start
                raise ExpressionError(error.reason, text, start + error.start, start + error.end) from None
        # The same flag or thing under two names is one operand.
        for position, known in enumerate(operands):
            if (known.word, known.edit) == (new.word, new.edit) or (new.said is not None and new.said.same(known.said)):
                operands[position] = replace(known, amount=known.amount + new.amount)
                break
        else:
            operands.append(replace(new, place=(term.start, term.end)))
    if not any(operand.amount for operand in operands):
        raise ExpressionError("nothing is left of this sum: add a flag", text, 0, len(text))
    return [operand for operand in operands if operand.amount]


def _named(term: Term, model: Model, memory: dict[str, Operand] | None, design_of: DesignOf | None) -> Operand:
    """The operand of a flag or of words, from `memory` where it is there. Raises `UnknownName`, or `SentenceError` for
    its edit or for words."""
    key = f"{term.name}[{term.edit}]" if term.edit else term.name
    known = None if memory is None else memory.get(key)
    if not term.edit and knows_words(model) and (words := _said(term, model.dataset)) is not None:
        operand = known or _worded(words, model)
    else:
        operand = known or _flag(term, model, design_of)
    if memory is not None:
        memory[key] = operand
    return operand


def knows_words(model: Model) -> TypeGuard[FlatModel]:
    """Whether its flags have designs, which words change."""
    return model.flat and (of_designs(model) or bool(model.dataset.designs))


def _said(term: Term, dataset: Dataset) -> Said | None:
    """What words say; None for a flag's name. Raises `SentenceError`."""
    if dataset.name_table().knows(term.name) or is_path(term.name):
        return None
    try:
        return said.read(term.name, added=term.amount >= 0)
    except SentenceError:
        if nearest(fold(term.name), [name.slug for name in dataset.flags.names], 1, least=MISTYPED):
            return None
        raise


def _flag(term: Term, model: Model, design_of: DesignOf | None) -> Operand:
    """The operand of a flag. Raises `UnknownName`, or `SentenceError` for its edit."""
    flag, word = find(term.name, model.dataset)
    if term.edit:
        return _edited(term.edit, flag, word, model, design_of)
    design = carried.design_of(flag)
    return Operand(flag.names[0].title, model.encode(flag)[0], flag=flag, word=word, design=design)


def _worded(said: Said, model: FlatModel) -> Operand:
    """The operand of words. Its code is that of a plain field in their colour, or what a white field's code has more
    with their thing on it."""
    from flagsae.mixing.change import of_words

    dataset = model.dataset
    known = said.colour in dataset.palette.names
    title, word = (said.colour, fold(said.colour)) if known else (said.text, said.text)
    alone = Operand(title, np.zeros(len(model), np.float32), word=word, said=said)
    with_it, without = (
        flag_of(of_words(terms, dataset).design, Name(fold(title), title), dataset) for terms in ([alone], [])
    )
    code = model.encode(with_it)[0]
    if said.colour:
        return replace(alone, code=code, flag=with_it)
    return replace(alone, code=np.maximum(code - model.encode(without)[0], 0))


def _edited(edit: str, source: Flags, word: str, model: Model, design_of: DesignOf | None) -> Operand:
    """The operand of a flag (N = 1) with an edit. Raises `SentenceError`."""
    from flagsae.design import render
    from flagsae.design.edit import edited
    from flagsae.design.edits.splitting import normal

    dataset = model.dataset
    if design_of is None:
        raise SentenceError("flags cannot be edited here", edit, 0, len(edit))
    of = design_of
    found = edited(of(source), edit, dataset.palette, lambda name: of(find(name, dataset)[0]))
    edit = normal(edit)
    title = f"{source.names[0].title} [{edit}]"
    flag = flag_of(found.design, Name(fold(title), title), dataset)
    return Operand(
        title,
        model.encode(flag)[0],
        flag=flag,
        word=word,
        edit=edit,
        design=render.sealed(found.design, dataset.palette),
        source=source,
        notes=found.notes,
    )


def _hint(name: str, model: Model) -> str:
    """Advice for an unknown name: that it may be a word that is mistyped, or a minus without spaces; else ""."""
    word = said.suggested(name) if knows_words(model) else ""
    return f"There is the word {word}." if word else _minus_hint(name, model.dataset)


def _minus_hint(name: str, dataset: Dataset) -> str:
    """Advice for an unknown name such as `japan-laos`, in which a flag stands on each side of a hyphen; else ""."""
    words = name.split("-")
    for position in range(1, len(words)):
        try:
            dataset.name_table()["-".join(words[:position])]
            dataset.name_table()["-".join(words[position:])]
        except UnknownName:
            continue
        return hint(name)
    return ""


def write(operands: Sequence[Operand]) -> str:
    """The expression of a sum, which `read` reads back. All operands must have a word."""
    return show([(operand.amount, operand.word, operand.edit) for operand in operands])


def title(operands: Sequence[Operand]) -> str:
    """The title of a sum: `Morocco + Colombia - 0.5*Laos`."""
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
    """The text that `read` reads back; empty if one of the terms is a bare code."""
    operands: Sequence[Operand]
    """The terms."""

    @classmethod
    def of(cls, operands: Sequence[Operand], called: str = "") -> Sum:
        """The sum of some terms. called: its title, by default made of those of the terms."""
        bare = not all(operand.word for operand in operands)
        return cls(called or title(operands), "" if bare else write(operands), tuple(operands))

    @property
    def only(self) -> Operand | None:
        """The term of a sum with one term, if that is a flag in any amount: neighbours of 2*morocco are morocco's."""
        return self.operands[0] if len(self.operands) == 1 and self.operands[0].flag is not None else None

    @property
    def known(self) -> Flags | None:
        """The flag (N = 1) of a sum that is one flag with amount 1; None for any other sum."""
        return self.only.flag if self.only is not None and self.only.amount == 1 else None


def ends(operands: Sequence[Operand]) -> tuple[Operand, Operand]:
    """The two ends of a morph: the first two terms with a plus. Raises `UsageError` if there are fewer."""
    added = [operand for operand in operands if operand.amount > 0 and operand.said is None]
    if len(added) < 2:
        raise UsageError("a morph needs two operands with a plus, as in japan + brazil")
    return added[0], added[1]


def morph(operands: Sequence[Operand], steps: int) -> list[list[Operand]]:
    """The sums of a morph from the first term with a plus to the second, in `steps` steps.

    steps: 2 at least. All other terms stay as they are. Raises `UsageError` without two terms with a plus.
    """
    first, second = ends(operands)
    rest = [operand for operand in operands if operand is not first and operand is not second]
    sums = []
    for step in range(steps):
        share = step / (steps - 1)
        pair = (
            replace(first, amount=round(first.amount * (1 - share), MORPH_DIGITS)),
            replace(second, amount=round(second.amount * share, MORPH_DIGITS)),
        )
        sums.append([part for part in (*pair, *rest) if part.amount])
    return sums


def drawn_morph(model: Model, operands: Sequence[Operand], steps: int, decode: str = "") -> Iterator[Composite]:
    """The composites of the sums of `morph`, one after another.

    Of two flags with designs, and nothing else, each step is a design on the way from one to the other
    (`flagsae.mixing.morph`). Else it is what its sum is drawn as: so much of one flag, so much of the other.
    """
    from flagsae.mixing.morph import between

    first, second = ends(operands)
    alone = model.flat and len(operands) == 2 and decode in ("", "design")
    designs = _designs_of((first, second), model.dataset) if alone else None
    for step, part in enumerate(morph(operands, steps)):
        share = step / (steps - 1)
        if designs is None or not 0 < share < 1:
            yield draw(model, part, decode)[0]
        else:
            yield _on_the_way(between(*designs, share), sum_of(part)[0], model.dataset)


def _designs_of(operands: Sequence[Operand], dataset: Dataset) -> tuple[Design, Design] | None:
    """The designs of two flags, with the tints of all their colours; None where one has none."""
    from flagsae.design import render

    found = [one.design_in(dataset) for one in operands]
    sealed = [render.sealed(one, dataset.palette) for one in found if one is not None]
    return (sealed[0], sealed[1]) if len(sealed) == 2 else None


def _on_the_way(design: Design, code: NDArray[np.float32], dataset: Dataset) -> Composite:
    """The composite of a design with colours that no palette has."""
    from flagsae.design import render

    height, width = (FINE * side for side in dataset.size)
    return Composite(code, pixels=render.picture(design, dataset.palette, width, height), exact=design)


def sum_of(operands: Sequence[Operand]) -> Codes:
    """Σ amountᵢ codeᵢ: 1 x K."""
    return compose(np.stack([operand.code for operand in operands]), [operand.amount for operand in operands])


def draw(model: Model, operands: Sequence[Operand], decode: str = "", count: int = 1) -> list[Composite]:
    """Draws Σ amountᵢ codeᵢ: the best composite, and up to `count` - 1 other designs of the same sum.

    decode: one of `METHODS`; by default "design" where all flags have one, else "weave", or "sum" with a model that is
    not flat. Raises `UsageError` for a `decode` that is unknown or that the model cannot do, and where nothing is left
    of the sum.
    """
    *_, composites = drawing(model, operands, decode, count)
    return composites


def drawing(model: Model, operands: Sequence[Operand], decode: str = "", count: int = 1) -> Iterator[list[Composite]]:
    """As `draw`, in steps: "design" and "weave" give a first composite soon, then the best ones; the others give only
    the best."""
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
    if decode in ("", "design"):
        changed = False
        for composites in _changed(model, operands, summed, count):
            changed = True
            yield composites
        if changed:
            return
    if decode in ("", "design", "weave") and any(one.is_thing for one in operands):
        raise UsageError(
            "words change designs, and there is none here: give flags that have one, to be drawn as design"
        )
    only = operands[0] if len(operands) == 1 else None
    if only is not None and only.design is not None and only.flag is not None and decode in ("", "weave"):
        yield [_of_flag(only.flag, only.design, summed[0], model.dataset)]
        return
    if (parents := _parents(model, operands, decode)) is not None:
        name = _name(operands, model.dataset)
        for found in _mixed(model, operands, parents, count):
            composites = [_of_mixed(one, summed[0], model.dataset) for one in found]
            yield [replace(one, name=numbered(name, number), number=number) for number, one in enumerate(composites, 1)]
        return
    design = _decoded(model, operands, summed, decode)
    if design is not None:
        yield [_of_flag(flag_of(design, Name("", ""), model.dataset), design, summed[0], model.dataset)]
        return
    if decode in ("", "weave"):
        sources = _sources(model, operands, summed)
        gallery = gallery_of(model.dataset, model.salience)
        for designs in weaving(sources, gallery, suggested=suggested(model, sources, summed), count=count):
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
    yield [Composite(summed[0], Collage(labels, (), tints))]


def _parents(model: FlatModel, operands: Sequence[Operand], decode: str) -> list[Parent] | None:
    """The flags of a sum that is mixed from their designs, two or more; None for any other sum."""
    flags = [one for one in operands if one.flag is not None]
    others = [one for one in operands if one.flag is None]
    if decode not in ("", "design") or len(flags) < 2 or any(one.amount < 0 for one in flags):
        return None
    if others and not (of_designs(model) and all(one.feature is not None for one in others)):
        return None
    found = []
    for one in flags:
        assert one.flag is not None
        made = parent_of(model.dataset, one.flag, one.written, one.amount, one.design)
        if made is None:
            return None
        found.append(made)
    return found


def _name(operands: Sequence[Operand], dataset: Dataset) -> str:
    """The name of a mix; "" where its flags alone do not make it: of edited flags, features, and unequal amounts."""
    if len({operand.amount for operand in operands}) > 1 or any(one.flag is None or one.edit for one in operands):
        return ""
    return mixed_name([one.title for one in operands], tuple(name.title for name in dataset.flags.names))


def _mixed(
    model: FlatModel, operands: Sequence[Operand], parents: Sequence[Parent], count: int
) -> Iterator[list[Mixed]]:
    """The designs that some flags settle into, with what the features of the sum say more or less, beside the largest
    amount of a flag."""
    features = [one for one in operands if one.feature is not None]
    most = max(one.weight for one in parents)
    for found in mixed(parents, known_flags(model.dataset), count):
        if features and of_designs(model):
            change = sum_of(features)[0] / most
            found = [replace(one, design=model.changed(one.design, change)) for one in found]
        yield found


def _changed(model: FlatModel, operands: Sequence[Operand], summed: Codes, count: int) -> Iterator[list[Composite]]:
    """What words and minuses make of the designs of the other terms; nothing where there are none of these."""
    from flagsae.mixing.change import changed, changes, of_words

    dataset = model.dataset
    others = [operand for operand in operands if not changes(operand)]
    if len(others) == len(operands) or not knows_words(model):
        return
    if not others:
        made = of_words(operands, dataset)
        yield [replace(of_design(made.design, summed[0], dataset), changed=True, notes=made.notes)]
        return
    things = any(one.is_thing for one in operands)
    for designs in _designs(model, others, count, found=things):
        composites = []
        for one in designs:
            made = changed(one.design, operands, dataset)
            says = _says_of_change(one.says, others, operands)
            composite = _of_mixed(replace(one, design=made.design, says=says), summed[0], dataset)
            composites.append(replace(composite, changed=True, notes=made.notes))
        yield composites


def _says_of_change(says: str, others: Sequence[Operand], operands: Sequence[Operand]) -> str:
    """What came from which flag, and what words and minuses changed: `France; without blue; with green`. says: of the
    design of the other terms; what these are, where that is empty."""
    from flagsae.mixing.change import changes

    told = []
    for one in filter(changes, operands):
        word = "with" if one.amount > 0 else "without"
        told.append(f"{word} {title([replace(one, amount=abs(one.amount))])}")
    return "; ".join([says or title(others), *told])


def _designs(model: FlatModel, operands: Sequence[Operand], count: int, found: bool) -> Iterator[list[Mixed]]:
    """The designs of terms with a plus, in steps; nothing where they have none. found: whether one is looked for in
    their picture then."""
    from flagsae.design.vectors import design_of

    dataset = model.dataset
    only = operands[0] if len(operands) == 1 else None
    if only is not None and only.flag is not None:
        own = only.design_in(dataset)
    elif (parents := _parents(model, operands, "")) is not None:
        yield from _mixed(model, operands, parents, count)
        return
    else:
        own = _decoded(model, operands, sum_of(operands), "")
        if own is None and found:
            own = design_of(dataset, draw(model, operands)[0].flag("", dataset))
    if own is not None:
        yield [Mixed(own, "", "", 0.0, ())]


def _of_mixed(found: Mixed, code: NDArray[np.float32], dataset: Dataset) -> Composite:
    return replace(of_design(found.design, code, dataset), recipe=found.recipe, says=found.says, kept=found.kept)


def of_design(design: Design, code: NDArray[np.float32], dataset: Dataset) -> Composite:
    """The composite of a code (K) whose design is known."""
    from flagsae.design import render

    height, width = (FINE * side for side in dataset.size)
    labels = render.label_map(design, dataset.palette, height, width)
    tints = dataset.palette.rgb.copy()
    for name, tint in design.tints:
        if name in dataset.palette.names:
            tints[dataset.palette.names.index(name)] = channels(tint.removeprefix("#"))
    return Composite(code, Collage(labels, (), tints), exact=render.sealed(design, dataset.palette))


def _decoded(model: FlatModel, operands: Sequence[Operand], summed: Codes, decode: str) -> Design | None:
    """What a model of designs makes of a sum's code: of a flag with some features turned up or down, or of features
    alone. None for any other sum."""
    flags = [operand for operand in operands if operand.flag is not None]
    only = flags[0] if len(flags) == 1 and flags[0].amount > 0 else None
    if not of_designs(model) or decode == "vote":
        return None
    if decode == "sum" or not flags:
        return model.design(summed[0]) if summed.any() else None
    features = [operand for operand in operands if operand.feature is not None]
    if only is None or only.flag is None or not features or len(features) + 1 < len(operands):
        return None
    return model.steered(only.flag, summed[0] - only.amount * only.code)


def flag_of(design: Design, name: Name, dataset: Dataset) -> Flags:
    """A design as a flag (N = 1), which carries it. It is drawn when one of its arrays is first asked for: a model of
    designs encodes it without."""

    @cache
    def made() -> Flags:
        from flagsae.design import render

        return dataset.make_flag(name, render.picture(design, dataset.palette, DRAWN))

    flag = Flags.unread((name,), lambda array: getattr(made(), array))
    carried.carry(flag, design)
    return flag


def _of_flag(flag: Flags, design: Design, code: NDArray[np.float32], dataset: Dataset) -> Composite:
    """The composite of a flag that was drawn from its design."""
    from flagsae.design import render

    return Composite(code, Collage(flag.fine[0], (), flag.tints[0]), exact=render.sealed(design, dataset.palette))


def _picture(model: FlatModel, operand: Operand) -> tuple[LabelMap, NDArray[np.uint8]]:
    """A term's fine label map (3H x 3W) and tints (C x 3): those of its flag, or those that its code decodes to."""
    if operand.flag is not None:
        return operand.flag.fine[0], operand.flag.tints[0]
    return model.decode(operand.code[None], fine=True)[0], model.dataset.palette.rgb


# The input of `weave`.


def _sources(model: FlatModel, operands: Sequence[Operand], summed: Codes) -> list[Source]:
    """The pictures of a sum's terms. Where none is a whole flag with a plus, the flags that the sum's code is made of
    take the place of those with a plus."""
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
        # Features alone. The flags that their sum is made of show them already.
        sources = [source for source in sources if source.amount < 0] + parents(model, summed[0])
    return sources
