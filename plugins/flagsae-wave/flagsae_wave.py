"""The flag in the wind: `flagsae compose morocco colombia --view wave`."""

import numpy as np

from flagsae.visual import show


class Wave:
    summary = "The flag in the wind; -o FILE.gif keeps it."

    def render(self, scene, size):
        return show(next(self.frames(scene, 2 * size.columns), None), size)

    def frames(self, scene, width):
        if scene.picture is not None:
            flag = np.pad(scene.picture, [(len(scene.picture) // 8,) * 2, (0, 0), (0, 0)])
            y, x = np.mgrid[: max(1, width * len(flag) // flag.shape[1]), :width]
            for turn in range(24):
                phase = 2 * np.pi * (1.5 * x / width - turn / 24)
                row = len(flag) * (y / len(y) + np.sin(phase) * x / width / 10)
                cloth = flag[row.clip(0, len(flag) - 1).astype(int), x * flag.shape[1] // width]
                yield (cloth * (0.85 - 0.15 * np.cos(phase[..., None]))).astype(np.uint8)
