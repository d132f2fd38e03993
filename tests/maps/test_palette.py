import itertools

import numpy as np
import pytest

from maps import palette

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def _linear(colour):
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x = to_xyz @ np.clip(linear, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_each_travel_band_is_darker_than_the_one_before():
    shades = [palette.luminance(colour) for colour in palette.BANDS.values()]
    assert all(nearer > farther * 1.5 for nearer, farther in itertools.pairwise(shades))


def test_each_class_of_share_is_darker_than_the_one_before():
    shades = [palette.luminance(colour) for _, colour in palette.SHARES]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(shades)
    steps = [_lab(_linear(colour)) for _, colour in palette.SHARES]
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.pairwise(steps)) > 5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_bands_and_centres_stay_apart_for_colour_blind_eyes(deficiency):
    seen = np.array(DEFICIENCIES[deficiency])
    colours = [_lab(seen @ _linear(colour)) for colour in (*palette.BANDS.values(), palette.ACCENT)]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(colours, 2))
    assert nearest > 11  # several times the difference that can just be seen


@pytest.mark.parametrize("text", [palette.INK, palette.MUTED, palette.ACCENT])
@pytest.mark.parametrize("ground", [palette.PAPER, palette.GROUND, palette.ACCENT_SOFT])
def test_text_is_readable_at_level_aa(text, ground):
    assert palette.contrast(text, ground) >= 4.5


def test_white_on_the_accent_is_readable():
    assert palette.contrast("#ffffff", palette.ACCENT) >= 4.5


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 0), (0.2499, 0), (0.25, 1), (0.5, 2), (0.75, 3), (0.8999, 3), (0.9, 4), (1.0, 4), (float("nan"), 0)],
)
def test_a_boundary_belongs_to_the_class_above_it(share, expected):
    assert palette.share_class(share) == expected
