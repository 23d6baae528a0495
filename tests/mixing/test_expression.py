"""The same text means the same in the shell, in a record and in the terminal application; an error points."""

import contextlib
import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.flags.names import read_names
from flagsae.mixing.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TERMS,
    ExpressionError,
    Term,
    edit_at,
    hint,
    join,
    operand_at,
    parse,
    show,
)
from flagsae.printable import printable


def read(text: str) -> list[tuple[float, str]]:
    """Amounts and operands of a text, a feature as f17."""
    return [(term.amount, term.name if term.feature is None else f"f{term.feature}") for term in parse(text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("morocco", [(1, "morocco")]),
        ("f17", [(1, "f17")]),
        ("morocco + colombia - 0.5*laos + 2*F17", [(1, "morocco"), (1, "colombia"), (-0.5, "laos"), (2, "f17")]),
        ("-.5*laos + 1e-3*mexico", [(-0.5, "laos"), (0.001, "mexico")]),
        ("japan*0.5 - 2*3*france*2", [(0.5, "japan"), (-12, "france")]),
        ("2*(japan + france) - f3", [(2, "japan"), (2, "france"), (-1, "f3")]),
        ("-(japan - 2*(france - (mali)*3))*2", [(-2, "japan"), (4, "france"), (-12, "mali")]),
        ("(-0.5)*japan + france*(2)", [(-0.5, "japan"), (2, "france")]),
        ("japan + -laos - -mali", [(1, "japan"), (-1, "laos"), (1, "mali")]),
        ("2 × japan − laos – mali", [(2, "japan"), (-1, "laos"), (-1, "mali")]),
        ("japan+japan - Japan*0.5 + f3 + f03", [(1.5, "japan"), (2, "f3")]),
        ("japan - japan + mali", [(0, "japan"), (1, "mali")]),
        ("./a.png + ./A.png", [(1, "./a.png"), (1, "./A.png")]),
        (" \n japan\t", [(1, "japan")]),
    ],
)
def test_a_text_is_a_list_of_amounts_and_operands(text: str, terms: list[tuple[float, str]]) -> None:
    assert read(text) == terms


