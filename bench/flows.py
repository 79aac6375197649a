"""Made-up but realistic flows with their translations, for measuring how long content takes to load and to check."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from bot.dialogue.content import load_content
from bot.i18n.book import by_key, write
from bot.i18n.extract import extract, render

ROOT = Path(__file__).parent.parent
LANGUAGES = ("hi", "bn")
STEPS = 40
_HOLE = re.compile(r"(\{[{%].*?[%}]\})", re.DOTALL)
_WORD = re.compile(r"[A-Za-z']+")
_SYLLABLES = {"hi": "कमनरलसतपहबदगयवज", "bn": "কমনরলসতপহবদগযজচ"}
_SUBJECTS = ("walk", "water", "sleep", "meal", "tablet", "foot check", "blood pressure", "weight", "mood", "pain")

# Ten steps as flows of ours have them: typed answers, options, branches on values, an agent, texts with and without variables.
# Their variables are their own, so that no condition is found in a cache because another flow has it, too.
PART = """\
  ask_count_{k}:
    say:
      - {{when: "person.name", text: "{{{{ person.name }}}}, how many times was it about the {subject} this week ({k})?"}}
      - {{text: "How many times was it about the {subject} this week ({k})? For example: *{k}*"}}
    expect: {{count_{v}: {{type: number, min: 0, max: 50, unit: times}}}}
    unclear: {{say: "I could not read a number there. Please type just the number, like *{k}*.", tries: 2, then: thank_{k}}}
    silence: {{after: 30m, say: "Still there? You can tell me about the {subject} at any time.", then: bookmark}}
    skip: ask_when_{k}
    next:
      - {{when: "count_{v} > 20", go: confirm_{k}}}
      - {{when: "count_{v} == 0 or not count_{v}", go: thank_{k}}}
      - {{go: ask_when_{k}}}
  confirm_{k}:
    say: "{{{{ count_{v} }}}} times is a lot. Is that number right?"
    options:
      "yes": {{label: "Yes, it is right", go: ask_when_{k}}}
      "no": {{label: "No", go: ask_count_{k}}}
    answer: right_{v}
    unclear: {{tries: 2, then: thank_{k}}}
  ask_when_{k}:
    say: "When was the {subject} mostly? Choose one, please."
    footer: "ProCare, an automated assistant"
    menu_label: "Choose"
    options:
      morning: {{label: "In the morning", description: "Before breakfast or with it", also: [morning, subah, early]}}
      noon: {{label: "Around noon", description: "Before lunch or with it", also: [noon, lunch]}}
      evening: {{label: "In the evening", also: [evening, shaam]}}
      night: {{label: "At night", also: [night, raat, late]}}
    answer: part_{v}
    unclear: {{say: "Please tap one of the four, or type its number.", tries: 2, then: sort_{k}}}
    silence: {{after: 12h, then: end}}
    next: sort_{k}
  sort_{k}:
    set: {{late_{v}: "{{{{ part_{v} == 'night' or part_{v} == 'evening' }}}}"}}
    next:
      - {{when: "count_{v} and count_{v} >= 5 and late_{v}", go: advice_{k}}}
      - {{when: "part_{v} in ('morning', 'noon')", go: save_{k}}}
      - {{when: "person.condition == 'type_2' and late_{v}", go: hint_{k}}}
      - {{go: save_{k}}}
  advice_{k}:
    say: "That is often and late. {{% if person.name %}}{{{{ person.name }}}}, try{{% else %}}Try{{% endif %}} it earlier."
    next: save_{k}
  hint_{k}:
    say: "A hint: many people find the {subject} easier in the morning."
    next: save_{k}
  save_{k}:
    ask_agent: lifestyle_coach.record_activity
    with: {{what: "{subject}", count: "{{{{ count_{v} }}}}", part: "{{{{ part_{v} if part_{v} else none }}}}"}}
    facts: [total_{v}, goal_{v}]
    on: {{done: praise_{k}, below: below_{k}, failed: thank_{k}, unavailable: thank_{k}}}
    within: 8s
  praise_{k}:
    say: "Noted: {{{{ total_{v} }}}} of {{{{ goal_{v} }}}}. Well done, your {subject} is where you and your clinic want it."
    next: {after}
  below_{k}:
    say: "Noted: {{{{ total_{v} }}}} of {{{{ goal_{v} }}}}. A little more of the {subject} would be good. One step at a time."
    next: {after}
  thank_{k}:
    say: "Thank you. I have noted what you told me about the {subject}."
    next: {after}
"""


def flow(number: int, steps: int = STEPS) -> str:
    """A flow of ``steps`` steps, which come in tens."""
    parts = steps // 10
    name = f"madeup_{number:03}"
    head = (
        f"flow: {name}\ntitle: Care talk {number}\nowner: content team\nstarts_on: {{intent: {name}}}\n"
        f"notice: {{class: coaching, topic: {name}, expires: 6h}}\nsteps:\n"
    )
    subject = f"{_SUBJECTS[number % len(_SUBJECTS)]} of day {number}"
    after = [f"ask_count_{k + 1}" for k in range(1, parts)] + ["end"]
    return head + "".join(PART.format(k=k, v=f"{number}_{k}", subject=subject, after=after[k - 1]) for k in range(1, parts + 1))


def translated(text: str, language: str) -> str:
    """As many made-up words of the language's script, every variable in its place."""
    letters = _SYLLABLES[language]

    def word(found: re.Match[str]) -> str:
        return "".join(letters[(ord(char) * 7 + place) % len(letters)] for place, char in enumerate(found[0]))[:9]

    return "".join(piece if piece.startswith("{") else _WORD.sub(word, piece) for piece in _HOLE.split(text))


def make_project(folder: Path, flows: int, steps: int = STEPS) -> tuple[Path, Path]:
    """Our own content and ``flows`` more, all of it translated: the folders of dialogues and of catalogues."""
    dialogs, locales = folder / "dialogs", folder / "locales"
    shutil.copytree(ROOT / "dialogs" / "flows", dialogs / "flows")
    shutil.copy(ROOT / "dialogs" / "emergency.yaml", dialogs)
    for number in range(flows):
        (dialogs / "flows" / f"madeup_{number:03}.yaml").write_text(flow(number, steps), encoding="utf-8")
    content = load_content(dialogs, locales, languages=["en"])
    for language in LANGUAGES:
        catalog = extract(content, language)
        for message in by_key(catalog).values():
            message.string = translated(str(message.id), language)
        write(locales / language / "LC_MESSAGES" / "procare.po", render(catalog, language))
    return dialogs, locales
