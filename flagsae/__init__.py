"""Learn, with sparse autoencoders, what the world's flags are made of, and mix new ones.

For scripts and notebooks:

    import flagsae

    mix = flagsae.compose("morocco", "colombia")  # in a notebook it shows itself
    mix.save("new.svg")
    mix.text, mix.code, mix.design, mix.picture, mix.record
    flagsae.describe("morocco").text
    flagsae.sample(4, seed=7)
    flagsae.open(data="logos", model="mine").compose("one", "two")

To read the code, begin with `flagsae/sae/crisp.py`: everything else brings pictures to it or shows what it gives.
"""

__version__ = "0.1.0"
__all__ = ["compose", "describe", "open", "sample"]

TYPE_CHECKING = False  # as `typing` has it, which takes as long to import as all that happens here may take
if TYPE_CHECKING:
    from flagsae.workspace.verbs import compose, describe, open, sample


def __getattr__(name: str) -> object:
    """The verbs come with their modules when one of them is first asked for: `import flagsae` is free."""
    if name in __all__:
        from flagsae.workspace import verbs

        return getattr(verbs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
