"""WhatsApp's rules for templates: what its reviewers refuse, and what would go out with a hole or to the wrong question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.dialogue.authored import FlowFile
from bot.dialogue.draft import Draft
from bot.dialogue.lint.rules import found
from bot.dialogue.lint.texts import forbidden
from bot.dialogue.official.authored import Spoken
from bot.dialogue.official.read import Drafted
from bot.dialogue.tongue import Tongue
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_, read_source

NAME = re.compile(r"[a-z0-9_]{1,512}$")
HOLE = re.compile(r"\{\{(.*?)\}\}")
BODY, HEADER, FOOTER, BUTTON, BUTTONS = 1024, 60, 60, 20, 10
"""Meta's limits; of a button it takes 25 characters, of which small phones show 20."""
_MARK_OF_WORD = r"\w\u0900-\u0963\u0966-\u0dff\u200c\u200d"  # vowel signs of India's scripts are no \w
_BEFORE, _AFTER = f"(?<![{_MARK_OF_WORD}])", f"(?![{_MARK_OF_WORD}])"
_MARKS = re.compile(r"[*_~`]")
_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
Found = tuple[Path_, str, str, str]  # place, rule, message, remedy


@cache
def words_of_kind(kind: str) -> tuple[re.Pattern[str], ...]:
    data = read_source(Path(__file__).parent / "channel_words.yaml", "channel_words.yaml").data
    return tuple(re.compile(pattern) for pattern in data[kind])


def check_channel(draft: Draft) -> Iterator[Finding]:
    """All templates, each alone and together with the steps for which they stand."""
    usual: dict[str, str] = {}
    for one in draft.templates.values():
        for place, code, message, remedy in (*_form(one), *_texts(one, draft.tongues), *_stands(one, draft.files, usual)):
            yield found(one.source, place, code, message, remedy)


def _form(one: Drafted) -> Iterator[Found]:
    file = one.file
    if not NAME.match(file.template):
        message = f"'{file.template}' is no name at WhatsApp"
        yield ("template",), "template_rule", message, "use small letters, digits and _ only, at most 512"
    if file.category == "AUTHENTICATION":
        message = "AUTHENTICATION is for codes only, and WhatsApp writes their words itself"
        yield ("category",), "template_category", message, "use UTILITY, for what the person asked for or has under way"
    if "en" not in file.texts:
        yield ("texts",), "template_rule", "there is no English, which is the last way out", "add 'en'"
    if not file.stands_for and not file.waits_for:
        remedy = "name the step under 'stands_for', or under 'waits_for' the flow that is to come"
        yield ("template",), "template_step", "it stands for no step, so that nothing sends it", remedy
    if file.stands_for and file.waits_for:
        yield ("waits_for",), "template_step", "it stands for a step and waits for one", "remove 'waits_for'"


def _texts(one: Drafted, tongues: Mapping[str, Tongue]) -> Iterator[Found]:
    file, buttons = one.file, None
    for language, said in file.texts.items():
        place: Path_ = ("texts", language)
        yield from _body(one, language, said)
        for part, text, most in (("header", said.header, HEADER), ("footer", said.footer, FOOTER)):
            if text and len(text) > most:
                yield (*place, part), "template_rule", f"the {part} has {len(text)} characters", f"use at most {most}"
            if text and (HOLE.search(text) or "\n" in text or _MARKS.search(text) or _PICTURE.search(text)):
                message = f"the {part} has a placeholder, a line break, a formatting mark or a picture"
                yield (*place, part), "template_rule", message, "use plain words"
        yield from _buttons(place, said)
        if buttons is not None and list(said.buttons) != buttons:
            message = f"'{language}' has other buttons than the language before it"
            yield (*place, "buttons"), "template_rule", message, "give each language the same options in the same order"
        buttons = list(said.buttons)
        own = tongues[language].file.private if language in tongues else ()
        yield from _wording(file.category, place, said, (*words_of_kind("private"), *private_words(own)))


