/** The one folding of text: case, accents, dashes, quotes, spaces and digits. */

import { LATER, TABLE } from './fold_table.mjs';

/** A folded text that remembers where its characters came from. Offsets are those of strings. */
export class Folded {
  #original;
  #from = [];
  #to = [];

  /**
   * @param {string} original
   * @param {(character: string) => string} [foldOne] how one character folds
   */
  constructor(original, foldOne = foldCharacter) {
    this.#original = original;
    this.text = '';
    let at = 0;
    for (const character of original) {
      const end = at + character.length;
      const folded = foldOne(character);
      for (let unit = 0; unit < folded.length; unit += 1) {
        this.#from.push(at);
        this.#to.push(end);
      }
      this.text += folded;
      at = end;
    }
  }

  /**
   * The part of the original that the text from `start` up to `end` came from.
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
 * For each code unit of the folded text, 1 when it came from a capital.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function capitals(text) {
  const marks = [];
  for (const character of text) {
    const isCapital = !LATER.test(character) && character.toLowerCase() !== character;
    for (let unit = 0; unit < foldCharacter(character).length; unit += 1) marks.push(isCapital ? 1 : 0);
  }
  return Uint8Array.from(marks);
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

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function sameText(one, other) {
  return one === other || squeezed(one) === squeezed(other);
}

/**
 * The plain text that is searched for placeholders: capitals stay, as do line breaks and the marks
 * of quotations that are placeholders, too.
 *
 * @param {string} original
 * @returns {Folded}
 */
export function plainText(original) {
  return new Folded(original, plainCharacter);
}

/** What characters fold to, as they are met. */
const known = new Map();

/** @returns {string} no, one or several characters */
function foldCharacter(character) {
  let folded = known.get(character);
  if (folded === undefined) {
    folded = compute(character, foldPart);
    known.set(character, folded);
  }
  return folded;
}

/** What the plain text has in place of some characters. */
const PLAIN = new Map([
  ...['\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029'].map((line) => [line, '\n']),
  ...['«', '»', '‹', '›'].map((mark) => [mark, mark]),
  ['【', '['],
  ['】', ']'],
]);

function plainCharacter(character) {
  return PLAIN.get(character) ?? compute(character, plainPart);
}

function compute(character, foldOnePart) {
  if (LATER.test(character)) return character;
  const replaced = TABLE.get(character);
  if (replaced !== undefined) return replaced;
  return [...character.normalize('NFKD')].map(foldOnePart).join('');
}

function plainPart(part) {
  return /^[A-Z]$/.test(part) ? part : foldPart(part);
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
