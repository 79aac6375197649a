"""From the lexicon files to the index: every phrase as it is written, as it sounds, and by its consonants alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.errors import ConfigError
from bot.understanding.index import Index, Meaning, Node
from bot.understanding.keys import bare_key, drop_schwa, latin, loan_key, roman_key, soft_key
from bot.understanding.language_file import Entry, LanguageFile, plain_latin, split_phrase
from bot.understanding.languages import EUROPEAN, OPEN_O, SCHWA, SOFT
from bot.understanding.spelling import SlipIndex
from bot.understanding.text import fold, script_of

# Concepts whose words are looked for in the middle of a text too long to be read whole.
DANGER: Final = (
    "chest", "chest_pain", "heart_attack", "breathless", "breath", "unconscious", "faint", "collapse", "seizure", "stroke",
    "paralysis", "bleed", "suicide", "poison", "overdose", "pregnant", "slur", "kill", "die",
)  # fmt: skip
# Concepts whose English words are also heard as Indian scripts spell them.
LENT: Final = frozenset(DANGER) | {
    "hard", "confused", "sweat", "allergy", "swell", "vomit", "fever", "severe", "sudden", "ketone", "ambulance", "headache",
    "emergency_word", "rash", "numb", "pressure_word", "weak", "overdose", "anaphylaxis", "asthma_attack", "nosebleed", "heart",
    "shoulder", "drowsy", "dizzy", "loose", "hypo", "dka", "burn", "tight", "heavy", "symptom_other",
}  # fmt: skip
LONG_STEM: Final = 8  # letters of a stem that is nearly a word, so that slips in it are found too
SHORTEST: Final = 3  # letters of a skeleton
MAX_PHRASE: Final = 7
EUROPE: Final = "europe"

Forms = tuple[str, str, str]  # elements of one written word: exact, skeleton, consonants


def compile_index(files: Sequence[LanguageFile]) -> Index:
    """The index of all files; raises ConfigError for a phrase that is too long or has no word."""
    compiler = _Compiler()
    written: dict[str, dict[str, tuple[Forms, ...]]] = {}
    scripts: dict[str, list[str]] = {}
    for file in files:
        for script in file.scripts:
            scripts.setdefault(script, []).append(file.language)
        family = _family(file.language)
        compiler.add(file, family, written.setdefault(family, {}))
    words = compiler.words | dict.fromkeys(sorted(compiler.inner - compiler.words.keys()), 0)
    meanings = _only_meant(compiler.meanings, words, compiler.root)
    _share_leaves(compiler.root, {})
    danger = {word for file in files for concept in DANGER for word in _single_words(file.concepts.get(concept, ""))}
    return Index(
        languages=[file.language for file in files],
        meanings=meanings,
        words=words,
        root=compiler.root,
        slips=compiler.slips.words,
        near=compiler.slips.near,
        scripts=scripts,
        danger=sorted(danger),
    )


class _Compiler:
    def __init__(self) -> None:
        self.meanings: list[Meaning] = [()]
        self.words: dict[str, int] = {}
        self.root = Node()
        self.inner: set[str] = set()
        self.slips = SlipIndex()
        self._numbers: dict[Meaning, int] = {(): 0}
        self._sums: dict[tuple[int, tuple[str, str]], int] = {}

    def add(self, file: LanguageFile, family: str, written: dict[str, tuple[Forms, ...]]) -> None:
        """Index every phrase of a language. ``written``: words already worked out in languages of the family."""
        said = [(concept, value if isinstance(value, str) else value.words) for concept, value in file.concepts.items()]
        said += [("#" + value, words) for value, words in file.numbers.items()]
        for concept, words in said:
            entry = (concept, file.language)
            for phrase in words.split(","):
                forms: tuple[Forms, ...] = ()
                for part in phrase.split():
                    known = written.get(part)
                    if known is None:
                        known = written[part] = tuple([self._forms(word, family) for word in split_phrase(part)])
                    forms = forms + known if forms else known
                if len(forms) == 1:
                    self._word(forms[0], entry)
                    if file.language == "en" and concept in LENT:
                        self._lent(phrase.strip(), entry)
                elif len(forms) > MAX_PHRASE or (not forms and phrase.strip()):
                    raise ConfigError(
                        f"lexicon {file.language}/{concept}: phrase {phrase.strip()!r} must have 1 to {MAX_PHRASE} words"
                    )
                elif forms:
                    self._phrase(forms, entry)

    def _word(self, forms: Forms, entry: tuple[str, str]) -> None:
        words = self.words
        for element in forms:
            if element:
                words[element] = self._more(words.get(element, 0), entry)

    def _lent(self, word: str, entry: tuple[str, str]) -> None:
        """An English word as other scripts write its sound."""
        if word[0] != "*" and (key := loan_key(plain_latin(word.strip("*").lower()), english=True)):
            self.words["$" + key] = self._more(self.words.get("$" + key, 0), entry)

    def _phrase(self, forms: tuple[Forms, ...], entry: tuple[str, str]) -> None:
        """The ways a phrase is written: as it stands, as a skeleton, and by its consonants alone."""
        self._branch([form[0] for form in forms], entry)
        skeleton = [form[1] for form in forms]
        if all(skeleton):
            self._branch(skeleton, entry)
            loose = [form[2] or form[1] for form in forms]
            if loose != skeleton:
                self._branch(loose, entry)

    def _branch(self, elements: list[str], entry: tuple[str, str]) -> None:
        node = self.root
        for element in elements:
            following = node.next
            if following is None:
                following = node.next = {}
            found = following.get(element)
            if found is None:
                found = following[element] = Node()
                self.inner.add(element)
            node = found
        node.meaning = self._more(node.meaning, entry)

    def _more(self, meaning: int, entry: tuple[str, str]) -> int:
        """The number of the meaning that says one thing more."""
        key = (meaning, entry)
        known = self._sums.get(key)
        if known is None:
            said = self.meanings[meaning]
            if entry in said:
                known = meaning
            else:
                known = self._numbers.setdefault((*said, entry), len(self.meanings))
                if known == len(self.meanings):
                    self.meanings.append((*said, entry))
            self._sums[key] = known
        return known

    def _forms(self, word: str, family: str) -> Forms:
        """Elements of one word: exact, skeleton, consonants; empty where that form would not tell words apart."""
        head = tail = ""
        body = word
        if "*" in word:
            head, body, tail = "*" if word[0] == "*" else "", word.strip("*"), "*" if word[-1] == "*" else ""
        least = SHORTEST
        if body.isascii() or script_of(body) == "Latn":
            body = plain_latin(body)
            exact = f"{head}={body}{tail}"
            if not head and len(body) >= (LONG_STEM if tail else 5):
                self.slips.add(body)
            if family == EUROPE:
                return exact, "", ""
            key = roman_key(body)
        else:
            exact = f"{head}{fold(body)}{tail}"
            text = latin(body, "o" if family == "open" else "a")
            if tail:
                text = text.rstrip("a")
                least += 1
            key = roman_key(drop_schwa(text) if family == "schwa" else text)
        if len(key) < least:
            return exact, "", ""
        if head or tail:
            return exact, f"{head}~{key}{tail}", ""
        bare = bare_key(key)
        loose = ("%" + soft_key(bare) if family == "soft" else "#" + bare) if bare else ""
        return exact, "~" + key, loose


def _only_meant(meanings: list[Meaning], words: dict[str, int], root: Node) -> list[Meaning]:
    """The meanings that some word or phrase has, numbered anew in both; a third were only steps to fuller ones."""
    nodes = [root]
    for node in nodes:
        if node.next:
            nodes += node.next.values()
    kept = sorted({0, *words.values(), *[node.meaning for node in nodes]})
    number = {old: new for new, old in enumerate(kept)}
    for word, old in words.items():
        words[word] = number[old]
    for node in nodes:
        node.meaning = number[node.meaning]
    return [meanings[old] for old in kept]


def _share_leaves(node: Node, leaves: dict[int, Node]) -> None:
    """Make nodes behind which nothing follows one node wherever their meaning is the same: two thirds of all are such."""
    following = node.next or {}
    for element, child in following.items():
        if child.next is None:
            following[element] = leaves.setdefault(child.meaning, child)
        else:
            _share_leaves(child, leaves)


def _family(language: str) -> str:
    """Languages whose words have the same skeletons."""
    if language in EUROPEAN:
        return EUROPE
    return "soft" if language in SOFT else "open" if language in OPEN_O else "schwa" if language in SCHWA else "plain"


def _single_words(value: str | Entry) -> list[str]:
    words = value if isinstance(value, str) else value.words
    return [word for phrase in words.split(",") if len(word := phrase.strip().strip("*").lower()) >= 4 and " " not in word]
