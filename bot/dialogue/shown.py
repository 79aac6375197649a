"""The labels of the open question, as this person sees them: whoever types one answers, and tells no news."""

from __future__ import annotations

from bot.dialogue.danger import is_late
from bot.dialogue.flow import Choice
from bot.dialogue.folding import fold
from bot.dialogue.handing_over import with_person
from bot.dialogue.options import nothing_but
from bot.dialogue.scene import Scene
from bot.dialogue.text import FALLBACK, Fallback
from bot.model.inbound import Inbound


def option_typed(scene: Scene, event: Inbound, text: str) -> Choice | None:
    """The option of ours whose label is the whole message, word for word as it stands on the person's screen now; of a question
    for several also where it is nothing but words of its options, "heart failure and sugar".

    None where there is any doubt that it is an answer: the question is one of an emergency, was never shown or is of another
    version, the label was found by an agent or given by a person, a model put the words together, a care team listens, or the
    message was written hours ago.
    """
    frame = scene.pending()
    if frame is None or frame.wait is None or frame.wait.seen != "all" or scene.vital(frame):
        return None
    if event.kind != "text" or scene.hint or with_person(scene) or is_late(scene, event):
        return None
    second = scene.fallback.second
    values = {**scene.values(frame), FALLBACK: Fallback(second, [])}  # looking at a label is no use of it: nothing is counted
    typed = fold(text)
    step = scene.flow_of(frame).steps[frame.step]
    language = scene.language_of(step, values)
    label = next((choice for choice in step.choices if fold(choice.label.render(language, values)) == typed), None)
    return label or next(iter(nothing_but(step, text)), None)
