/** Email addresses and phone numbers. */

import { fold } from '../fold.mjs';
import { lowered } from '../text.mjs';

/**
 * A key that is the same for equal email addresses, or `undefined` for a malformed one.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function emailKey(text) {
  if (!/^[!-~]+$/.test(text)) return undefined;
  const [local, domain, ...others] = text.split('@');
  if (local === '' || domain === undefined || others.length > 0) return undefined;
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => /^[A-Za-z0-9-]+$/.test(label))) return undefined;
  return lowered(text);
}

/**
 * What a folded address leads to: the part behind a `+` is a note of its owner.
 *
 * @param {string} address
 * @returns {string}
 */
export function mailbox(address) {
  return address.replace(/^([^@])([^@+]*)\+[^@]*@/, '$1$2@');
}

/**
 * A key that is the same for equal phone numbers, or `undefined` for a malformed one: the digits,
 * without a leading `1` of eleven.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function phoneKey(text) {
  const digits = phoneDigits(text);
  return digits === undefined ? undefined : withoutOne(digits);
}

/**
 * The number by which a phone number is found in texts, or `undefined` for a malformed one.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function listedNumber(text) {
  const digits = phoneDigits(text);
  return digits === undefined ? undefined : callNumber(digits);
}

/**
 * Digits without the prefixes of international and long-distance calls.
 *
 * @param {string} digits
 * @returns {string}
 */
export function callNumber(digits) {
  return withoutOne(digits.length > 10 ? digits.replace(/^(?:011|00)/, '') : digits);
}

function phoneDigits(text) {
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return undefined;
  const bare = fold(text).replace(/[-.() ]/g, '');
  return /^\+?[0-9]{10,15}$/.test(bare) ? bare.replace('+', '') : undefined;
}

function withoutOne(digits) {
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}
