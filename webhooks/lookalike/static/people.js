// The list of test patients: newest activity first is for phones; here the order stays, so that one finds them again.
import { summary } from "/lookalike/static/bubbles.js";
import { awaited, chat, instances, people, post, unread } from "/lookalike/static/store.js";
import { clock, make, word } from "/lookalike/static/words.js";

const list = document.getElementById("people");
const dialog = document.getElementById("newcomer");
const nameField = document.getElementById("newcomer-name");
const instanceField = document.getElementById("newcomer-instance");

export function pretty(number) {
  return `+${number.slice(0, -10)} ${number.slice(-10, -5)} ${number.slice(-5)}`.replace("+ ", "+");
}

export function channel(person) {
  return word(instances.get(person.instance)?.cloud ? "cloud" : "baileys");
}

export function show(current, choose) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.number : null;
  list.replaceChildren(...people.map((person, at) => make("li", {}, entry(person, at, person.number === current, choose))));
  if (focused) list.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus();
}

function entry(person, at, current, choose) {
  const last = chat(person.number).messages.at(-1);
  const count = current ? 0 : unread(person.number);
  const typing = awaited(person.number);
  const button = make("button", { type: "button", class: "person", "data-testid": "patient", "data-number": person.number, "data-name": person.name, "aria-current": current ? "true" : undefined });
  const top = make("span", { class: "top" }, make("span", { class: "name", dir: "auto", text: person.name }), last && make("time", { text: clock(last.at) }));
  const words = typing ? word("typing") : last ? summary(last) : `${pretty(person.number)} · ${channel(person)}`;
  const low = make("span", { class: "low" }, make("span", { class: typing ? "last typing-now" : "last", dir: "auto", text: words.split("\n")[0] }));
  if (count) low.append(make("span", { class: "badge", "data-testid": "unread", "aria-label": word("unread", { n: count }), text: String(count) }));
  button.append(make("span", { class: `face tone-${at % 5}`, "aria-hidden": "true", text: person.name.slice(0, 1) }), make("span", { class: "text" }, top, low));
  button.addEventListener("click", () => choose(person.number, true));
  return button;
}

list.addEventListener("keydown", (event) => {
  const all = [...list.querySelectorAll("button")];
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const at = all.indexOf(document.activeElement);
  const to = event.key in steps ? at + steps[event.key] : { Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, to))].focus();
});

document.getElementById("add-patient").addEventListener("click", () => {
  instanceField.replaceChildren(...[...instances.values()].map(({ name, cloud }) => make("option", { value: name, text: `${name} (${word(cloud ? "cloud" : "baileys")})` })));
  nameField.value = "";
  dialog.showModal();
});
document.getElementById("newcomer-off").addEventListener("click", () => dialog.close());

export function onNewcomer(choose) {
  document.getElementById("newcomer-form").addEventListener("submit", async () => {
    const person = await post("patients", { name: nameField.value, instance: instanceField.value });
    if (!people.some(({ number }) => number === person.number)) people.push(person);
    choose(person.number, true);
  });
}
