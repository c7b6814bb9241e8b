/** Splits a text into the words that are searched for names. */

import { folded } from '../text.mjs';

/**
 * ASCII letters, `'`, `-`, and everything from U+0080 up that is neither white space nor a
 * quotation mark, a dash or an ellipsis. Both halves of a surrogate pair are in the class, so code
 * units suffice.
 */
const WORD =
  /[^\u0000-&(-,.-@[-`{-\u007f\u0085\u00a0\u00ab\u00bb\u1680\u2000-\u200a\u2010-\u2017\u201a-\u201f\u2026\u2028\u2029\u202f\u205f\u3000]+/g;

/** The maximum number of words of a name that is searched for. */
export const MAX_NAME_WORDS = 4;
/** The minimum number. */
export const MIN_NAME_WORDS = 2;

/**
 * The words of a text, folded so that the same text compares equal.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  const runs = folded(text).replace(/[\u2018\u2019]/g, "'").match(WORD) ?? [];
  return runs.map(bare).filter((word) => word !== '');
}

/** A word without the marks at its ends, and without the `'s` of a possessive. */
function bare(run) {
  let begin = 0;
  let end = run.length;
  while (begin < end && "'-".includes(run[begin])) begin += 1;
  while (end > begin && "'-".includes(run[end - 1])) end -= 1;
  const word = run.slice(begin, end);
  return word.endsWith("'s") ? word.slice(0, -2) : word;
}

/**
 * A key that is the same for equal runs of words. No word contains a space.
 *
 * @param {string[]} run
 * @returns {string}
 */
export function nameKey(run) {
  return run.join(' ');
}
