// WhatsApp's marks to elements: ```mono```, `code`, *bold*, _italic_, ~strike~, links. Text stays text; nothing is parsed as HTML.
import { make } from "/lookalike/static/words.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const LINK = /^https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/;
const MOST = 12; // marks inside marks

export function formatted(text, depth = 0) {
  const out = document.createDocumentFragment();
  let plain = "";
  const flush = () => { if (plain) out.append(plain); plain = ""; };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at, at + 4096);
    const found = code(rest) ?? marked(text, at, rest, depth) ?? link(text, at, rest);
    if (found) {
      flush();
      out.append(found.element);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

// As in a quotation: the marks are gone, and nothing is emphasised.
export function unmarked(text) {
  const box = make("div", {});
  box.append(formatted(text));
  return box.textContent;
}

function code(rest) {
  const match = /^```([^]+?)```/.exec(rest) ?? /^`([^`\n]+)`/.exec(rest);
  return match && { element: make("code", { text: match[1] }), length: match[0].length };
}

// A mark opens before a word and closes after one: 2*3*4 and snake_case_names stay as they are.
function marked(text, at, rest, depth) {
  const mark = rest[0];
  if (!(mark in MARKS) || depth >= MOST || wordish(text[at - 1]) || !rest[1] || /\s/.test(rest[1]) || rest[1] === mark) return null;
  for (let end = rest.indexOf(mark, 2); end > 0; end = rest.indexOf(mark, end + 1)) {
    const inner = rest.slice(1, end);
    if (inner.includes("\n")) return null;
    if (!/\s/.test(rest[end - 1]) && !wordish(rest[end + 1])) {
      return { element: make(MARKS[mark], {}, formatted(inner, depth + 1)), length: end + 1 };
    }
  }
  return null;
}

function link(text, at, rest) {
  if (rest[0] !== "h" || wordish(text[at - 1])) return null;
  const match = LINK.exec(rest);
  return match && {
    element: make("a", { href: match[0], target: "_blank", rel: "noopener noreferrer", text: match[0] }),
    length: match[0].length,
  };
}

function wordish(character) {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
