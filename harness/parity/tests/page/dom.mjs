// As much of a document as the page's script needs: elements, selectors, events, and a parser for
// the markup of the page. It has no layout.

const VOID = new Set(["input", "meta"]);
const RAW = new Set(["script", "style"]);
// Attributes that are properties of elements; true for those without a value.
const REFLECTED = { id: false, href: false, title: false, type: false, hidden: true, open: true };

export class Text {
  constructor(text) {
    this.textContent = text;
  }

  remove() {
    this.parentElement?.drop(this);
  }
}

export class Element {
  constructor(document, name) {
    this.ownerDocument = document;
    this.localName = name;
    this.attributes = new Map();
    this.childNodes = [];
    this.listeners = new Map();
    this.parentElement = null;
    this.input = "";
    this.dataset = dataset(this);
  }

  get children() {
    return this.childNodes.filter((child) => child instanceof Element);
  }

  get childElementCount() {
    return this.children.length;
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name) {
    return this.attributes.has(name);
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  // A button's value is its attribute; that of a field is what was typed.
  get value() {
    return this.localName === "button" ? this.getAttribute("value") ?? "" : this.input;
  }

  set value(value) {
    if (this.localName === "button") this.setAttribute("value", value);
    else this.input = String(value);
  }

  get className() {
    return this.getAttribute("class") ?? "";
  }

  set className(names) {
    this.setAttribute("class", names);
  }

  get classList() {
    const names = new Set(this.className.split(/\s+/).filter(Boolean));
    const changed = (change) => (name) => {
      change(name);
      this.className = [...names].join(" ");
    };
    return {
      contains: (name) => names.has(name),
      add: changed((name) => names.add(name)),
      remove: changed((name) => names.delete(name)),
    };
  }

  set tabIndex(index) {
    this.setAttribute("tabindex", index);
  }

  get textContent() {
    return this.childNodes.map((child) => child.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren(text);
  }

  append(...added) {
    for (const one of added) this.insert(one, this.childNodes.length);
  }

  before(...added) {
    for (const one of added) this.parentElement.insert(one, this.parentElement.childNodes.indexOf(this));
  }

  replaceChildren(...added) {
    for (const child of [...this.childNodes]) this.drop(child);
    this.append(...added);
  }

  remove() {
    this.parentElement?.drop(this);
  }

  insert(added, at) {
    const node = typeof added === "object" ? added : new Text(String(added));
    node.remove();
    node.parentElement = this;
    this.childNodes.splice(at, 0, node);
  }

  drop(child) {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentElement = null;
  }

  contains(other) {
    for (let one = other; one; one = one.parentElement) if (one === this) return true;
    return false;
  }

  matches(selector) {
    return parsed(selector).some((compounds) => matchesAll(this, compounds));
  }

  closest(selector) {
    for (let one = this; one; one = one.parentElement) if (one.matches(selector)) return one;
    return null;
  }

  querySelectorAll(selector) {
    const found = [];
    const visit = (element) => {
      for (const child of element.children) {
        if (child.matches(selector)) found.push(child);
        visit(child);
      }
    };
    visit(this);
    return found;
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  addEventListener(type, listener, { once = false } = {}) {
    const listeners = this.listeners.get(type) ?? [];
    this.listeners.set(type, [...listeners, { listener, once }]);
  }

  dispatch(type, event = {}) {
    const listeners = this.listeners.get(type) ?? [];
    this.listeners.set(type, listeners.filter(({ once }) => !once));
    for (const { listener } of listeners) listener({ type, target: this, preventDefault() {}, ...event });
  }

  click() {
    this.dispatch("click");
  }

  focus() {
    this.ownerDocument.activeElement = this;
  }

  blur() {
    this.ownerDocument.activeElement = this.ownerDocument.body;
  }

  select() {}

  scrollIntoView() {}

  showModal() {
    this.open = true;
  }
}

for (const [name, isFlag] of Object.entries(REFLECTED)) {
  Object.defineProperty(Element.prototype, name, {
    get() {
      return isFlag ? this.hasAttribute(name) : this.getAttribute(name) ?? "";
    },
    set(value) {
      if (isFlag && Boolean(value) === this.hasAttribute(name)) return;
      if (isFlag && !value) this.removeAttribute(name);
      else this.setAttribute(name, isFlag ? "" : value);
      if (name === "open") this.dispatch("toggle");
    },
  });
}

function dataset(element) {
  const attribute = (name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return new Proxy({}, {
    get: (_, name) => element.attributes.get(attribute(name)),
    set: (_, name, value) => {
      element.setAttribute(attribute(name), value);
      return true;
    },
  });
}

export class Document extends Element {
  constructor() {
    super(null, "#document");
    this.ownerDocument = this;
    this.activeElement = null;
  }

  get body() {
    return this.querySelector("body");
  }

  createElement(name) {
    return new Element(this, name);
  }

  getElementById(id) {
    return this.querySelectorAll("[id]").find((element) => element.id === id) ?? null;
  }
}

// `a.b[c=d]:not(e) f, g` as alternatives of compounds.
function parsed(selector) {
  return outside(selector, ",").map((one) => outside(one.trim(), " ").map(compound));
}

// The parts of a selector between separators that are not in brackets or quotes.
function outside(selector, separator) {
  return selector.match(new RegExp(`(?:\\([^)]*\\)|\\[(?:"[^"]*"|[^\\]"])*\\]|[^${separator}([])+`, "g"));
}

function compound(text) {
  const tests = [];
  let rest = text;
  const take = (pattern, test) => {
    const found = rest.match(pattern);
    if (!found) return false;
    rest = rest.slice(found[0].length);
    tests.push(test(...found.slice(1)));
    return true;
  };
  while (rest) {
    const isTaken = take(/^([a-z][a-z0-9]*)/, (name) => (element) => element.localName === name)
      || take(/^\.([\w-]+)/, (name) => (element) => element.classList.contains(name))
      || take(/^\[([\w-]+)\]/, (name) => (element) => element.hasAttribute(name))
      || take(/^\[([\w-]+)="?((?:\\.|[^"\]\\])*)"?\]/, (name, value) => {
        const wanted = value.replace(/\\(.)/g, "$1");
        return (element) => element.getAttribute(name) === wanted;
      })
      || take(/^:not\(([^)]*)\)/, (inner) => (element) => !element.matches(inner));
    if (!isTaken) throw new Error(`the selector \`${text}\` is not supported`);
  }
  return (element) => tests.every((test) => test(element));
}

