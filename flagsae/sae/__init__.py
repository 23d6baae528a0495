"""Sparse autoencoders of flags, in numpy.

`encode` turns the picture of a flag into a code: K numbers, nearly all of them zero, one for each feature. A feature
has an atom, which is a picture, and `decode` adds up the atoms of all features, each multiplied by its number. Codes
can be added, so flags can be mixed: `codes.compose` sums codes, `codes.sample_codes` draws random ones, and `decode`
turns both into flags.

There are two kinds of models; `kind` says what both can do:

- `seed.Seed`, the network of Will Wolf's "Generating World Flags with Sparse Auto-Encoders" (2016): 20,808 RGB inputs,
  64 features and 20,808 outputs, all with a sigmoid. It regresses colour, so that its mixtures are blurred.
- `crisp.Crisp`, a classifier: its input is the one-hot label map of a flag, its output a score for each pixel and
  palette colour. Each pixel takes the colour with the highest score, so that colours are flat and edges are sharp.

`Crisp` is trained in the span of its N flags: each encoder and decoder direction is a mixture of flags. So its file
holds K x N numbers instead of K x 90,168, and the dataset supplies the flags. For the same reason a decoded code is a
mixture of flags, which can be drawn on any grid on which the flags are known.

Letters: n flags of a call, N flags of the model's dataset, K features, C colours, H x W the canvas.
"""
