/** The drift between two entries, computed in integers. */

import { METRICS } from './entry.mjs';

/**
 * @param {import('./entry.mjs').Entry} from
 * @param {import('./entry.mjs').Entry} to
 * @returns {string} `{"rows":[…],"warnings":N}`
 */
export function drift(from, to) {
  let warnings = 0;
  const rows = METRICS.map((metric, at) => {
    const before = BigInt(from.metrics[at]);
    const after = BigInt(to.metrics[at]);
    const verdict = isWarning(before, after) ? 'warn' : 'ok';
    if (verdict === 'warn') warnings += 1;
    const change = changePercent(before, after);
    return `{"metric":"${metric}","from":${before},"to":${after},"change_percent":${change},"verdict":"${verdict}"}`;
  });
  return `{"rows":[${rows.join(',')}],"warnings":${warnings}}`;
}

/**
 * `(to − from) · 100 / from` with two decimals, rounded half away from zero; `null` when only
 * `from` is 0.
 *
 * @param {bigint} from
 * @param {bigint} to
 * @returns {string}
 */
export function changePercent(from, to) {
  if (from === 0n) return to === 0n ? '0.00' : 'null';
  const hundredths = (2n * distance(from, to) * 10_000n + from) / (2n * from);
  const sign = to < from && hundredths !== 0n ? '-' : '';
  const digits = String(hundredths).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function isWarning(from, to) {
  // Over 20 % of `from`; any change exceeds that when `from` is 0.
  return distance(from, to) * 5n > from;
}

function distance(from, to) {
  return to > from ? to - from : from - to;
}
