"""Learn, with sparse autoencoders, what the world's flags are made of, and mix new ones.

For scripts and notebooks:

    import flagsae

    mix = flagsae.compose("morocco", "colombia")  # a notebook shows it as a picture
    mix.save("new.svg")
    mix.text, mix.code, mix.design, mix.picture, mix.record
    flagsae.describe("morocco").text
    flagsae.draw("red field; green star in the centre").save("mine.png")
    flagsae.sample(4, seed=7)
    flagsae.open(data="logos", model="mine").compose("one", "two")

To read the code, begin with `flagsae/sae/design.py`, the main model. Everything else prepares pictures for it, or shows
what it computes.
"""

__version__ = "0.1.0"
__all__ = ["compose", "describe", "draw", "open", "sample"]

TYPE_CHECKING = False  # like `typing.TYPE_CHECKING`; importing `typing` would take too long here
if TYPE_CHECKING:
    from flagsae.workspace.verbs import compose, describe, draw, open, sample


def __getattr__(name: str) -> object:
    """Imports the verbs when one of them is first used, so that `import flagsae` takes no time."""
    if name in __all__:
        from flagsae.workspace import verbs

        return getattr(verbs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
