// One message as elements.
import { formatted, unmarked } from "/lookalike/static/format.js";
import { find } from "/lookalike/static/store.js";
import { clock, icon, make, word } from "/lookalike/static/words.js";

const SHORT = 32; // characters beside which the time fits

// actions: {tap(message, option), open(message), quote(message), like(message), details(message), jump(id)}
export function bubble(message, turn, actions) {
  const { view } = message;
  const item = make("li", { class: turn ? "message turn" : "message", "data-testid": "message", "data-id": message.id, "data-mine": String(message.mine), "data-kind": view.kind });
  const body = make("div", { class: "bubble" });
  body.append(make("span", { class: "hidden", text: `${word(message.mine ? "mine" : "bot")}: ` }));
  if (message.quoted) body.append(quoted(message, actions));
  body.append(...content(message));
  body.append(...written(message));
  if (view.menu) {
    const button = make("button", { type: "button", class: "option", "data-testid": "menu", "aria-haspopup": "dialog" }, icon("list"), make("span", { dir: "auto", text: view.menu }));
    button.addEventListener("click", () => actions.open(message));
    body.append(make("div", { class: "options inside" }, button));
  }
  item.append(body);
  if (view.buttons) item.append(replies(message, actions));
  item.append(tools(message, actions));
  refresh(item, message);
  return item;
}

export function refresh(item, message) {
  item.dataset.status = message.status;
  const ticks = item.querySelector(".ticks");
  if (ticks && ticks.dataset.status !== message.status) ticks.replaceWith(tick(message.status));
  item.querySelector(".reaction")?.remove();
  if (message.reaction) item.querySelector(".bubble").append(make("span", { class: "reaction", "data-testid": "reaction", text: message.reaction }));
}

export function summary(message) {
  const { view } = message;
  if (view.text) return unmarked(view.text);
  const names = { image: "picture", audio: "voice", video: "video", document: "document", location: "location" };
  return view.header || word(names[view.kind] ?? "", { n: view.media?.seconds ?? "" });
}

function tick(status) {
  const shapes = { pending: "clock", failed: "failed", sent: "sent", delivered: "delivered", read: "delivered" };
  return icon(shapes[status], { class: "ticks", "data-testid": "ticks", "data-status": status, "aria-hidden": "false", role: "img", "aria-label": word(status) });
}

function stamp(message) {
  const time = make("time", { datetime: new Date(message.at * 1000).toISOString(), text: clock(message.at) });
  return make("span", { class: "stamp" }, time, message.mine && tick(message.status));
}

function written({ view, ...message }) {
  const parts = [];
  if (view.header) parts.push(make("p", { class: "head", dir: "auto", text: view.kind === "template" ? word("template", { name: view.header }) : view.header }));
  const words = view.text && make("div", { class: "words", dir: "auto", "data-testid": "text" }, formatted(view.text));
  const foot = view.footer && make("p", { class: "foot", dir: "auto", text: view.footer });
  if (words && !foot && view.text.length <= SHORT && !view.text.includes("\n")) {
    parts.push(make("div", { class: "short" }, words, stamp(message)));
  } else {
    parts.push(...[words, foot, stamp(message)].filter(Boolean));
  }
  return parts;
}

function content({ view, id }) {
  const { media, place } = view;
  if (view.kind === "image" && media?.file) return [make("img", { class: "picture", src: `/lookalike/file/${encodeURIComponent(media.file)}`, alt: word("picture") })];
  if (view.kind === "audio") {
    return [make("div", { class: "file" }, icon("mic"), make("span", { class: "wave" }), make("span", { class: "hidden", text: word("voice", { n: media?.seconds ?? "" }) }))];
  }
  if (media) return [make("div", { class: "file" }, icon(view.kind === "image" ? "picture" : "paper"), make("span", { dir: "auto", text: media.name || word("document") }))];
  if (place) return [make("div", { class: "file" }, icon("pin"), make("span", { dir: "auto", text: [place.name, place.address].filter(Boolean).join(", ") || word("location") }))];
  return [];
}

function quoted(message, actions) {
  const source = find(message.number, message.quoted);
  const button = make("button", { type: "button", class: "quoted", "data-testid": "quote" });
  button.append(make("b", { text: source ? word(source.mine ? "mine" : "bot") : "…" }), make("span", { dir: "auto", text: source ? summary(source) : "" }));
  button.addEventListener("click", () => actions.jump(message.quoted));
  return button;
}

function replies(message, actions) {
  const box = make("div", { class: "options below" });
  for (const option of message.view.buttons) {
    if (option.url) {
      const safe = /^https?:\/\//i.test(option.url) ? option.url : undefined;
      box.append(make("a", { class: "option", href: safe, target: "_blank", rel: "noopener noreferrer", text: option.label }));
      continue;
    }
    const button = make("button", { type: "button", class: "option", "data-testid": "option", "data-option": option.id }, icon("reply"), make("span", { dir: "auto", text: option.label }));
    button.addEventListener("click", () => actions.tap(message, option.id));
    box.append(button);
  }
  return box;
}

function tools(message, actions) {
  const tool = (name, shape, action) => {
    const button = make("button", { type: "button", class: "icon", "aria-label": word(name), title: word(name), "data-testid": `tool-${name}` }, icon(shape));
    button.addEventListener("click", () => action(message));
    return button;
  };
  const box = make("div", { class: "tools" }, tool("reply", "reply", actions.quote));
  if (!message.mine) box.append(tool("like", "heart", actions.like));
  box.append(tool("details", "code", actions.details));
  return box;
}
