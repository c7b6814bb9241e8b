/** Lines to sign: their gaps are for a pen. */

import { LETTER } from '../letters.mjs';

const GAP = /_{3,}|: *\.{5,}/g;
const LABEL_WORD = new RegExp(`${LETTER}+`, 'gu');
const MAX_WORDS = 4;

/** The last words of a label that asks to sign. */
const SIGN = /^(?:x|(?:.* )?(?:sign|initial|firme|sign here|initial here|firme aqui))$/u;

const SIGNATURE = new Set(['signature', 'signatures', 'signed', 'initials', 'firma', 'firmas', 'iniciales']);
const BESIDE_SIGNATURE = new Set([
  'date',
  'fecha',
  'print',
  'printed',
  'name',
  'nombre',
  'title',
  'time',
  'hora',
]);

/**
 * @param {string} text the plain text
 * @returns {Array<{start: number, end: number}>} the lines with a gap for a signature
 */
export function linesToSign(text) {
  const lines = [];
  for (const { 0: gap, index } of text.matchAll(GAP)) {
    const isKnown = lines.length > 0 && index < lines[lines.length - 1].end;
    if (isKnown || !asksForSignature(label(text.slice(0, index)))) continue;
    const end = text.indexOf('\n', index + gap.length);
    lines.push({ start: text.lastIndexOf('\n', index) + 1, end: end === -1 ? text.length : end });
  }
  return lines;
}

/**
 * @param {import('./found.mjs').Found} gap
 * @returns {boolean} whether it is one of a line to sign
 */
export function isToSign(gap) {
  if (!gap.isOnLineToSign) return false;
  const words = label(gap.before);
  return asksForSignature(words) || (words.length > 0 && words.every((word) => BESIDE_SIGNATURE.has(word)));
}

/** The words before a gap. */
function label(before) {
  let start = before.length;
  while (start > 0 && !'\n_.,;!?|'.includes(before[start - 1])) start -= 1;
  const words = before.slice(start).match(LABEL_WORD) ?? [];
  return words.map((word) => word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
}

function asksForSignature(words) {
  if (words.length > MAX_WORDS) return false;
  return words.some((word) => SIGNATURE.has(word)) || SIGN.test(words.join(' '));
}