@pytest.mark.parametrize(
    "name",
    [
        "south korea",
        "côte d'ivoire",
        "CÔTE D’IVOIRE",
        "trinidad & tobago",
        "st. lucia",
        "guinea-bissau",
        "japan-2",
        "seed 138",
        "f17-laos",
        "f17b",
        "日本",
        "भारत",
        "🇯🇵",
        "my_flag.png",
        "my new-flag 2.png",
        "2024.JPG",
        "./my-flag",
        "../flags/a b.webp",
        "/tmp/flag",
        "~/flag@2x.png",
        "flags/new.tiff",
        r"C:\flags\new.png",
    ],
)
def test_a_name_needs_no_quotes(name: str) -> None:
    assert read(name) == [(1, name)]
    assert read(f"2*{name} + mali - {name} - 0.5*laos") == [(1, name), (1, "mali"), (-0.5, "laos")]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("morocco[star->crescent, red->blue]", [(1, "morocco", "star->crescent, red->blue")]),
        ("2*south korea [-blue] - 0.5*laos[+star]", [(2, "south korea", "-blue"), (-0.5, "laos", "+star")]),
        ("'my - flag'[-red] + ./a b.png[+2 stars]", [(1, "my - flag", "-red"), (1, "./a b.png", "+2 stars")]),
        ("japan[-red]+japan + Japan[ -Red ]", [(2, "japan", "-red"), (1, "japan", "")]),
        ("2*(japan[+'union jack'] - japan-2[13 stars])", [(2, "japan", "+'union jack'"), (-2, "japan-2", "13 stars")]),
    ],
)
def test_behind_a_flag_brackets_hold_its_edit(text: str, terms: list[tuple[float, str, str]]) -> None:
    found = parse(text)
    assert [(term.amount, term.name, term.edit) for term in found] == terms
    for term in found:
        assert text[term.edit_start :].startswith(term.edit) and text[: term.end].endswith("]") == bool(term.edit)
    assert [(term.amount, term.name, term.edit) for term in parse(show(terms))] == terms


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("japan[]", "[]", "hold no edit"),
        ("japan[ ] + laos", "[ ]", "hold no edit"),
        ("japan[+star", "[", "this bracket is never closed"),
        ("japan[+[star]]", "[", "this bracket is never closed"),
        ("japan]", "]", "no bracket is open here"),
        ("[+star]", "[+star]", "an edit stands behind a flag"),
        ("f17[+star]", "[+star]", "an edit stands behind a flag"),
        ("2[+star]*japan", "[+star]", "an edit stands behind a flag"),
        ("(japan + laos)[+star]", "[+star]", "an edit stands behind a flag"),
        ("japan[+star][-red]", "[-red]", "one pair of brackets is enough"),
        ("japan[+star] laos", "[+star] laos", "missing between [+star] and laos"),
    ],
)
def test_brackets_elsewhere_are_pointed_at(text: str, marked: str, says: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert says in error.value.reason
    assert text[error.value.start : error.value.end] == marked


def test_in_brackets_no_flag_is_completed_and_behind_them_one_is() -> None:
    for text in ("morocco[", "morocco[st", "morocco[+st", "morocco[+st]", "morocco[+star] "):
        assert operand_at(text, len(text)) is None
        assert edit_at(text, len(text)) == (None if "]" in text else 8)
    assert operand_at("morocco[star]", 3) == (0, 7, "mor")
    assert operand_at("morocco[star] + la", 18) == (16, 18, "la")


def test_no_name_in_the_table_needs_quotes() -> None:
    for name in read_names(paths.shipped("flags.csv")):
        for text in (name.slug, name.title, *name.others):
            assert read(text) == [(1, text)]
            assert show([(1, text)]) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("'my pictures/new flag.png'", "my pictures/new flag.png"),
        ('"it\'s"', "it's"),
        ("'it''s'", "it's"),
        ("'japan - laos'", "japan - laos"),
        ("'2'", "2"),
    ],
)
def test_quotes_hold_anything(text: str, name: str) -> None:
    assert read(f"2*{text} - mali") == [(2, name), (-1, "mali")]


def test_in_quotes_f17_is_a_name() -> None:
    assert parse("'f17'") == [Term(1, "f17", None, 0, 5)]


def test_a_hyphen_before_a_factor_is_minus() -> None:
    assert read("japan-0.5*laos") == [(1, "japan"), (-0.5, "laos")]
    assert read("japan-2 * (laos)-(mali)") == [(1, "japan"), (-2, "laos"), (-1, "mali")]
    assert read("f17-2*laos") == [(1, "f17"), (-2, "laos")]


def test_a_term_knows_where_it_stands() -> None:
    text = "2*(south korea - 'my flag.png') + f17"
    assert [text[term.start : term.end] for term in parse(text)] == ["south korea", "'my flag.png'", "f17"]


