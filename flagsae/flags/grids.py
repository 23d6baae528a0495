"""The grids that flags are put on, and how near two of them are one design. Nothing is imported: options show these."""

CANVAS = (68, 102)  # H, W, as in the notebook
FINE = 3  # the fine grid is this many times finer than the canvas, 204 x 306: fine enough for small charges
WORKING_SIDE = 612  # pixels; wider or higher pictures are shrunk before they are reduced to flat colours
NEAR_DUPLICATE = 14.0  # flags whose canvases differ by less count as one design: mean absolute difference, of 255
