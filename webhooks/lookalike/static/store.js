// What the page knows: loaded whole, then kept up to date by the stream; loaded again whenever the stream comes back.
export const people = []; // {number, name, instance}
export const instances = new Map();
const chats = new Map(); // number -> {messages: [], byId: Map, readTo}
const listeners = new Map();
const AWAITED = 20; // seconds in which the bot is shown as typing
let skew = 0;
export let meaning = false;

export function on(kind, listener) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), listener]);
}

function tell(kind, data) {
  for (const listener of listeners.get(kind) ?? []) listener(data);
}

export const now = () => Date.now() / 1000 + skew;

export function chat(number) {
  if (!chats.has(number)) chats.set(number, { messages: [], byId: new Map(), readTo: 0, presence: 0 });
  return chats.get(number);
}

export function find(number, id) {
  return chat(number).byId.get(id);
}

export function unread(number) {
  const { messages, readTo } = chat(number);
  return messages.filter((message) => !message.mine && message.at > readTo).length;
}

export function awaited(number) {
  const { messages, presence } = chat(number);
  const last = messages.at(-1);
  return presence > now() || Boolean(last?.mine && last.status !== "failed" && now() - last.at < AWAITED);
}

export function seen(number) {
  chat(number).readTo = now();
}

function take(message) {
  const { messages, byId } = chat(message.number);
  const known = byId.get(message.id);
  if (known) return Object.assign(known, message), false;
  byId.set(message.id, message);
  messages.push(message);
  if (messages.length > 1 && messages.at(-2).at > message.at) messages.sort((a, b) => a.at - b.at);
  return true;
}

async function load() {
  const state = await (await fetch("/lookalike/state")).json();
  skew = state.now - Date.now() / 1000;
  meaning = state.meaning;
  people.splice(0, people.length, ...state.patients);
  instances.clear();
  for (const instance of state.instances) instances.set(instance.name, instance);
  chats.clear();
  for (const one of state.chats) {
    chat(one.number).readTo = one.read_to;
    one.messages.forEach(take);
  }
  tell("loaded");
}

export function connect() {
  const stream = new EventSource("/lookalike/stream");
  const handle = (kind, work) => stream.addEventListener(kind, (event) => work(JSON.parse(event.data)));
  stream.addEventListener("hello", () => load().then(() => tell("online", true), () => tell("online", false)));
  stream.addEventListener("error", () => {
    tell("online", false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
  handle("message", (message) => {
    chat(message.number).presence = 0;
    if (take(message)) tell("message", message);
  });
  handle("status", ({ id, number, status, reaction }) => {
    const message = find(number, id);
    if (!message) return;
    message.status = status;
    message.reaction = reaction;
    tell("status", message);
  });
  handle("presence", ({ number, presence }) => {
    chat(number.split("@")[0]).presence = presence === "composing" ? now() + 10 : 0;
    tell("presence");
  });
  handle("patients", (person) => {
    if (!people.some((known) => known.number === person.number)) people.push(person);
    tell("people");
  });
}

export async function post(path, body) {
  const answer = await fetch(`/lookalike/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