@pytest.mark.parametrize(
    ("text", "says"),  # the place that is marked stands between brackets
    [
        ("[]", "nothing to mix"),
        ("[  ]", "nothing to mix"),
        ("japan [+]", "nothing follows this +"),
        ("japan [-] )", "nothing follows this -"),
        ("2[*]", "nothing follows this *"),
        ("[-]", "nothing follows this -"),
        ("japan + [*] laos", "nothing stands before this *"),
        ("2*[*]japan", "nothing stands before this *"),
        ("[×]japan", "nothing stands before this *"),
        ("[()]", "these parentheses are empty"),
        ("japan + 2*[(]laos", "this parenthesis is never closed"),
        ("japan + [(]", "this parenthesis is never closed"),
        ("japan[)] + (laos)", "no parenthesis is open here"),
        ("[)]", "no parenthesis is open here"),
        ("japan + ['']", "these quotes hold no name"),
        ("japan + [']my flag.png", "this quote is never closed"),
        ('["]', "this quote is never closed"),
        ("japan[*]laos", "added, not multiplied"),
        ("2*(japan + f3[*](laos))", "added, not multiplied"),
        ("japan + [0.5]", "0.5 alone is no flag: write 0.5*NAME"),
        ("-[2*-3] + japan", "2*-3 alone is no flag"),
        ("2*([3] + japan)", "3 alone is no flag"),
        ("[(-2)]", "(-2) alone is no flag"),
        ("japan[/]2", "write 0.5*NAME"),
        ("japan [/] 2", "write 0.5*NAME"),
        ("(japan + laos)[/]2", "write 0.5*NAME"),
        ("my pictures[/]japan", "write 0.5*NAME"),
        ("japan [÷] 2", "write 0.5*NAME"),
        ("japan[^]2", "no powers"),
        ("0[,]5*japan", "numbers have a point"),
        ("japan[,] laos", "+ between"),
        ("japan + [%]", "'%' means nothing here"),
        ("japan[\x1b]", r"'\x1b' means nothing here"),
        ("[“]japan”", "quotes"),
        ("[2 japan] + laos", "write 2*japan"),
        ("laos + [2japan]", "write 2*japan"),
        ("[2 'my\nflag']", "write 2*'my flag'"),
        ("[2 (]japan)", "write 2*(…)"),
        ("[f17 laos]", "missing between f17 and laos"),
        ("[japan f17]", "missing between japan and f17"),
        ("[japan 2]*laos", "missing between japan and 2"),
        ("[1.5.5]*japan", "missing between 1.5 and .5"),
        ("(japan[)(]laos)", "missing between ) and ("),
        ("[japan /tmp/a.png]", "missing between japan and /tmp/a.png"),
        ("[1e7]*japan", "too large: at most 1,000,000"),
        ("[1e999]*japan", "too large"),
        ("japan + 1e6*2*[laos]", "too large"),
        ("1e6*" * 60 + "0*[laos]", "too large"),  # 0 times infinity
        ("1e6*[japan] + laos + 1e6*japan", "too large"),
        (f"{'japan + ' * MAX_TERMS}[japan] + laos", "102 terms: at most 100"),
        (f"{'(' * MAX_DEPTH}[(]japan{')' * MAX_DEPTH})", "at most 50"),
        (f"{'a' * MAX_LENGTH}[b]", "10,001 characters: at most 10,000"),
    ],
)
def test_an_error_says_what_to_do_and_points(text: str, says: str) -> None:
    before, marked, after = re.split(r"[][]", text)
    with pytest.raises(ExpressionError) as error:
        parse(before + marked + after)
    assert says in error.value.reason
    assert (error.value.start, error.value.end) == (len(before), len(before + marked))
    assert error.value.text == before + marked + after


def test_the_message_is_one_line_with_the_column_and_the_text() -> None:
    with pytest.raises(UsageError) as error:
        parse("japan +\nlaos / 2")
    assert str(error.value) == (r"there is no division: write 0.5*NAME instead (column 14 of 'japan +\nlaos / 2')")
    assert error.value.exit_code == 2


