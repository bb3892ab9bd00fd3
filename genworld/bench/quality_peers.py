"""What others reach on the same games, and the generator of one of them, to be timed beside ours.

Measured in November 2026 on two busy cores with the programs and weights that their authors publish: throughput is
good to a factor of about three, figures of quality do not depend on load.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from genworld.bench.quality_rows import Peer

GAME_GAN = "GameGAN"
"""Schrum et al. 2020, *Interactive evolution and exploration within latent level-design space of GANs*: its model of
Zelda's rooms, 10,000 samples."""
ZELDA_EXACT = Peer(GAME_GAN, 0.258)
ZELDA_UNIQUE = Peer(GAME_GAN, 0.5752)
ZELDA_TPKL = Peer(GAME_GAN, 1.04)
ZELDA_HAMMING = Peer(GAME_GAN, 0.135)

MARIO_GAN = "MarioGAN"
"""Volz et al. 2018, *Evolving Mario levels in the latent space of a DCGAN*: its generator of segments of SMB 1-1."""
MARIO_TPKL = Peer(MARIO_GAN, 0.206)
"""As served; 0.164 to the 173 windows that it learned from."""
MARIO_UNIQUE = Peer(MARIO_GAN, 0.88)
"""12% duplicates in 10,000."""
MARIO_SPEED = Peer(MARIO_GAN, 1263.0)
"""Levels a second, batched."""

TOAD_GAN = "TOAD-GAN"
"""Awiszus et al. 2020, *TOAD-GAN: coherent style level generation from a single example*."""
SINGLE_TPKL = Peer(TOAD_GAN, 0.553)
"""Mean over 15 levels, each learned alone, and 20 samples."""

LATENT, FEATURES, SIDE, TILES = 32, 64, 32, 10
"""MarioGAN's generator: length of its latent, features of its last hidden stage, side of its output, tiles."""


class PlainDcgan(nn.Sequential):
    """A generator of MarioGAN's size with random weights, for its speed (Radford et al. 2016, figure 1; Volz et al. 2018,
    section 3.2).

    Shape: (N, 32, 1, 1) -> (N, 10, 32, 32)
    """

    def __init__(self) -> None:
        widths = (LATENT, 4 * FEATURES, 2 * FEATURES, FEATURES)
        stages: list[nn.Module] = []
        for number, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
            stride, padding = (2, 1) if number else (1, 0)
            stages.append(nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False))
            stages += [nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        super().__init__(*stages, nn.ConvTranspose2d(FEATURES, TILES, 4, 2, 1, bias=False), nn.ReLU())

    @torch.inference_mode()
    def levels(self, z: Tensor, height: int, width: int) -> Tensor:
        """(N, height, width) tile ids, cropped, for (N, 32) latents."""
        return self(z[..., None, None])[:, :, :height, :width].argmax(dim=1)  # type: ignore[no-any-return]
