// Writing, quoting and attaching.
import { summary } from "/lookalike/static/bubbles.js";
import { word } from "/lookalike/static/words.js";

const form = document.getElementById("composer");
const field = document.getElementById("words-in");
const bar = document.getElementById("quoting");
const menu = document.getElementById("attachments");
const clip = document.getElementById("clip");
let quoted = null;

export function quote(message) {
  quoted = message?.id ?? null;
  bar.hidden = !message;
  if (!message) return;
  document.getElementById("quoting-who").textContent = word(message.mine ? "mine" : "bot");
  document.getElementById("quoting-text").textContent = summary(message);
  field.focus();
}

// Until it is known who writes, nobody's words would be taken.
export function ready() {
  for (const part of [field, clip, form.querySelector(".send")]) part.disabled = false;
}

export const focus = () => field.focus({ preventScroll: true });

// act: sends what it is given; resolves when it was taken
export function start(act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const what = quoted ? { text, quoted } : { text };
    field.value = "";
    quote(null);
    if (!(await act(what))) field.value = text; // not taken: nobody's words get lost
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape") quote(null);
  });
  document.getElementById("quoting-off").addEventListener("click", () => { quote(null); field.focus(); });
  for (const button of menu.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      menu.hidePopover();
      act({ attach: button.dataset.kind });
      field.focus();
    });
  }
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    const box = clip.getBoundingClientRect();
    menu.style.left = `${Math.max(6, box.left)}px`;
    menu.style.bottom = `${window.innerHeight - box.top + 8}px`;
    menu.querySelector("button").focus();
  });
}
