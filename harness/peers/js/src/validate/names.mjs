/** A text's words, as names are looked for among them. */

import { folded } from '../text.mjs';

/**
 * ASCII letters, `'`, `-`, and everything from U+0080 up that is not white space. Both halves of
 * a surrogate pair are in the class, so code units do for characters.
 */
const WORD =
  /[^\u0000-&(-,.-@[-`{-\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** The most words that a name may have to count. */
export const MAX_NAME_WORDS = 4;
/** The fewest. */
export const MIN_NAME_WORDS = 2;

/**
 * The words of a text, folded so that the same text compares equal.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return folded(text).match(WORD) ?? [];
}

/**
 * A key under which two runs of words are equal. A space is in no word.
 *
 * @param {string[]} run
 * @returns {string}
 */
export function nameKey(run) {
  return run.join(' ');
}
