// The bottom sheet of a list message. Esc, the cross and a tap beside it close it.
import { make } from "/lookalike/static/words.js";

const sheet = document.getElementById("sheet");
const rows = document.getElementById("sheet-rows");

export function openSheet(message, choose) {
  document.getElementById("sheet-title").textContent = message.view.menu;
  rows.replaceChildren();
  for (const section of message.view.sections ?? []) {
    if (section.title) rows.append(make("h3", { dir: "auto", text: section.title }));
    for (const row of section.rows) rows.append(choice(row, choose));
  }
  sheet.showModal();
  rows.querySelector("button")?.focus();
}

function choice(row, choose) {
  const button = make("button", { type: "button", class: "row", "data-testid": "row", "data-option": row.id }, make("span", { dir: "auto", text: row.title }));
  if (row.description) button.append(make("small", { dir: "auto", text: row.description }));
  button.addEventListener("click", () => {
    sheet.close();
    choose(row.id);
  });
  return button;
}

rows.addEventListener("keydown", (event) => {
  const all = [...rows.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + step))]?.focus();
});
document.getElementById("sheet-close").addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
