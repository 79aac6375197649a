"""Letters that are there and joined, marks that differ by shape, charts that are light, pages that are one sheet."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

import pypdfium2
import pytest
import uharfbuzz as hb
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from agents.health_insights.picture.canvas import MARKS, Canvas
from agents.health_insights.picture.chart import Chart, Mark, Point, Tick
from agents.health_insights.picture.draw import HEIGHT, WIDTH, draw
from agents.health_insights.picture.letters import FONTS, ink, lacking, runs, width_of
from agents.health_insights.picture.page import Section
from agents.health_insights.picture.print import print_page
from agents.health_insights.plan import Frame
from agents.health_insights.review import review
from agents.health_insights.sheet import Found, page_of
from agents.health_insights.sources import Doses
from agents.health_insights.words import NAMES, glucose_value, number, with_unit
from config.clinical import Band
from tests.agents.health_insights.diary import KNOWN, RULES, TODAY, at
from tests.agents.health_insights.drawn import a_chart, a_page
from tests.agents.health_insights.phrases import LANGUAGES, our_own

VALUES = {
    "days": 30, "first": "1", "last": "2", "count": 3, "total": 4, "limit": "180", "low": "70", "high": "180", "name": "Asha",
    "value": "40 mg/dL", "before": "150", "part": "x",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_language_has_a_shape(language: str) -> None:
    words = [our_own().say(name, language, **VALUES) for name in NAMES]
    tongue = our_own().tongue(language)
    words += [*tongue.months, *tongue.short_months, *tongue.short_weekdays]
    assert lacking("".join(words)) == ""


def test_a_letter_without_a_shape_is_seen() -> None:
    assert lacking("ok \u0e01 \u4e2d") == "\u0e01\u4e2d"


@pytest.mark.parametrize(
    ("language", "text", "glyphs"),
    [
        ("hi", "क्ष", 1), ("hi", "द्वा", 2), ("hi", "र्क", 2), ("bn", "ক্ষ", 1), ("te", "క్ష", 1), ("ta", "க்ஷ", 1),
        ("gu", "ક્ષ", 1), ("kn", "ಕ್ಷ", 1), ("ml", "ക്ഷ", 1), ("pa", "ਸ਼", 1), ("or", "କ୍ଷ", 1),
        ("or", "ନ୍ତୁ", 1),  # the end of every polite request; Noto 2.001 set its vowel beside it
    ],
)  # fmt: skip
def test_conjuncts_are_joined(language: str, text: str, glyphs: int) -> None:
    """Letter by letter these are three or four shapes, the virama among them."""
    ((_, name, _),) = runs(text, language)
    face = hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}.ttf")))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(face), buffer)
    assert len(buffer.glyph_infos) == glyphs
    assert ink(text, 40, language).width < sum(ink(letter, 40, language).width for letter in text)


def test_urdu_runs_from_right_to_left_and_its_numbers_do_not() -> None:
    seen = [(part, rtl) for part, _, rtl in runs("آخری 30 دن", "ur") if part.strip()]
    assert seen == [("دن", True), ("30", False), ("آخری", True)]
    assert next(part for part, _, _ in runs("تقریباً \u206640 mg/dL\u2069", "ur")) == "40 mg/dL"
    assert [(part, rtl) for part, _, rtl in runs("Not translated.", "ur")] == [("Not translated.", False)]


def test_joined_letters_take_less_room_than_letters_alone() -> None:
    assert width_of("شوگر", 40, "ur") < sum(width_of(letter, 40, "ur") for letter in "شوگر")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(LANGUAGES), st.booleans())
def test_any_words_can_be_set(text: str, language: str, bold: bool) -> None:
    assert ink(text, 30, language, bold=bold).width >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_is_a_light_picture_for_a_phone(language: str) -> None:
    data = draw(a_chart(language, 90))
    image = Image.open(BytesIO(data))
    assert image.size == (WIDTH, HEIGHT)
    assert len(data) < 120_000


def near(colour: object, mark: Mark, by: int) -> bool:
    return isinstance(colour, tuple) and sum(abs(a - b) for a, b in zip(colour, MARKS[mark], strict=True)) < by


def rows_of(mark: Mark) -> list[int]:
    """How many points of its colour each row of a mark has."""
    canvas = Canvas(100, 100)
    canvas.mark(50, 50, mark, 20)
    image = Image.open(BytesIO(canvas.png())).convert("RGB")
    rows = [sum(near(image.getpixel((x, y)), mark, 60) for x in range(100)) for y in range(100)]
    return [row for row in rows if row]


def test_marks_differ_by_their_shape() -> None:
    inside, high, low = rows_of("in"), rows_of("high"), rows_of("low")
    third = len(high) // 3
    assert sum(high[:third]) < sum(high[-third:]) / 2, "pointing up"
    assert sum(low[-third:]) < sum(low[:third]) / 2, "pointing down"
    assert abs(sum(inside[: len(inside) // 3]) - sum(inside[-(len(inside) // 3) :])) < 40, "round"


def test_marks_differ_by_lightness_too() -> None:
    """Who sees no colours at all still sees two of them apart, and each against the shaded range."""
    lightness = {mark: (0.2126 * red + 0.7152 * green + 0.0722 * blue) for mark, (red, green, blue) in MARKS.items()}
    assert lightness["low"] + 30 < lightness["in"] < lightness["high"]
    assert max(lightness.values()) < 150


def test_the_picture_shows_what_it_is_given() -> None:
    """As many marks of a colour as there are points of that kind, by the colour's points."""
    empty = replace(a_chart(), points=(), line=(), legend=())
    one, two = (
        _painted(replace(empty, points=tuple(Point(x, 250, "high") for x in places)), "high") for places in ((0.2,), (0.2, 0.7))
    )
    assert _painted(empty, "high") == 0
    assert two == pytest.approx(2 * one, rel=0.05)


