/** Placeholders that were not filled in. */

import { plainText } from '../fold.mjs';
import { Found } from './found.mjs';
import { FORMS } from './placeholder_forms.mjs';
import { taggedReadings } from './readings.mjs';
import { linesToSign } from './signature.mjs';

/**
 * The first placeholder in a text, which is searched as written and then decoded.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function firstPlaceholder(text) {
  for (const reading of taggedReadings(text)) {
    const found = firstIn(reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstIn(reading) {
  const plain = plainText(reading);
  const code = codeRegions(plain.text);
  const toSign = linesToSign(plain.text);
  let best;
  for (const form of FORMS) {
    const match = firstOf(form, plain.text, code, toSign);
    if (match !== undefined && (best === undefined || match.start < best.start)) best = match;
  }
  return best && plain.originalOf(best.start, best.end);
}

/** The first match of a form that its condition accepts. */
function firstOf({ pattern, accepts }, text, code, toSign) {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    const isInCode = code.some((region) => region.start <= start && start < region.end);
    if (!isInCode && accepts(new Found(text, start, end, match.slice(1), toSign))) return { start, end };
    pattern.lastIndex = start + (text.codePointAt(start) > 0xffff ? 2 : 1);
  }
  return undefined;
}

/** The parts of a text between the tags of style sheets and scripts. */
function codeRegions(text) {
  const pattern = /<(style|script)[^]*?(?:(?=<\/\1)|$)/gi;
  return Array.from(text.matchAll(pattern), ({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }));
}
