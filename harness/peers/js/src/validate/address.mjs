/** Email addresses and phone numbers. */

import { folded } from '../text.mjs';

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
  return folded(text);
}

/**
 * A key that is the same for equal phone numbers, or `undefined` for a malformed one: the digits,
 * without a leading `1` of eleven.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function phoneKey(text) {
  const bare = text.replace(/[-.() ]/g, '');
  if (!/^\+?[0-9]{10,15}$/.test(bare)) return undefined;
  const digits = bare.replace('+', '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}
