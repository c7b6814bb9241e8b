/** Masking of likely social security numbers in a text that is kept. */

import { fold } from '../fold.mjs';
import { socialSecurityPlaces } from './social_security.mjs';

/**
 * The text with `*` for each character of a number whose folding has a digit.
 *
 * @param {string} text
 * @returns {string}
 */
export function maskSocialSecurityNumbers(text) {
  const places = socialSecurityPlaces(fold(text));
  if (places.length === 0) return text;
  let masked = '';
  /** The position in the folded text. */
  let at = 0;
  for (const character of text) {
    const folded = fold(character);
    const end = at + folded.length;
    const isHidden = /[0-9]/.test(folded) && places.some((place) => place.start < end && at < place.end);
    masked += isHidden ? '*' : character;
    at = end;
  }
  return masked;
}