def _painted(chart: Chart, mark: Mark) -> int:
    image = Image.open(BytesIO(draw(chart))).convert("RGB")
    counts = Counter(image.get_flattened_data())
    return sum(count for colour, count in counts.items() if near(colour, mark, 40))


def test_what_a_shape_means_stands_behind_it_in_the_direction_of_the_language() -> None:
    def colour(language: str, x: int) -> object:
        return Image.open(BytesIO(draw(a_chart(language)))).convert("RGB").getpixel((x, 1176))

    assert near(colour("en", 78), "in", 20)
    assert near(colour("ur", WIDTH - 78), "in", 20)


def test_on_a_page_no_line_ends_between_a_number_and_its_unit_and_the_average_before_stands_without_one() -> None:
    frame = Frame(TODAY, 30, "en", "mg/dL", our_own())
    evenings = [at(ago, 22, 150 + ago % 3 + 40 * (ago > 29), "bedtime") for ago in range(58)]
    mornings = [at(ago, 7, 190 + ago % 3 + 40 * (ago > 29), "fasting") for ago in range(58)]
    found = review([*evenings, *mornings], TODAY, 30, KNOWN, RULES)
    page = page_of(Found(found, None, None, None, None, Doses()), None, Band(low=70, high=180), frame, RULES, made=0.0)
    assert "171 mg/dL (before: 211)" in [row.value for row in page.sections[0].rows]
    [line] = page.sections[2].lines
    assert "39\u00a0mg/dL" in line
    pushed = Section("", lines=tuple(f"{'n' * long} {line}" for long in range(0, 45, 3)))
    sheet = pypdfium2.PdfDocument(print_page(replace(page, sections=(pushed,))))
    lines = sheet[0].get_textpage().get_text_range().splitlines()
    assert len(lines) > 15
    assert not [one for one in lines if one.rstrip().endswith("39")]


def test_strange_charts_can_be_drawn() -> None:
    chart = a_chart()
    for strange in (
        replace(chart, points=(), figures=(), legend=(), x_ticks=(), y_ticks=(), bands=(), line=()),
        replace(chart, scale=(100, 100)),
        replace(chart, points=(Point(-4, 1e9), Point(9, -1e9, "low", 5))),
        replace(chart, title="A very long title that nobody would write, and yet it fits on the picture " * 3),
        replace(chart, x_ticks=tuple(Tick(index / 40, "long label") for index in range(40))),
    ):
        assert draw(strange).startswith(b"\x89PNG")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_one_sheet_that_opens(language: str) -> None:
    for lines in (1, 24):
        data = print_page(a_page(language, lines))
        document = pypdfium2.PdfDocument(data)
        try:
            assert len(document) == 1
            assert document[0].get_size() == pytest.approx((595.3, 841.9), abs=0.1)
            text = document[0].get_textpage().get_text_range()
            assert "141 mg/dL" in text.replace("\u00a0", " ")
            assert "Asha" in text
        finally:
            document.close()
        assert len(data) < 200_000


def test_numbers_and_dates_are_those_of_the_language() -> None:
    assert [number(7.25, language, 1) for language in ("en", "hi", "de", "mr", "xx")] == ["7.2", "7.2", "7,2", "7.2", "7.2"]
    frames = [Frame(TODAY, 30, language, "mg/dL", our_own()) for language in ("en", "hi", "or", "hi_Latn", "de")]
    assert [frame.writes.date(TODAY) for frame in frames] == [
        "25 November",
        "25 नवंबर",
        "25 ନଭେମ୍ବର",
        "25 November",
        "25. November",
    ]
    assert [frame.writes.short_date(TODAY) for frame in frames] == ["25 Nov", "25 नव.", "25 ନଭେ", "25 Nov", "25. Nov."]
    assert glucose_value(126, "mmol/L", "en") == "7.0"
    assert with_unit("7.0", "mmol/L", "ur") == "\u20667.0 mmol/L\u2069"


def test_the_content_has_exactly_the_texts_that_are_used() -> None:
    assert our_own().names() == set(NAMES)
