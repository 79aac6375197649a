// Ties the parts together: which patient is shown, and what happens on each update.
import { bubble, refresh } from "/lookalike/static/bubbles.js";
import * as composer from "/lookalike/static/composer.js";
import * as drawer from "/lookalike/static/drawer.js";
import * as people from "/lookalike/static/people.js";
import { openSheet } from "/lookalike/static/sheet.js";
import * as store from "/lookalike/static/store.js";
import { day, make, word } from "/lookalike/static/words.js";

const app = document.getElementById("app");
const log = document.getElementById("log");
const paper = document.getElementById("paper");
const jump = document.getElementById("jump");
const presence = document.getElementById("presence");
const typing = document.getElementById("typing");
let current = null;
let lastShown = null;
let atEnd = true; // the newest message is in view, so keep it there

const person = () => store.people.find(({ number }) => number === current);

async function act(what) {
  try {
    await store.post("say", { patient: current, ...what });
    return true;
  } catch {
    online(false);
    return false;
  }
}

const actions = {
  tap: (message, option) => act({ tap: { message: message.id, option } }).then(composer.focus),
  open: (message) => openSheet(message, (option) => actions.tap(message, option)),
  quote: composer.quote,
  like: (message) => act({ react: { message: message.id, emoji: message.reaction ? "" : "❤️" } }),
  details: drawer.inspect,
  jump: (id) => log.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center" }),
};

function choose(number, toChat) {
  current = number;
  if (location.hash !== `#${number}`) history.replaceState(null, "", `#${number}`);
  if (toChat) app.dataset.pane = "chat";
  composer.quote(null);
  render();
  if (toChat) composer.focus();
}

function render() {
  log.setAttribute("aria-live", "off"); // an old conversation is not news
  log.replaceChildren();
  lastShown = null;
  const { messages } = store.chat(current);
  if (!messages.length) log.append(make("li", { class: "day hint", text: word("empty") }));
  messages.forEach(append);
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  toBottom();
  looked();
  side();
}

function append(message) {
  log.querySelector(".hint")?.remove();
  if (!lastShown || day(lastShown.at) !== day(message.at)) log.append(make("li", { class: "day", text: day(message.at) }));
  log.append(bubble(message, !lastShown || lastShown.mine !== message.mine, actions));
  lastShown = message;
}

function side() {
  people.show(current, choose);
  const shown = person();
  const waiting = current !== null && store.awaited(current);
  presence.textContent = !shown ? "" : waiting ? word("typing") : word("phone", { name: shown.name, number: people.pretty(shown.number), channel: people.channel(shown) });
  presence.classList.toggle("typing-now", waiting);
  const follow = nearBottom();
  typing.hidden = !waiting;
  if (follow) toBottom();
}

function looked() {
  if (current === null || document.hidden || (narrow() && app.dataset.pane !== "chat")) return;
  store.seen(current);
  store.post("read", { patient: current }).catch(() => online(false));
}

const narrow = () => matchMedia("(max-width: 700px)").matches;
const nearBottom = () => paper.scrollHeight - paper.scrollTop - paper.clientHeight < 120;
function toBottom() {
  paper.scrollTop = paper.scrollHeight;
  atEnd = true;
  jump.hidden = true;
}

function online(yes) {
  document.getElementById("trouble").hidden = yes;
}

store.on("loaded", () => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const known = store.people.some(({ number }) => number === wanted) ? wanted : store.people[0]?.number;
  if (known === undefined) return;
  const first = current === null;
  composer.ready();
  choose(person() ? current : known, first && location.hash.length > 1);
});
store.on("online", online);
store.on("message", (message) => {
  if (message.number === current) {
    const follow = nearBottom() || message.mine;
    append(message);
    if (follow) toBottom();
    else {
      atEnd = false;
      jump.hidden = false;
    }
    if (!message.mine) looked();
  }
  side();
});
store.on("status", (message) => {
  const item = message.number === current && log.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  if (item) refresh(item, message);
  drawer.refreshed(message);
});
store.on("presence", side);
store.on("people", side);

document.getElementById("back").addEventListener("click", () => {
  app.dataset.pane = "people";
  document.querySelector(".person[aria-current]")?.focus();
});
jump.addEventListener("click", toBottom);
const size = () => `${paper.scrollHeight} ${paper.clientHeight}`;
let measured = "";
paper.addEventListener("scroll", () => {
  if (size() !== measured) return; // the layout moved, not the person
  atEnd = nearBottom();
  if (atEnd) jump.hidden = true;
});
const sizes = new ResizeObserver(() => { // the drawer opened, a picture came, the keyboard rose
  if (atEnd) toBottom();
  measured = size();
});
sizes.observe(paper);
sizes.observe(log);
sizes.observe(typing);
document.addEventListener("visibilitychange", looked);
window.addEventListener("hashchange", () => {
  const number = location.hash.slice(1);
  if (number !== current && store.people.some((one) => one.number === number)) choose(number, true);
});

const root = document.documentElement;
const kept = localStorage.getItem("theme");
if (kept) root.dataset.theme = kept;
document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});

composer.start(act);
people.onNewcomer(choose);
setInterval(() => { if (!typing.hidden) side(); }, 1000); // typing ends by itself
store.connect();
