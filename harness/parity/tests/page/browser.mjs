// Opens a page as a browser does: parses it, and runs its script.
import vm from "node:vm";

import { Element, Text, parse } from "./dom.mjs";

export class Page {
  // `address` is what stands after the page's name: `?status=invalid#embed/http/go/one`.
  constructor(html, address = "") {
    this.document = parse(html);
    this.location = new URL(`http://localhost/report.html${address}`);
    this.window = new Element(this.document, "window");
    this.copied = [];
  }

  // Runs the script of the page.
  run() {
    const { document, location, window } = this;
    const scripts = document.querySelectorAll("script").filter((script) => !script.hasAttribute("type"));
    this.context = vm.createContext({
      document,
      location,
      addEventListener: window.addEventListener.bind(window),
      history: { replaceState: (state, title, address) => { location.href = new URL(address, location).href; } },
      navigator: { clipboard: { writeText: async (text) => { this.copied.push(text); } } },
      requestAnimationFrame: (act) => act(),
      setTimeout: (act) => act(),
      CSS: { escape: (text) => text.replace(/["\\]/g, "\\$&") },
      URLSearchParams,
    });
    for (const script of scripts) vm.runInContext(script.textContent, this.context);
    return this;
  }

  // A value of the script.
  evaluate(expression) {
    return vm.runInContext(expression, this.context);
  }

  // What a reader sees of a part: no part of it is hidden or folded.
  isVisible(element) {
    return !element.closest("[hidden]") && !element.parentElement.closest("details:not([open])");
  }

  // The ids of the cases that are unfolded.
  cards() {
    const cards = this.document.querySelectorAll("article.failure");
    return cards.filter((card) => this.isVisible(card)).map((card) => card.dataset.id);
  }

  chip(facet, value) {
    return this.document.querySelector(`[data-facet=${facet}]`).querySelector(`[value="${value}"]`);
  }

  text(id) {
    return this.document.getElementById(id).textContent;
  }

  // Follows an address within the page, or one that the browser went back to.
  go(address) {
    this.location.href = new URL(address, this.location).href;
    this.window.dispatch("popstate");
    this.window.dispatch("hashchange");
  }

  key(key) {
    this.document.dispatch("keydown", { key, target: this.document.body });
  }
}

// Elements in which white space between others has no effect.
const BLOCKS = new Set(["article", "details", "div"]);
// What only one of two equal cards needs: ids, hints, and what a browser measures.
const IGNORED = new Set(["data-id", "id", "tabindex", "title"]);

// An element as a reader without scripts sees it.
export function markup(node, isExact = false) {
  if (node instanceof Text) return isExact ? node.textContent : node.textContent.replace(/\s+/g, " ");
  const keeps = isExact || node.localName === "pre";
  const attributes = [...node.attributes].filter(([name]) => !IGNORED.has(name)).sort();
  const content = node.childNodes
    .filter((child) => child.localName !== "button")
    .map((child) => markup(child, keeps))
    .filter((text) => !BLOCKS.has(node.localName) || text.trim() !== "");
  const opening = [node.localName, ...attributes.map(([name, value]) => `${name}="${value}"`)].join(" ");
  return `<${opening}>${content.join("")}</${node.localName}>`;
}
