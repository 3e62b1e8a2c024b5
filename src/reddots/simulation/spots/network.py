"""Encoder-decoder network (a small U-Net with additive skips) for spot centres and diameters.

From a photo it makes three maps at half its size: how surely a spot's centre is here, the
logarithm of that spot's diameter, and whether a spot covers this place.
The finest features are at a quarter of the photo's size; the last layer makes four cells of each
(sub-pixel convolution: Shi et al., CVPR 2016), which costs a fifth of working at half the size.
"""

import torch
from torch import Tensor, nn

STRIDE = 2  # pixels of the photo to one cell of the maps
MULTIPLE = 32  # height and width of the input are multiples of this
WIDTHS = (16, 24, 48, 64, 96)  # channels at strides 2 to 32
_MAPS = 3
_BIASES = (-4.6, 3.5, -3.0)  # a centre is rare (1%), a spot about 11 pixels wide


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class DetectorNetwork(nn.Module):
    """Maps N × 3 × H × W (float32, −1 to 1) to N × 3 × H/2 × W/2.

    The channels are the centre's logit, log2 of the diameter in pixels of the input, and the
    cover's logit.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        """Prepare with random weights."""
        super().__init__()
        w = widths
        self.down = nn.ModuleList(
            [
                _conv(3, w[0], 2),
                nn.Sequential(_conv(w[0], w[1], 2), _conv(w[1], w[1])),
                nn.Sequential(_conv(w[1], w[2], 2), _conv(w[2], w[2])),
                nn.Sequential(_conv(w[2], w[3], 2), _conv(w[3], w[3])),
                nn.Sequential(_conv(w[3], w[4], 2), _conv(w[4], w[4]), _conv(w[4], w[4])),
            ]
        )
        self.lateral = nn.ModuleList(nn.Conv2d(w[i + 1], w[i], 1) for i in (3, 2, 1))
        self.up = nn.ModuleList(_conv(w[i], w[i]) for i in (3, 2, 1))
        self.out = nn.Conv2d(w[1], _MAPS * STRIDE**2, 1)
        with torch.no_grad():
            self.out.bias = nn.Parameter(torch.tensor(_BIASES).repeat_interleave(STRIDE**2))

    def forward(self, photo: Tensor) -> Tensor:
        """Return the three maps."""
        kept = []
        x = photo
        for stage in self.down:
            x = stage(x)
            kept.append(x)
        for lateral, up, skip in zip(self.lateral, self.up, kept[3:0:-1], strict=True):
            x = up(nn.functional.interpolate(lateral(x), scale_factor=2.0) + skip)
        maps: Tensor = nn.functional.pixel_shuffle(self.out(x), STRIDE)
        return maps
