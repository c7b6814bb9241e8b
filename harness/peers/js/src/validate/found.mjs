/** What a pattern found in a text, and the conditions on what stands around it. */

import { endsWithLetter } from '../letters.mjs';

const SALUTATION =
  /(?:hi|hello|hey|dear|hola|good morning|good afternoon|good evening|buenos dias|buen dia|buenas tardes|buenas noches|estimado|estimada|querido|querida)$/i;

/** What a pattern found, and what stands around it. */
export class Found {
  /**
   * @param {string} all the plain text
   * @param {number} start
   * @param {number} end
   * @param {Array<string | undefined>} groups
   * @param {Array<{start: number, end: number}>} toSign the lines to sign
   */
  constructor(all, start, end, groups, toSign) {
    this.all = all;
    /** Whether it is on a line that asks for a signature. */
    this.isOnLineToSign = toSign.some((line) => line.start <= start && start < line.end);
    this.before = all.slice(0, start);
    this.text = all.slice(start, end);
    this.after = all.slice(end);
    /** The first group that took part. */
    this.group = groups.find((group) => group !== undefined);
  }

  /**
   * Whether neither character directly beside the match is of these.
   *
   * @param {RegExp | undefined} before one character at the end of a text
   * @param {RegExp | undefined} after one character at the start of a text
   */
  isFree(before, after) {
    return !before?.test(this.before.slice(-1)) && !after?.test(this.after.slice(0, 1));
  }

  /** What is before and behind the match on its line. */
  get line() {
    return {
      before: this.before.slice(this.before.lastIndexOf('\n') + 1),
      after: this.after.split('\n', 1)[0],
    };
  }

  /** Whether a salutation stands directly before the match. */
  get isDirectlyBehindSalutation() {
    return endsWithWord(this.before, SALUTATION);
  }

  /** Whether a salutation and spaces stand before the match. */
  get isBehindSalutation() {
    return this.isBehind(SALUTATION);
  }

  /** Whether a word and spaces stand before the match. @param {RegExp} word anchored at the end */
  isBehind(word) {
    const before = withoutSpaces(this.before);
    return before !== this.before && endsWithWord(before, word);
  }
}

/** A text without the spaces at its end. */
export function withoutSpaces(text) {
  let end = text.length;
  while (text[end - 1] === ' ') end -= 1;
  return text.slice(0, end);
}

/**
 * Whether a text ends with a word that no letter stands before.
 *
 * @param {string} text
 * @param {RegExp} word anchored at the end
 */
export function endsWithWord(text, word) {
  const tail = text.slice(-20);
  for (let from = 0; from < tail.length; from += 1) {
    const match = word.exec(tail.slice(from));
    if (match === null) return false;
    from += match.index;
    if (!endsWithLetter(text.slice(0, text.length - tail.length + from))) return true;
  }
  return false;
}
