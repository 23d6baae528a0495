"""`flagsae reconstruct afghanistan`: a flag, what the model makes of it, and the error in numbers."""

from __future__ import annotations

from functools import partial

from flagsae.cli import options
from flagsae.cli.screen import alike, check_count, check_output, console, draws, note, record, write


def command(
    flags: options.Operands,
    data: options.Data = "",
    model: options.ModelName = "",
    view: options.View = "",
    output: options.Output = "",
    size: options.Size = 1200,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Encode flags and decode them again: the original beside the reconstruction.

    flagsae reconstruct afghanistan

    In a pipe it writes JSON lines {"name", "code", "model", "pixel_accuracy", "psnr", "fvu", "l0"}.
    """
    from flagsae.cli.views import open_view

    seen = open_view(view, output, size, json, quiet)
    if seen is None:
        check_output(output)
    import numpy as np

    from flagsae.errors import UsageError
    from flagsae.sae import metrics
    from flagsae.sae.codes import sparse
    from flagsae.visual.paint import png, scale
    from flagsae.workspace.workspace import open_workspace

    if "-" in flags:
        raise UsageError("reconstruct needs the flags themselves: give names or pictures, not -")
    check_count(output, len(flags))
    workspace = open_workspace(data, model, partial(note, quiet=quiet))
    dataset, loaded = workspace.dataset, workspace.model
    mean = dataset.flags.canvas.mean(0)
    for word in flags:
        flag = dataset.find([word])
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
            figures["psnr"] = None  # nothing differs; JSON has no infinity
        if seen is not None:
            from flagsae.workspace.scenes import scene_of_flag

            words = in_words(figures)
            seen.show(scene_of_flag(workspace, flag, words, seen.width), one_of=len(flags))
            if not output:
                console().print(words)
            continue
        if output:
            wide = np.hstack([flag.canvas[0], rebuilt[0]])
            path = f"{output}{name.slug}.png" if output.endswith("/") else output
            about = {"Title": f"{name.title}, and its reconstruction", "flagsae:model": loaded.hash}
            write(png(scale(wide, size, round(size * wide.shape[0] / wide.shape[1])), about), path, quiet)
        if output == "-":
            continue
        if draws(json):
            out = console()
            out.print(alike([(name.title, flag.canvas[0]), ("reconstruction", rebuilt[0])], out))
            out.print(in_words(figures))
        elif json or not output:
            record(name=name.slug, code=sparse(codes[0]), model=loaded.hash, **figures)


def in_words(figures: dict[str, float | None]) -> str:
    accuracy, psnr = figures["pixel_accuracy"], figures["psnr"]
    words = [] if accuracy is None else [f"{100 * accuracy:.1f} % of pixels in the right colour"]
    words.append("identical" if psnr is None else f"PSNR {psnr:.1f} dB")
    words.append(f"FVU {figures['fvu']:.3f}")
    words.append(f"{figures['l0']} features")
    return ", ".join(words)
