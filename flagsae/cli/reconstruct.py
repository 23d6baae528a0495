"""`flagsae reconstruct afghanistan`: a flag, what the model makes of it, and the error in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, picture_row, record, words
from flagsae.design.vocabulary import capitalized

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.flags.dataset import Flags
    from flagsae.workspace.workspace import Workspace


@grouped
def command(flags: options.Operands, *, source: Source, request: OutputRequest) -> None:
    """Encode flags and decode them again: the original beside the reconstruction.

    flagsae reconstruct afghanistan

    A model of designs settles the features into a design, says it, and names what it has no feature for.

    In a pipe it writes JSON lines {"name", "code", "model", "pixel_accuracy", "psnr", "fvu", "l0"}, and of a model of
    designs {"text", "design", "unsaid": [{"feature", "weight"}]}.
    """
    request.check(".png")
    import numpy as np

    from flagsae.errors import UsageError
    from flagsae.mixing.finding import find
    from flagsae.sae import metrics
    from flagsae.sae.codes import sparse
    from flagsae.visual.paint import png, scale

    if "-" in flags:
        raise UsageError("reconstruct needs the flags themselves: give names or pictures, not -")
    request.check_count(len(flags))
    workspace = source.open(request.note)
    dataset, loaded = workspace.dataset, workspace.model
    mean = dataset.flags.canvas.mean(0)
    for word in flags:
        flag, _ = find(word, dataset)
        name = flag.names[0]
        codes = loaded.encode(flag)
        rebuilt, labels = loaded.rebuild(codes, flag)
        figures = {
            "pixel_accuracy": None if labels is None else float(metrics.pixel_accuracy(flag.labels, labels)[0]),
            "psnr": float(metrics.psnr(flag.canvas, rebuilt)[0]),
            "fvu": metrics.fvu(flag.canvas, rebuilt, mean),
            "l0": int((codes[0] > loaded.active_above).sum()),
        }
        if not np.isfinite(figures["psnr"] or 0):
            figures["psnr"] = None  # infinite, as nothing differs: JSON has no number for it
        settled = _settled(workspace, flag, codes[0])
        said = [in_words(figures), *_said(settled)]
        if request.viewer is not None:
            from flagsae.workspace.scenes import scene_of_flag

            request.viewer.show(
                scene_of_flag(workspace, flag, "\n".join(said), request.viewer.width), one_of=len(flags)
            )
            if not request.output:
                for line in said:
                    console().print(words(line))
            continue
        if request.output:
            wide = np.hstack([flag.canvas[0], rebuilt[0]])
            path = f"{request.output}{name.slug}.png" if request.in_folder else ""
            about = {"Title": f"{name.title}, and its reconstruction", "flagsae:model": loaded.hash}
            height = round(request.size * wide.shape[0] / wide.shape[1])
            request.write(png(scale(wide, request.size, height), about), path)
        if request.drawn:
            out = console()
            out.print(picture_row([(name.title, flag.canvas[0]), ("reconstruction", rebuilt[0])], out))
            for line in said:
                out.print(words(line))
        elif request.recorded:
            record(name=name.slug, code=sparse(codes[0]), model=loaded.hash, **figures, **settled)


def _settled(workspace: Workspace, flag: Flags, code: NDArray[np.float32]) -> dict[str, Any]:
    """What a model of designs makes of a flag's code (K), for a record; nothing of another model."""
    from flagsae.design.elements import elements
    from flagsae.design.vocabulary import sentence
    from flagsae.sae.kind import of_designs
    from flagsae.workspace.records import weights

    if not of_designs(workspace.model):
        return {}
    design = workspace.model.design(code)
    left = weights(workspace.unsaid(flag))
    return {"text": sentence(elements(design)), "design": design.record(), "unsaid": left}


def _said(settled: dict[str, Any]) -> list[str]:
    """The same in lines."""
    if not settled:
        return []
    left = ", ".join(one["feature"] for one in settled["unsaid"])
    return [f"{capitalized(settled['text'])}.", *([f"no feature says: {left}"] if left else [])]


def in_words(figures: dict[str, float | None]) -> str:
    """The figures of a reconstruction, in a line."""
    accuracy, psnr = figures["pixel_accuracy"], figures["psnr"]
    words = [] if accuracy is None else [f"{100 * accuracy:.1f} % of pixels in the right colour"]
    words.append("identical" if psnr is None else f"PSNR {psnr:.1f} dB")
    words.append(f"FVU {figures['fvu']:.3f}")
    words.append(f"{figures['l0']} features")
    return ", ".join(words)
