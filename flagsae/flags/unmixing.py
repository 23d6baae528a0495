"""The flat colours of small pictures, in which most pixels lie on an edge.

A pixel on an edge is a blend of two colours that meet there, and takes the one of which it has more. A pixel that is no
blend of colours near it belongs to something small, in a colour of its own: a star of a few pixels has no flat pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.neighbours import around, extent
from flagsae.flags.palette import Picture
from flagsae.flags.regions import LabelMap, connected_regions, without_lines

Pixels = NDArray[np.float64]  # ... x 3: luma, then the differences of blue and red, in 8-bit steps
Mask = NDArray[np.bool_]

# JFIF's matrix. Differences count for half: JPEG keeps them at half the resolution, so that they spread over edges.
MATRIX = np.array([(0.299, 0.587, 0.114), (-0.1687, -0.3313, 0.5), (0.5, -0.4187, -0.0813)]) * [(1.0,), (0.5,), (0.5,)]
# Distances are in steps. By eye, and by the errors of label maps of drawn pictures of 64 x 40 and 300 x 200 pixels.
FLAT = 16.0  # a pixel is flat if no channel varies by more than this over its 3 x 3 neighbours
NOISY = 0.3  # mean over all flat pixels of what they vary by: with more it is a JPEG; rendered flags have .18 at most
REACH = 3  # pixels: how far from a colour a blend of it may be
NEAR = 28.0  # from its colour, of a pixel that is no blend
ODD = 36.0  # from all blends of colours near it, of a pixel that has a colour of its own
LEAST = 3  # pixels that have such a colour
# Of a noisy picture, where edges have shadows: pixels that have it, and those of them in one piece without lines, at
# least; the same piece as a share of the picture.
LEAST_NOISY, SOLID, SOLID_SHARE = 5, 3, 0.0008
MOST = 32  # colours of a picture
TRIES = 100  # groups of pixels that turn out to be no colour, until no more are looked for: what keeps photographs fast


class Surface:
    """A small picture and its flat pixels."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.pixels = scaled(picture)
        span = extent(self.pixels)
        self.flat: Mask = np.asarray((span < FLAT).all(-1))
        """H x W."""
        self.noisy = bool(self.flat.any() and span[self.flat].mean() > NOISY)


def scaled(colours: NDArray[np.uint8]) -> Pixels:
    """sRGB as luma and differences."""
    found: Pixels = colours.astype(np.float64) @ MATRIX.T
    return found


def unmixed(surface: Surface, colours: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], LabelMap]:
    """The colours of a picture, with those of small things, and the number of the one that each pixel has.

    colours: m x 3, sRGB, those of flat areas. Returns n x 3 and H x W.
    """
    found = _Unmixing(surface, colours)
    found.find_small()
    return np.array(found.colours), found.labels.astype(np.uint8)


class _Unmixing:
    def __init__(self, surface: Surface, colours: NDArray[np.uint8]) -> None:
        self.surface, self.pixels = surface, surface.pixels
        self.colours = list(colours)
        self.centres = list(scaled(colours))
        away = np.stack([np.linalg.norm(self.pixels - centre, axis=-1) for centre in self.centres])
        self.labels: NDArray[np.intp] = away.argmin(0)
        self.off = away.min(0)  # how far each pixel is from what explains it
        self.known = surface.flat & (self.off < NEAR)  # the pixels that are no blends
        self.off[self.known] = 0
        self.off[around(self.known, REACH) & ~self.known] = np.inf
        self.near = [np.zeros_like(self.known) for _ in self.colours]  # where blends of each colour may be
        for colour in range(len(self.colours)):
            self._explain_with(colour)

    def _explain_with(self, colour: int) -> None:
        """Explains the pixels near those of a colour by it, and by its blends with the others near them."""
        self.near[colour] = around(self.known & (self.labels == colour), REACH) & ~self.known
        own = self.centres[colour]
        self._explain(self.near[colour], own, own, colour, colour)
        for other, centre in enumerate(self.centres):
            if other != colour:
                self._explain(self.near[colour] & self.near[other], own, centre, colour, other)

    def _explain(self, where: Mask, start: Pixels, end: Pixels, first: int, second: int) -> None:
        """Explains pixels by blends of two colours, if nothing has explained them better."""
        rows, columns = np.nonzero(where & ~self.known)
        along = end - start
        ahead = self.pixels[rows, columns] - start
        share = np.clip(ahead @ along / max(1.0, float(along @ along)), 0, 1)
        off = np.linalg.norm(ahead - share[:, None] * along, axis=-1)
        better = off < self.off[rows, columns]
        rows, columns = rows[better], columns[better]
        self.off[rows, columns] = off[better]
        self.labels[rows, columns] = np.where(share[better] > 0.5, second, first)

    def find_small(self) -> None:
        """Finds the pixels of small things, those first that are farthest from all blends."""
        rows, columns = np.nonzero(~self.known)
        tries = 0
        while tries < TRIES:
            odd = (self.off[rows, columns] > ODD) & ~self.known[rows, columns]
            rows, columns = rows[odd], columns[odd]
            if not len(rows):
                return
            values = self.pixels[rows, columns]
            purest = values[self.off[rows, columns].argmax()]
            away = np.linalg.norm(np.array(self.centres) - purest, axis=-1)
            colour = int(away.argmin())
            is_new = away[colour] >= NEAR
            alike = np.linalg.norm(values - (purest if is_new else self.centres[colour]), axis=-1) < NEAR
            spots = rows[alike], columns[alike]
            if is_new and not self._is_colour(spots):
                rows, columns = rows[~alike], columns[~alike]
                tries += 1
                continue
            if is_new:
                colour = len(self.colours)
                self.colours.append(np.median(self.surface.picture[spots], axis=0).astype(np.uint8))
                self.centres.append(scaled(self.colours[-1]))
                self.near.append(np.zeros_like(self.known))
            self.labels[spots], self.off[spots], self.known[spots] = colour, 0, True
            self._explain_with(colour)

    def _is_colour(self, spots: tuple[NDArray[np.intp], NDArray[np.intp]]) -> bool:
        """Whether pixels that are alike and no blends are enough for a colour."""
        count, size = len(spots[0]), self.known.size
        if len(self.colours) >= MOST or count < LEAST or (self.surface.noisy and count < LEAST_NOISY):
            return False
        if not self.surface.noisy:
            return True
        mask = np.zeros_like(self.known)
        mask[spots] = True
        solid = without_lines(mask)
        pieces = connected_regions(solid.astype(np.uint8))
        largest = np.bincount(pieces[solid], minlength=1).max()
        return bool(largest >= max(SOLID, SOLID_SHARE * size))
