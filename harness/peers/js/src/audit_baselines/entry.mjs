/** An entry of the audit log: checked, and kept as its own text. */

import { isRfc3339 } from '../calendar.mjs';
import { Json, MAX_LEVELS } from '../json/value.mjs';
import { Refusal } from '../refusal.mjs';

/** The ten metrics, in the contract's order. */
export const METRICS = [
  'p2_evidence_rows',
  'p2_evidence_skips',
  'p3_accepted',
  'p3_partial',
  'p3_rejected',
  'p3_human',
  'p4_rag_rows',
  'p4_sft_rows',
  'p4_preference_pairs',
  'p4_quarantined',
];

/**
 * `text` is the entry carried over; `metrics` the values in the order of `METRICS`.
 *
 * @typedef {{text: string, metrics: number[]}} Entry
 */

const FIELDS = [
  {
    name: 'recorded_at',
    mustBe: 'an RFC 3339 time',
    isRight: (value) => isRfc3339(value.asString() ?? ''),
  },
  {
    name: 'git_commit',
    mustBe: 'a string that is not empty',
    isRight: (value) => Boolean(value.asString()),
  },
  { name: 'metrics', mustBe: 'an object', isRight: (value) => value.kind === 'object' },
];

/**
 * Reads a line of the log.
 *
 * @param {string} line
 * @returns {Entry}
 * @throws {Refusal} with the first error
 */
export function parseEntry(line) {
  const json = Json.parse(line);
  if (json === undefined) throw new Refusal('not valid JSON');
  return readEntry(json);
}

/**
 * Reads an entry inside another value.
 *
 * @param {Json} json
 * @returns {Entry}
 * @throws {Refusal} with the first error
 */
export function readEntry(json) {
  if (json.levels > MAX_LEVELS) throw new Refusal(`nests deeper than ${MAX_LEVELS} levels`);
  if (json.kind !== 'object') throw new Refusal('not a JSON object');
  for (const { name, mustBe, isRight } of FIELDS) {
    const value = json.get(name);
    if (value === undefined) throw new Refusal(`missing field \`${name}\``);
    if (!isRight(value)) throw new Refusal(`field \`${name}\` must be ${mustBe}`);
  }
  const metrics = json.get('metrics');
  return { text: json.carriedOver(), metrics: METRICS.map((name) => readMetric(metrics, name)) };
}

function readMetric(metrics, name) {
  const value = metrics.get(name);
  if (value === undefined) throw new Refusal(`missing metric \`${name}\``);
  const integer = value.asInteger();
  if (integer === undefined || integer < 0) {
    throw new Refusal(`metric \`${name}\` must be an integer of at least 0`);
  }
  return integer;
}
