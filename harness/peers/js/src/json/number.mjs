/** Numbers as spelled, without rounding to a double. */

/**
 * The value `±0.DIGITS · 10^point`; `digits` has no zero at either end and is empty for zero.
 *
 * @typedef {{negative: boolean, digits: string, point: number}} Decimal
 */

/**
 * @param {string} lexeme a number of RFC 8259
 * @returns {Decimal}
 */
export function decimal(lexeme) {
  const negative = lexeme.startsWith('-');
  const [mantissa, exponent = '0'] = lexeme.slice(negative ? 1 : 0).split(/[eE]/);
  const [whole, fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  let first = 0;
  while (first < all.length && all[first] === '0') first += 1;
  let last = all.length;
  while (last > first && all[last - 1] === '0') last -= 1;
  // An exponent beyond a double is infinite here; every comparison below permits that.
  return { negative, digits: all.slice(first, last), point: whole.length - first + Number(exponent) };
}

/**
 * The integer value of a number in any spelling, or `undefined` when it has a fraction or lies
 * beyond ±(2⁵³−1).
 *
 * @param {string} lexeme
 * @returns {number | undefined}
 */
export function integer(lexeme) {
  const { negative, digits, point } = decimal(lexeme);
  if (digits === '') return 0;
  if (digits.length > point || point > 16) return undefined;
  const magnitude = Number(digits.padEnd(point, '0'));
  if (magnitude > Number.MAX_SAFE_INTEGER) return undefined;
  return negative ? -magnitude : magnitude;
}

/**
 * Whether 0 ≤ the number ≤ 1, by its exact value.
 *
 * @param {string} lexeme
 * @returns {boolean}
 */
export function isBetween0And1(lexeme) {
  const { negative, digits, point } = decimal(lexeme);
  if (digits === '') return true;
  return !negative && (point < 1 || (point === 1 && digits === '1'));
}
