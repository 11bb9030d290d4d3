// Turns text and entities into DOM nodes. Offsets are in UTF-16 units, as in JavaScript strings.

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const FOUND = [
  ["bot_command", /(?<![\w/])\/[a-z0-9_]{1,32}\b/g],
  ["url", /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g],
];

// Add the commands and links that a client finds itself, outside of the given entities.
function withFound(text, entities) {
  const all = [...entities];
  for (const [type, pattern] of FOUND) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      const taken = entities.some(
        (e) => ["spoiler", "code", "pre", "text_link", "bot_command", "url"].includes(e.type) && e.offset < end && start < e.offset + e.length,
      );
      if (!taken) all.push({ type, offset: start, length: end - start });
    }
  }
  return all;
}

// The nodes of a message's text. `on`: command(text), link(url, event), reveal(), isOpen, covered.
export function richText(text, entities, on) {
  const marks = withFound(text, entities);
  const edges = new Set([0, text.length]);
  for (const { offset, length } of marks) edges.add(offset).add(offset + length);
  const sorted = [...edges].sort((a, b) => a - b);
  const nodes = document.createDocumentFragment();
  for (let at = 0; at + 1 < sorted.length; at++) {
    const [start, end] = [sorted[at], sorted[at + 1]];
    const inside = marks.filter((e) => e.offset <= start && end <= e.offset + e.length);
    nodes.append(piece(text.slice(start, end), inside, on));
  }
  return nodes;
}

function piece(text, marks, on) {
  let node = document.createTextNode(text);
  for (const mark of marks) {
    if (TAGS[mark.type]) node = wrapped(TAGS[mark.type], node);
    if (mark.type === "bot_command") node = command(text, node, on);
    if (mark.type === "url" || mark.type === "text_link") node = link(mark.url ?? text, node, on);
  }
  return marks.some((mark) => mark.type === "spoiler") ? spoiler(node, on) : node;
}

function wrapped(tag, node) {
  const element = document.createElement(tag);
  element.append(node);
  return element;
}

function command(text, node, on) {
  const element = wrapped("a", node);
  element.href = "#";
  element.onclick = (event) => {
    event.preventDefault();
    on.command(text);
  };
  return element;
}

function link(url, node, on) {
  if (!/^https?:\/\//i.test(url)) return node;
  const element = wrapped("a", node);
  Object.assign(element, { href: url, target: "_blank", rel: "noopener noreferrer" });
  element.onclick = (event) => on.link(url, event);
  return element;
}

// A covered spoiler has the size of its text, which cannot be seen, selected or read by a screen reader.
function spoiler(node, on) {
  const element = wrapped("span", wrapped("span", node));
  element.className = "spoiler";
  if (on.isOpen) {
    element.classList.add("open");
    element.tabIndex = -1; // keeps the keyboard focus after it was uncovered
    return element;
  }
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", on.covered);
  element.tabIndex = 0;
  element.onclick = on.reveal;
  element.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    on.reveal();
  };
  return element;
}

// One line for the list of people; spoilers stay covered.
export function preview(message) {
  const text = message.text ?? message.caption ?? "";
  let line = text;
  for (const { type, offset, length } of message.entities ?? message.caption_entities ?? []) {
    if (type === "spoiler") line = line.slice(0, offset) + "▒".repeat(length) + line.slice(offset + length);
  }
  const icon = message.photo ? "🖼 " : message.document ? "📄 " : "";
  return icon + (line.split("\n")[0] || message.document?.file_name || "");
}
