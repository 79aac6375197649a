// The developer drawer: ids, timing and the JSON events of the chosen message, and what the bot's understanding makes of it.
import * as store from "/lookalike/static/store.js";
import { make, word } from "/lookalike/static/words.js";

const app = document.getElementById("app");
const drawer = document.getElementById("drawer");
const toggle = document.getElementById("developer");
const facts = document.getElementById("drawer-facts");
const events = document.getElementById("drawer-events");
const meaning = document.getElementById("drawer-meaning");
let chosen = null;

export const isOpen = () => !drawer.hidden;

export function setOpen(open) {
  drawer.hidden = !open;
  app.classList.toggle("developing", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (!open) mark(null);
}

export async function inspect(message) {
  setOpen(true);
  mark(message.id);
  document.getElementById("drawer-hint").hidden = true;
  const answer = await fetch(`/lookalike/message/${encodeURIComponent(message.id)}`);
  if (!answer.ok || chosen !== message.id) return;
  const data = await answer.json();
  facts.replaceChildren();
  const lines = { id: data.id, status: data.status, at: new Date(data.at * 1000).toISOString(), instance: data.instance };
  for (const [name, value] of Object.entries(lines)) facts.append(make("dt", { text: word(name) }), make("dd", { text: value }));
  events.hidden = !data.events.length;
  events.querySelector("ol").replaceChildren(...data.events.map((event) => eventItem(event, data.at)));
  await explain(message);
}

export function refreshed(message) {
  if (isOpen() && chosen === message.id) inspect(message);
}

function eventItem(event, start) {
  const late = `+${Math.max(0, Math.round((event.at - start) * 1000))} ms`;
  const small = event.what.includes("→");
  const head = small ? `${event.what} ${event.json.status ?? "—"} · ${event.json.ms} ms` : event.what;
  return make("li", {}, make("details", {}, make("summary", { text: `${late}  ${head}` }), make("pre", { tabindex: "0", text: JSON.stringify(event.json, null, 2) })));
}

async function explain(message) {
  meaning.hidden = true;
  if (!store.meaning || !message.mine || !message.view.text) return;
  const answer = await fetch(`/lookalike/meaning?${new URLSearchParams({ text: message.view.text })}`);
  if (!answer.ok || chosen !== message.id) return;
  meaning.querySelector("pre").textContent = JSON.stringify(await answer.json(), null, 2);
  meaning.hidden = false;
}

function mark(id) {
  chosen = id;
  for (const item of document.querySelectorAll(".message.chosen")) item.classList.remove("chosen");
  if (id) document.querySelector(`.message[data-id="${CSS.escape(id)}"]`)?.classList.add("chosen");
}

toggle.addEventListener("click", () => setOpen(!isOpen()));
document.getElementById("drawer-close").addEventListener("click", () => { setOpen(false); toggle.focus(); });
drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") { setOpen(false); toggle.focus(); } });