def _body(one: Drafted, language: str, said: Spoken) -> Iterator[Found]:
    place: Path_ = ("texts", language, "body")
    text, gaps = said.body, len(one.file.placeholders)
    holes = HOLE.findall(text)
    if holes != [str(number) for number in range(1, gaps + 1)]:
        message = f"the placeholders are {', '.join(f'{{{{{hole}}}}}' for hole in holes) or 'none'}, and {gaps} are described"
        yield place, "template_rule", message, "number them {{1}}, {{2}}, ... in their order, and describe each one once"
    if HOLE.match(text.strip()) or re.search(r"\{\{[^}]*\}\}[\s.!?।|,:;]*$", text):
        yield place, "template_rule", "it begins or ends with a placeholder", "put words before the first and after the last one"
    if re.search(r"\}\}\s*\{\{", text):
        yield place, "template_rule", "two placeholders follow one another", "put words between them"
    if len(HOLE.sub(" ", text).split()) < 2 * len(holes) + 1:
        yield place, "template_rule", "it has too few words for its placeholders", "use at least two words for each, and one more"
    if "\n\n\n" in text or "\t" in text or "     " in text:
        message = "it has more than two line breaks or four blanks in a row, or a tab"
        yield place, "template_rule", message, "use at most one empty line"
    filled = text
    for number, gap in enumerate(one.template.gaps, 1):
        filled = filled.replace(f"{{{{{number}}}}}", gap.sample_in(language))
    if len(filled) > BODY:
        yield place, "template_rule", f"it has {len(filled)} characters with its samples", f"use at most {BODY}"
    for number, described in enumerate(one.file.placeholders):
        for part, words in (("sample", described.sample), ("otherwise", described.otherwise)):
            if any("\n" in value or "{{" in value or not value.strip() for value in words.values()):
                spot: Path_ = ("placeholders", number, part)
                yield spot, "template_rule", "a value has a line break, braces or nothing in it", "use a few plain words"


def _buttons(place: Path_, said: Spoken) -> Iterator[Found]:
    spot = (*place, "buttons")
    labels = list(said.buttons.values())
    if len(labels) > BUTTONS:
        yield spot, "template_rule", f"it has {len(labels)} buttons", f"use at most {BUTTONS}"
    if len(set(labels)) < len(labels):
        yield spot, "template_rule", "two buttons say the same, and only their words come back", "give each its own words"
    for option, label in said.buttons.items():
        if len(label) > BUTTON:
            yield (*spot, option), "template_rule", f"the button has {len(label)} characters", f"use at most {BUTTON}"
        if HOLE.search(label) or "\n" in label or _MARKS.search(label) or _PICTURE.search(label):
            message = "the button has a placeholder, a line break, a formatting mark or a picture"
            yield (*spot, option), "template_rule", message, "use plain words"


@cache
def private_words(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Whole words, or beginnings of words: "word-"."""
    known = (_BEFORE + re.escape(word.removesuffix("-").lower()) + ("" if word.endswith("-") else _AFTER) for word in words)
    return tuple(re.compile(pattern) for pattern in known)


def _wording(category: str, place: Path_, said: Spoken, private: tuple[re.Pattern[str], ...]) -> Iterator[Found]:
    parts = (("header", said.header), ("body", said.body), ("footer", said.footer))
    for part, text in (*parts, ("buttons", " · ".join(said.buttons.values()))):
        lower = (text or "").lower()
        if category == "UTILITY" and (
            hit := next(filter(None, (word.search(lower) for word in words_of_kind("promotional"))), None)
        ):
            message = f'it says "{hit[0].strip()}", which is advertising, and its category is UTILITY'
            yield (*place, part), "template_category", message, "say it otherwise, or make the category MARKETING"
        if hit := next(filter(None, (word.search(lower) for word in private)), None):
            message = f'it says "{hit[0].strip()}" on a screen that others may see'
            yield (*place, part), "template_private", message, "name the matter only after the person has written"
        for kind in forbidden():
            if hit := next(filter(None, (pattern.search(text or "") for pattern in kind.patterns)), None):
                yield (*place, part), "forbidden", f'it says "{hit[0].strip()}": {kind.message}', kind.remedy


def _stands(one: Drafted, flows: Mapping[str, FlowFile], usual: dict[str, str]) -> Iterator[Found]:
    for index, stand in enumerate(one.file.stands_for):
        place: Path_ = ("stands_for", index)
        flow, _, step = stand.step.partition("/")
        known = flows[flow].steps.get(step) if flow in flows else None
        if known is None:
            yield (*place, "step"), "template_step", f"there is no step '{stand.step}'", "mend the name, or remove it"
            continue
        if len(stand.values) != len(one.file.placeholders):
            message = f"it gives {len(stand.values)} values for {len(one.file.placeholders)} placeholders"
            yield (*place, "values"), "template_step", message, "give one value for each, in their order"
        for language, said in one.file.texts.items():
            for option in said.buttons.keys() - known.options.keys():
                message = f"'{stand.step}' has no option '{option}'"
                yield ("texts", language, "buttons", option), "template_step", message, "use the ids of the step's options"
        if stand.when is None and (other := usual.setdefault(stand.step, one.file.template)) != one.file.template:
            message = f"'{other}' stands for '{stand.step}' too, and only one can be sent"
            yield (*place, "step"), "template_step", message, "give one of them a 'when'"
