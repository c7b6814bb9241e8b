/** The request of `validate`: its errors are problems, never validation failures. */

import { dayNumber, minuteOfDay } from '../calendar.mjs';
import { Json, MAX_LEVELS } from '../json/value.mjs';
import { Problem } from '../problem.mjs';
import { decodeUtf8 } from '../text.mjs';

const MAX_BYTES = 1_048_576;

/**
 * The facts that checks use besides the artifact; an absent member is `undefined`.
 *
 * @typedef {object} Context
 * @property {number} [count]
 * @property {string} [role]
 * @property {string} [city]
 * @property {string} [state]
 * @property {string} [client]
 * @property {string} [date]
 * @property {string} [start]
 * @property {string} [end]
 * @property {string} [worker_id]
 */

/** @typedef {'fill' | 'email' | 'sms' | 'playbook'} ArtifactKind */

/** @typedef {{kind: ArtifactKind, artifact: Json, context: Context}} ValidateRequest */

const KINDS = ['fill', 'email', 'sms', 'playbook'];

/** A field is valid when `read` returns a value. */
const REQUEST_FIELDS = [
  { name: 'kind', mustBe: `one of ${list(KINDS)}`, read: kind, isRequired: true },
  { name: 'artifact', mustBe: 'any value', read: (json) => json, isRequired: true },
  { name: 'context', mustBe: 'an object', read: (json) => (json.kind === 'object' ? json : undefined) },
];

const CONTEXT_FIELDS = [
  { name: 'count', mustBe: 'an integer from 1 to 1000', read: count },
  ...['role', 'city', 'state', 'client'].map(textField),
  { name: 'date', mustBe: 'a date (YYYY-MM-DD)', read: textThat(dayNumber) },
  ...['start', 'end'].map((name) => ({
    name,
    mustBe: 'a time (HH:MM)',
    read: textThat(minuteOfDay),
  })),
  textField('worker_id'),
];

/**
 * @param {Uint8Array} body
 * @returns {ValidateRequest}
 * @throws {Problem} with the first error
 */
export function readRequest(body) {
  const json = readBody(body);
  const request = readFields(json, '', REQUEST_FIELDS);
  const context = request.context ? readFields(request.context, 'context.', CONTEXT_FIELDS) : {};
  return { ...request, context };
}

function readBody(body) {
  if (body.length > MAX_BYTES) throw new Problem(`request body is larger than ${MAX_BYTES} bytes`, 413);
  const text = decodeUtf8(body);
  if (text === undefined) throw new Problem('request body is not valid UTF-8');
  const json = Json.parse(text);
  if (json === undefined) throw new Problem('request body is not valid JSON');
  if (json.levels > MAX_LEVELS) {
    throw new Problem(`request body nests deeper than ${MAX_LEVELS} levels`);
  }
  if (json.kind !== 'object') throw new Problem('request body must be a JSON object');
  return json;
}

function readFields(json, prefix, fields) {
  const names = fields.map(({ name }) => name);
  const unknown = json.names().find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Problem(`unknown field \`${prefix}${unknown}\`; expected one of ${list(names)}`);
  }
  const values = {};
  for (const { name, mustBe, read, isRequired } of fields) {
    const member = isRequired ? json.get(name) : json.getOptional(name);
    if (member === undefined) {
      if (isRequired) throw new Problem(`missing field \`${prefix}${name}\``);
      continue;
    }
    values[name] = read(member);
    if (values[name] === undefined) throw new Problem(`field \`${prefix}${name}\` must be ${mustBe}`);
  }
  return values;
}

function kind(json) {
  return KINDS.find((known) => known === json.asString());
}

function count(json) {
  const integer = json.asInteger();
  return integer >= 1 && integer <= 1000 ? integer : undefined;
}

function textField(name) {
  return { name, mustBe: 'a string', read: (json) => json.asString() };
}

function textThat(parses) {
  return (json) => {
    const text = json.asString();
    return text !== undefined && parses(text) !== undefined ? text : undefined;
  };
}

function list(names) {
  return names.map((name) => `\`${name}\``).join(', ');
}