def test_of_a_long_text_the_message_shows_the_place() -> None:
    with pytest.raises(ExpressionError, match=r"\(column 309 of '….*laos \^ laos.*…'\)") as error:
        parse("+ laos " * 44 + "^ laos " * 44)
    assert len(str(error.value)) < 160


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["morocco", "colombia"], "morocco + colombia"),
        (["morocco", "+", "colombia", "-", "0.5*laos"], "morocco + colombia - 0.5*laos"),
        (["south korea", "my flag.png", "f17"], "south korea + my flag.png + f17"),
        (["japan + france", "-laos"], "japan + france -laos"),
        (["a", "b*2", "*", "3"], "a + b*2 * 3"),
        (["2*", "a", "0.5", "*b"], "2* a + 0.5 *b"),
        (["(a", "+", "b)", "(c)"], "(a + b) + (c)"),
        (["IMG (1).png", "a"], "'IMG (1).png' + a"),
        (["a", "my pictures/new flag.png", "2024 flag.png"], "a + 'my pictures/new flag.png' + '2024 flag.png'"),
        (["(./a.png", "./b (1).png", ")"], "(./a.png + './b (1).png' )"),
        (["a", "/", "2"], "a / 2"),
        (["morocco[star->sun]", "laos", "[+star]", "f17"], "morocco[star->sun] + laos [+star] + f17"),
        (["IMG [1].png", "x.png[+star]"], "'IMG [1].png' + x.png[+star]"),
        (["", "a"], "'' a"),
        ([], ""),
    ],
)
def test_words_of_the_shell_become_a_sum(words: list[str], text: str) -> None:
    assert join(words) == text


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ([(1, "Morocco"), (-0.5, "Laos")], "Morocco - 0.5*Laos"),
        ([(-1, "Laos"), (2.0, "f17"), (1e-5, "Mali")], "-Laos + 2*f17 + 1e-05*Mali"),
        ([(1e6, "a - b"), (-0.0, "it's - a"), (1, "2")], "1000000*'a - b' + 0*\"it's - a\" + '2'"),
        ([], ""),
    ],
)
def test_terms_have_one_text(terms: list[tuple[float, str]], text: str) -> None:
    assert show(terms) == text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("morocco-laos", "minus needs spaces around it: morocco - laos"),
        ("f17-south korea", "minus needs spaces around it: f17 - south korea"),
        ("morocco", ""),
        ("./my-flag.png", ""),
        ("my-flag.PNG", ""),
    ],
)
def test_a_hyphen_may_have_been_meant_as_minus(name: str, says: str) -> None:
    assert hint(name) == says
    assert read(name) == [(1, name)]


@pytest.mark.parametrize(
    "text",  # the cursor is at |, what is completed stands between brackets
    [
        "[|]",
        "[col|]",
        "morocco + [col|]",
        "morocco + [|]",
        "morocco - 0.5*[la|] + japan",
        "2*([|])",
        "-[ja|pan] - laos",
        "[south k|orea] + japan",
        "[south korea|]",
        "[guinea-|]",
        "[côte d'|]",
        "[f1|]",
        "[f1|7] + japan",
        "[./my|-flag.png]",
        "2*'[my fl|ag]' + japan",
        "'[south |korea]'",
        "'[|]'",
        "japan + '[south ko|]",
        "'[south ko|] + japan",
        "[|]japan",
        "[a|](2)",
    ],
)
def test_a_cursor_is_in_an_operand(text: str) -> None:
    before, marked, after = re.split(r"[][]", text)
    typed, rest = marked.split("|")
    whole = before + typed + rest + after
    assert operand_at(whole, len(before + typed)) == (len(before), len(before + typed + rest), typed)


@pytest.mark.parametrize(
    "text",
    [
        "morocco |",
        "south | korea",
        "f17 |",
        "f17 la|",
        "japan 'so|",
        "2|",
        "1|.5*japan",
        "|1.5*japan",
        "japan-|0.5*laos",
        "(-|0.5)*japan",
        "2 |",
        "2 jap|",
        "(japan)|",
        "(japan) |",
        "'japan'|",
        "'japan' |",
        "japan / fr|",
        f"{'a' * MAX_LENGTH}b|",
    ],
)
def test_where_no_name_can_be_nothing_is_completed(text: str) -> None:
    assert operand_at(text.replace("|", ""), text.index("|")) is None


@pytest.mark.long
def test_every_name_can_be_completed_from_anywhere_in_it() -> None:
    for name in read_names(paths.shipped("flags.csv")):
        for text in (name.slug, name.title, *name.others):
            for typed in (text[:length] for length in range(1, len(text) + 1)):
                found = None if typed[-1] == " " else (2, 2 + len(text), typed)
                assert operand_at(f"2*{text} - 0.5*laos", 2 + len(typed)) == found


