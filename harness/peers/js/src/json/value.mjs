/**
 * A JSON value as a view of its own text.
 *
 * Order and repetition of members, spelling of numbers and escapes all stay in the text, so a
 * value can be carried over; its contents are read on demand.
 */

import { integer } from './number.mjs';
import { Scanner, skipSpace, stringEnd } from './scan.mjs';

/** The maximum number of levels, unless the contract gives another. */
export const MAX_LEVELS = 128;

/** @typedef {'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'} Kind */

export class Json {
  #scanner;
  #start;
  #end;
  #byName;

  /** @private Use `Json.parse`. */
  constructor(scanner, start, end, levels) {
    this.#scanner = scanner;
    this.#start = start;
    this.#end = end;
    /** Levels of nesting; 0 for a scalar. */
    this.levels = levels;
  }

  /**
   * The one value that `text` holds, whatever its depth, or `undefined` when it is not JSON.
   *
   * @param {string} text
   * @returns {Json | undefined}
   */
  static parse(text) {
    const scanner = new Scanner(text);
    const start = skipSpace(text, 0);
    const end = scanner.value(start);
    if (end === -1 || skipSpace(text, end) !== text.length) return undefined;
    return new Json(scanner, start, end, scanner.levels);
  }

  /** @returns {Kind} */
  get kind() {
    switch (this.#scanner.text[this.#start]) {
      case '{':
        return 'object';
      case '[':
        return 'array';
      case '"':
        return 'string';
      case 't':
      case 'f':
        return 'boolean';
      case 'n':
        return 'null';
      default:
        return 'number';
    }
  }

  /**
   * The members of an object in the text's order, including repeated ones.
   *
   * @returns {Array<[string, Json]>}
   */
  members() {
    const text = this.#scanner.text;
    const members = [];
    let at = skipSpace(text, this.#start + 1);
    while (text[at] !== '}') {
      if (text[at] === ',') at = skipSpace(text, at + 1);
      const nameEnd = stringEnd(text, at);
      const name = unescape(text.slice(at, nameEnd));
      const colon = skipSpace(text, nameEnd);
      const value = this.#valueAt(skipSpace(text, colon + 1));
      members.push([name, value]);
      at = skipSpace(text, value.#end);
    }
    return members;
  }

  /**
   * The elements of an array.
   *
   * @returns {Json[]}
   */
  items() {
    const text = this.#scanner.text;
    const items = [];
    let at = skipSpace(text, this.#start + 1);
    while (text[at] !== ']') {
      if (text[at] === ',') at = skipSpace(text, at + 1);
      const item = this.#valueAt(at);
      items.push(item);
      at = skipSpace(text, item.#end);
    }
    return items;
  }

  /**
   * An object's member with that name; the last one when it repeats.
   *
   * @param {string} name
   * @returns {Json | undefined}
   */
  get(name) {
    this.#byName ??= new Map(this.members());
    return this.#byName.get(name);
  }

  /**
   * Like `get`, but `null` counts as absent.
   *
   * @param {string} name
   * @returns {Json | undefined}
   */
  getOptional(name) {
    const value = this.get(name);
    return value?.kind === 'null' ? undefined : value;
  }

  /**
   * The names of an object's members, each once, in the order they first appear.
   *
   * @returns {string[]}
   */
  names() {
    this.#byName ??= new Map(this.members());
    return [...this.#byName.keys()];
  }

  /** @returns {string | undefined} the text of a string, well-formed UTF-16 */
  asString() {
    return this.kind === 'string' ? unescape(this.#ownText()) : undefined;
  }

  /** @returns {number | undefined} the value of an integer in the contract's sense */
  asInteger() {
    return this.kind === 'number' ? integer(this.#ownText()) : undefined;
  }

  /** @returns {boolean | undefined} */
  asBoolean() {
    return this.kind === 'boolean' ? this.#scanner.text[this.#start] === 't' : undefined;
  }

  /** @returns {string | undefined} a number as spelled */
  asLexeme() {
    return this.kind === 'number' ? this.#ownText() : undefined;
  }

  /** @returns {string} the value's own text without white space outside strings */
  carriedOver() {
    return withoutSpace(this.#ownText());
  }

  #ownText() {
    return this.#scanner.text.slice(this.#start, this.#end);
  }

  #valueAt(start) {
    const end = this.#scanner.value(start);
    return new Json(this.#scanner, start, end, this.#scanner.levels);
  }
}

/**
 * A valid JSON text, or one with raw control characters in its strings, without the white space
 * outside its strings.
 *
 * @param {string} text
 * @returns {string}
 */
export function withoutSpace(text) {
  if (!/[ \t\n\r]/.test(text)) return text;
  const kept = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      at = stringEnd(text, at, true);
      continue;
    }
    const behind = skipSpace(text, at);
    if (behind === at) {
      at += 1;
      continue;
    }
    kept.push(text.slice(from, at));
    from = behind;
    at = behind;
  }
  kept.push(text.slice(from));
  return kept.join('');
}

function unescape(literal) {
  return literal.includes('\\') ? JSON.parse(literal).toWellFormed() : literal.slice(1, -1);
}
