/** The one folding of text: case, accents, dashes, quotes, spaces and digits. */

import { LATER, TABLE } from './fold_table.mjs';

/**
 * A folded text that remembers where its characters came from. `characters` are code points, as
 * strings; `text` is the same as one string, and `at` in it is translated by `characterAt`.
 */
export class Folded {
  #original;
  #from = [];
  #to = [];

  /** @param {string} original */
  constructor(original) {
    this.#original = original;
    /** @type {string[]} */
    this.characters = [];
    let at = 0;
    for (const character of original) {
      const end = at + character.length;
      for (const folded of foldCharacter(character)) {
        this.characters.push(folded);
        this.#from.push(at);
        this.#to.push(end);
      }
      at = end;
    }
    this.text = this.characters.join('');
  }

  /**
   * The part of the original that the characters from `start` up to `end` came from.
   *
   * @param {number} start
   * @param {number} end more than `start`
   * @returns {string}
   */
  originalOf(start, end) {
    return this.#original.slice(this.#from[start], this.#to[end - 1]);
  }
}

/**
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  let folded = '';
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

/**
 * The folded text with one space for each run of spaces, and none at its ends.
 *
 * @param {string} text
 * @returns {string}
 */
export function squeezed(text) {
  return fold(text).replace(/ +/g, ' ').replace(/^ | $/g, '');
}

/** What characters fold to, as they are met. */
const known = new Map();

/** @returns {string} no, one or several characters */
function foldCharacter(character) {
  let folded = known.get(character);
  if (folded === undefined) {
    folded = compute(character);
    known.set(character, folded);
  }
  return folded;
}

function compute(character) {
  if (LATER.test(character)) return character;
  const replaced = TABLE.get(character);
  if (replaced !== undefined) return replaced;
  return [...character.normalize('NFKD')].map(foldPart).join('');
}

function foldPart(part) {
  const replaced = TABLE.get(part);
  if (replaced !== undefined) return replaced;
  if (/[\p{M}\p{Cf}]/u.test(part)) return '';
  if (/\p{Nd}/u.test(part)) return decimal(part.codePointAt(0));
  const lower = part.toLowerCase();
  return TABLE.get(lower) ?? lower;
}

/** The digits of a script are consecutive and begin with zero. */
function decimal(point) {
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}
