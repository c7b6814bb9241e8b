/**
 * A validation failure: written as the envelope `{"Schema":{"field":"…","reason":"…"}}`, read
 * from it or from the old flat shape `{"Kind":"schema","Field":"…","Reason":"…"}`.
 */

/**
 * Only `Schema` has a `field`.
 *
 * @typedef {{stage: 'Schema' | 'Completeness' | 'Consistency' | 'Policy', field?: string, reason: string}} Failure
 */

/**
 * @param {string} field
 * @param {string} reason
 * @returns {Failure}
 */
export const schema = (field, reason) => ({ stage: 'Schema', field, reason });

/** @param {string} reason @returns {Failure} */
export const completeness = (reason) => ({ stage: 'Completeness', reason });

/** @param {string} reason @returns {Failure} */
export const consistency = (reason) => ({ stage: 'Consistency', reason });

/** @param {string} reason @returns {Failure} */
export const policy = (reason) => ({ stage: 'Policy', reason });

/**
 * @param {Failure} failure
 * @returns {string} the envelope
 */
export function writeFailure({ stage, field, reason }) {
  const members = stage === 'Schema' ? { field, reason } : { reason };
  return JSON.stringify({ [stage]: members });
}

/**
 * @param {import('./json/value.mjs').Json} json
 * @returns {Failure | undefined} `undefined` when it has neither shape
 */
export function readFailure(json) {
  if (json.kind !== 'object') return undefined;
  const names = json.names();
  return names.includes('Kind') ? readFlat(json, names) : readEnvelope(json, names);
}

const FLAT_KINDS = new Map([
  ['schema', 'Schema'],
  ['completeness', 'Completeness'],
  ['consistency', 'Consistency'],
  ['policy', 'Policy'],
]);
const STAGES = [...FLAT_KINDS.values()];

function readFlat(json, names) {
  if (names.some((name) => !['Kind', 'Field', 'Reason'].includes(name))) return undefined;
  const stage = FLAT_KINDS.get(json.get('Kind').asString());
  const reason = json.get('Reason')?.asString();
  const field = json.get('Field')?.asString();
  if (stage === undefined || reason === undefined) return undefined;
  if (field === undefined && (stage === 'Schema' || names.includes('Field'))) return undefined;
  return stage === 'Schema' ? { stage, field, reason } : { stage, reason };
}

function readEnvelope(json, names) {
  const [stage] = names;
  if (names.length !== 1 || !STAGES.includes(stage)) return undefined;
  const inner = json.get(stage);
  if (inner.kind !== 'object') return undefined;
  const expected = stage === 'Schema' ? ['field', 'reason'] : ['reason'];
  const texts = expected.map((name) => inner.get(name)?.asString());
  if (inner.names().length !== expected.length || texts.includes(undefined)) return undefined;
  return stage === 'Schema' ? schema(texts[0], texts[1]) : { stage, reason: texts[0] };
}
