"""Sparse autoencoders of flags, in numpy.

A flag goes in as a picture and comes out of `encode` as a code: K numbers, nearly all of them zero. Each of
the K features has an atom, a picture of its own, and `decode` adds up atoms as strongly as the code says. What
can be added can be mixed: `codes.compose` sums codes, `codes.sample_codes` draws new ones, and the same decoder makes
them flags.

Two kinds of models, and what both can do in `kind`:

- `seed.Seed`, the network of Will Wolf's "Generating World Flags with Sparse Auto-Encoders" (2016): 20808 sigmoid
  inputs of RGB, 64 features, 20808 outputs. It regresses colour, so that its mixtures are blurred.
- `crisp.Crisp`, which classifies: each pixel takes one of C palette colours. Its input is the one-hot label map, its
  output a score for each pixel and colour, and the highest score wins, so colour is flat and edges are sharp.

`Crisp` is trained in the span of its N flags and stored so: an encoder and a decoder direction are mixtures of
flags, K x N numbers in place of K x 90,168, and the dataset brings the flags. It follows that a code is a mixture
of flags as well, which can be drawn on any grid on which the flags are known.

Letters: n flags of a call, N flags of the model, K features, C colours, H x W the canvas.
"""
