/** Masking of likely social security numbers in a text that is kept. */

import { fold } from '../fold.mjs';
import { overlaps } from './social_security_named.mjs';
import { socialSecurityPlaces } from './social_security.mjs';
import { STAND_IN } from './social_security_spelled.mjs';

const HIDDEN = new RegExp(`[0-9a-z]|${STAND_IN}`, 'u');

/**
 * The text with `*` for each character of a number whose folding has a digit, or a letter that may
 * stand for one.
 *
 * @param {string} text
 * @returns {string}
 */
export function maskSocialSecurityNumbers(text) {
  const folded = fold(text);
  const places = socialSecurityPlaces(folded);
  if (places.length === 0) return text;
  const hidden = new Uint8Array(folded.length);
  for (const { start, end } of places) hidden.fill(1, start, end);
  let masked = '';
  /** The position in the folded text. */
  let at = 0;
  for (const character of text) {
    const one = fold(character);
    const place = { start: at, end: at + one.length };
    masked += HIDDEN.test(one) && overlaps(hidden, place) ? '*' : character;
    at = place.end;
  }
  return masked;
}
