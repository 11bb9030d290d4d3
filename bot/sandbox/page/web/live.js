// The connection to the simulation: stores its values by key, reports changes, and sends actions.

const WAIT_MS = 1000;
const ANSWER_MS = 15000; // a Telegram client stops waiting for the bot after the same time

export class Live {
  #socket = null;
  #tag = 0;
  #waiting = new Map();
  #parts = new Map();

  // onChange(list of [key, value, previous], fresh): `value` is undefined where the key was removed;
  // `fresh`: the first message of a connection, which contains everything.
  constructor(onChange, onState) {
    this.onChange = onChange;
    this.onState = onState;
    this.#connect();
  }

  get(...key) {
    return this.#parts.get(JSON.stringify(key));
  }

  // All [key, value] whose key begins so, in the order of their arrival.
  *all(...start) {
    for (const [name, value] of this.#parts) {
      const key = JSON.parse(name);
      if (start.every((part, at) => key[at] === part)) yield [key, value];
    }
  }

  // Send an action. Resolves to {answer}, {made} or {refused}; to {} after a timeout.
  ask(order) {
    const tag = ++this.#tag;
    const result = new Promise((resolve) => {
      this.#waiting.set(tag, resolve);
      setTimeout(() => this.#settle(tag, {}), ANSWER_MS);
    });
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ ...order, tag }));
    else this.#settle(tag, {});
    return result;
  }

  #settle(tag, result) {
    this.#waiting.get(tag)?.(result);
    this.#waiting.delete(tag);
  }

  #connect() {
    let fresh = true;
    this.#socket = new WebSocket(new URL("live", location.href.replace(/^http/, "ws")));
    this.#socket.onopen = () => this.onState(true);
    this.#socket.onmessage = (event) => {
      this.#take(JSON.parse(event.data), fresh);
      fresh = false;
    };
    this.#socket.onclose = () => {
      this.onState(false);
      setTimeout(() => this.#connect(), WAIT_MS);
    };
  }

  #take(frame, fresh) {
    if (fresh) this.#parts.clear();
    const changes = [];
    for (const [key, value] of frame.changed) {
      const [kind, tag] = key;
      if (kind === "answer" || kind === "made" || kind === "refused") {
        this.#settle(tag, { [kind]: value });
        continue;
      }
      const name = JSON.stringify(key);
      changes.push([key, value, this.#parts.get(name)]);
      this.#parts.set(name, value);
    }
    for (const key of frame.gone) {
      const name = JSON.stringify(key);
      changes.push([key, undefined, this.#parts.get(name)]);
      this.#parts.delete(name);
    }
    this.onChange(changes, fresh);
  }
}