function matchesAll(element, compounds) {
  const [last, ...others] = [...compounds].reverse();
  if (!last(element)) return false;
  let above = element.parentElement;
  for (const test of others) {
    while (above && !test(above)) above = above.parentElement;
    if (!above) return false;
    above = above.parentElement;
  }
  return true;
}

// Parses markup in which every element that is not void has an end tag.
export function parse(html) {
  const document = new Document();
  const open = [document];
  const token = /<!doctype [^>]*>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>|[^<]+/gy;
  let end = 0;
  for (let found; (found = token.exec(html)); end = token.lastIndex) {
    const [text, closed, opened, attributes] = found;
    const parent = open.at(-1);
    if (closed) {
      if (parent.localName !== closed) throw new Error(`</${closed}> ends <${parent.localName}>`);
      open.pop();
    } else if (opened) {
      const element = document.createElement(opened);
      for (const [, name, value = ""] of attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) {
        element.setAttribute(name, unescaped(value));
      }
      parent.append(element);
      if (VOID.has(opened)) continue;
      if (RAW.has(opened)) {
        const to = html.indexOf(`</${opened}>`, token.lastIndex);
        element.append(html.slice(token.lastIndex, to));
        token.lastIndex = to;
      } else if (opened === "pre" && html[token.lastIndex] === "\n") {
        token.lastIndex += 1;
      }
      open.push(element);
    } else if (!text.startsWith("<!")) {
      parent.append(unescaped(text));
    }
  }
  if (end !== html.length) throw new Error(`not parsed: ${html.slice(end, end + 80)}`);
  if (open.length !== 1) throw new Error(`<${open.at(-1).localName}> has no end`);
  return document;
}

const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name) return NAMED[name] ?? all;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
