import io

import numpy as np
import pytest
from PIL import Image

from maps import picture
from maps.drawing_parts import scale_length


@pytest.mark.parametrize("code", ["ar", "en"])
def test_a_picture_is_a4_landscape_and_small(run, code):
    drawn = picture(run, code)
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "PNG"
        assert image.size == (1753, 1240)
    assert len(drawn) < 400_000


def test_the_same_run_gives_the_same_bytes(run):
    assert picture(run, "ar") == picture(run, "ar")


def _ink(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("L")) < 128


def test_words_stand_where_reading_starts(run):
    """The upper corner where the headline starts holds ink; the other upper corner is empty."""
    for code, start, end in (("ar", slice(1300, None), slice(0, 200)), ("en", slice(0, 450), slice(-200, None))):
        ink = _ink(picture(run, code))[:90]
        assert ink[:, start].sum() > 500
        assert ink[:, end].sum() < ink[:, start].sum() / 4


def test_a_dollar_sign_in_a_name_is_not_mathematics(hostile, monkeypatch):
    zones = hostile.layer("governorates").assign(name_en="$\\frac{1}{", name_ar="$x$")
    layer = type(hostile).layer
    monkeypatch.setattr(
        type(hostile), "layer", lambda self, name: zones if name == "governorates" else layer(self, name)
    )
    assert picture(hostile, "en").startswith(b"\x89PNG")


def test_a_letter_no_font_has_does_not_fail(run, monkeypatch):
    zones = run.layer("governorates").assign(name_en="ʿAjlūn 𓀀")
    layer = type(run).layer
    monkeypatch.setattr(type(run), "layer", lambda self, name: zones if name == "governorates" else layer(self, name))
    assert picture(run, "en").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("metres", "km"), [(400_000, 50), (250_000, 50), (249_999, 30), (149_000, 20), (50_000, 10), (2_500, 0.5)]
)
def test_the_scale_bar_is_a_round_length(metres, km):
    assert scale_length(metres) == pytest.approx(km)


def test_the_toy_can_be_drawn(toy):
    assert picture(toy, "ar").startswith(b"\x89PNG")