NAMES = st.one_of(st.text(min_size=1, max_size=8), st.text("abf17 .5-+*/()[]'\"", min_size=1, max_size=8))
AMOUNTS = st.floats(-1e5, 1e5)
# Equal names would be merged; upper case has names of its own.
TERMS = st.lists(
    st.tuples(AMOUNTS, NAMES.filter(lambda name: bool(name.strip()))),
    min_size=1,
    max_size=8,
    unique_by=lambda term: " ".join(term[1].casefold().split()),
)
WILD = st.one_of(st.text(), st.text("abf17 .5+-*/()[]'\"^,−×2e\n"))


def canonical(terms: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """With features as `read` has them: f017 is f17."""
    return [(amount, re.sub(r"^[fF]([0-9]{1,9})$", lambda found: f"f{int(found[1])}", name)) for amount, name in terms]


@pytest.mark.long
@given(TERMS.filter(lambda terms: len({name for _, name in canonical(terms)}) == len(terms)))
def test_what_is_shown_is_read_back(terms: list[tuple[float, str]]) -> None:
    assert read(show(terms)) == canonical(terms)
    assert read(join([show([term]) for term in terms])) == canonical(terms)


@pytest.mark.long
@given(TERMS)
def test_a_factor_before_a_sum_scales_each_amount(terms: list[tuple[float, str]]) -> None:
    once = read(show(terms))
    assert read(f"2*({show(terms)})") == [(2 * amount, name) for amount, name in once]
    assert read(f"-({show(terms)}) * 0.5") == [(-0.5 * amount, name) for amount, name in once]


SUMS = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "+", " - ", " +- ", "- -"]), inner).map("".join),
        st.tuples(st.sampled_from(["", "-", "2*", "-.5 * ", "3*-2*", "(-1)*"]), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, st.sampled_from(["*4", "* -0.5*2", "*(2)"])).map("({0[0]}){0[1]}".format),
    ),
    max_leaves=20,
)


@pytest.mark.long
@given(SUMS)
def test_python_comes_to_the_same_amounts(text: str) -> None:
    expected = eval(text, dict(zip("abc", np.eye(3), strict=True)))
    amounts = {name: amount for amount, name in read(text)}
    assert [amounts.get(name, 0) for name in "abc"] == expected.tolist()


@pytest.mark.long
@given(WILD)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        terms = parse(text)
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.start < error.end or not text
        assert len(str(error).splitlines()) == 1
        assert str(error) == printable(str(error))
    else:
        assert terms
        for term in terms:
            assert 0 <= term.start < term.end <= len(text)
            assert (term.feature is None) == bool(term.name)
        if "f" not in text.casefold():  # 'f17' in quotes is shown as f17
            named = [(term.amount, term.name, term.edit) for term in terms]
            assert [(term.amount, term.name, term.edit) for term in parse(show(named))] == named


@pytest.mark.long
@given(WILD, st.integers(-2, 60))
def test_any_cursor_in_any_text_has_an_operand_or_none(text: str, position: int) -> None:
    found = operand_at(text, position)
    if found is None:
        return
    start, end, typed = found
    assert 0 <= start <= position <= end <= len(text)
    assert text[start:position] == typed
    if not text[:start].endswith("-"):  # a-./b is a minus, a-fiji is a name
        again = operand_at(f"{text[:start]}fiji{text[end:]}", start + 4)
        assert again is not None and again[::2] == (start, "fiji")


@pytest.mark.long
@given(st.lists(WILD))
def test_any_words_are_joined(words: list[str]) -> None:
    assert isinstance(join(words), str)


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["(", "-", "1.", ".1 ", "'", "a'", "a-", "a ", "a.png ", "~/", "2*", "(a*", '"', "é", "[", "a[", "a[b]"]
)
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = piece * (MAX_LENGTH // len(piece))
    start = time.process_time()
    with contextlib.suppress(ExpressionError):
        parse(text)
    assert time.process_time() - start < 2
