/** The record that every iterate run appends to `sessions.jsonl`. */

import { join } from 'node:path';
import { appendLine } from './append.mjs';
import { readFailure, writeFailure } from './failure.mjs';
import { Json, MAX_LEVELS } from './json/value.mjs';
import { orError, Refusal } from './refusal.mjs';
import { maskedObject, maskedText } from './session_log/mask.mjs';
import { decodeUtf8 } from './text.mjs';

const SCHEMA = 'session.iterate.v1';
const DAEMON = 'peer-js';

/**
 * The members of the input, in the record's order. `write` returns a member's text in the
 * record, or `undefined` when the value is wrong.
 *
 * @type {Array<{name: string, mustBe: string, write: (value: Json) => string | undefined}>}
 */
const FIELDS = [
  { name: 'session_id', mustBe: 'a string', write: text },
  oneOf('kind', ['fill', 'email', 'sms', 'playbook']),
  { name: 'provider', mustBe: 'a string', write: text },
  { name: 'model', mustBe: 'a string', write: text },
  { name: 'prompt', mustBe: 'a string', write: kept },
  integerFrom('iterations', 0),
  integerFrom('max_iterations', 1),
  oneOf('final_verdict', ['accepted', 'max_iter_exhausted', 'infra_error']),
  { name: 'attempts', mustBe: 'an array of attempts', write: attempts },
  { name: 'artifact', mustBe: 'an object or null', write: orNull(carriedOver) },
  { name: 'grounded_in_roster', mustBe: 'a boolean or null', write: orNull(boolean) },
  { name: 'error', mustBe: 'a string or null', write: orNull(kept) },
  integerFrom('duration_ms', 0),
];
const NAMES = new Set(FIELDS.map(({ name }) => name));

const ATTEMPT_FIELDS = [
  integerFrom('iteration', 1),
  oneOf('verdict', ['accepted', 'no_json', 'validation_failed', 'cut_off']),
  { name: 'raw', write: kept },
  { name: 'error', write: orNull(failure) },
];

/**
 * Answers lines of the surface; with a root, each record is also appended to its `sessions.jsonl`.
 *
 * @param {{root?: string}} settings
 * @returns {(line: Uint8Array) => string}
 */
export function answering({ root }) {
  const log = root === undefined ? undefined : join(root, 'sessions.jsonl');
  return (line) =>
    orError(() => {
      const record = writeRecord(line, new Date());
      if (log !== undefined) appendLine(log, record, 'session record cannot be written');
      return record;
    });
}

/**
 * The record of an input line, without a line feed.
 *
 * @param {Uint8Array} line
 * @param {Date} now
 * @returns {string}
 * @throws {Refusal}
 */
export function writeRecord(line, now) {
  const input = readInput(line);
  const unknown = input.names().find((name) => !NAMES.has(name));
  if (unknown !== undefined) throw new Refusal(`unknown field \`${unknown}\``);
  const [sessionId, ...others] = FIELDS.map((field) => writeField(input, field));
  const ours = [
    `"schema":"${SCHEMA}"`,
    sessionId,
    `"timestamp":"${now.toISOString()}"`,
    `"daemon":"${DAEMON}"`,
  ];
  return `{${[...ours, ...others].join(',')}}`;
}

function readInput(line) {
  const decoded = decodeUtf8(line);
  const input = decoded === undefined ? undefined : Json.parse(decoded);
  if (input === undefined) throw new Refusal('input line is not valid JSON');
  if (input.levels > MAX_LEVELS) throw new Refusal(`input nests deeper than ${MAX_LEVELS} levels`);
  if (input.kind !== 'object') throw new Refusal('input must be a JSON object');
  return input;
}

function writeField(input, { name, mustBe, write }) {
  const value = input.get(name);
  if (value === undefined) throw new Refusal(`missing field \`${name}\``);
  const written = write(value);
  if (written === undefined) throw new Refusal(`field \`${name}\` must be ${mustBe}`);
  return `"${name}":${written}`;
}

function attempts(value) {
  if (value.kind !== 'array') return undefined;
  const written = value.items().map(attempt);
  return written.includes(undefined) ? undefined : `[${written.join(',')}]`;
}

function attempt(value) {
  if (value.kind !== 'object' || value.names().length !== ATTEMPT_FIELDS.length) return undefined;
  const members = [];
  for (const { name, write } of ATTEMPT_FIELDS) {
    const member = value.get(name);
    const written = member === undefined ? undefined : write(member);
    if (written === undefined) return undefined;
    members.push(`"${name}":${written}`);
  }
  return `{${members.join(',')}}`;
}

function failure(value) {
  const read = readFailure(value);
  if (read === undefined) return undefined;
  const masked = { ...read, reason: maskedText(read.reason) };
  if (read.field !== undefined) masked.field = maskedText(read.field);
  return writeFailure(masked);
}

function text(value) {
  const string = value.asString();
  return string === undefined ? undefined : JSON.stringify(string);
}

/** A text as it is kept. */
function kept(value) {
  const string = value.asString();
  return string === undefined ? undefined : JSON.stringify(maskedText(string));
}

function boolean(value) {
  return value.asBoolean()?.toString();
}

function carriedOver(value) {
  return value.kind === 'object' ? maskedObject(value.carriedOver()) : undefined;
}

function orNull(write) {
  return (value) => (value.kind === 'null' ? 'null' : write(value));
}

function integerFrom(name, least) {
  const write = (value) => {
    const integer = value.asInteger();
    return integer === undefined || integer < least ? undefined : String(integer);
  };
  return { name, mustBe: `an integer of at least ${least}`, write };
}

function oneOf(name, permitted) {
  const mustBe = `one of ${permitted.map((value) => `\`${value}\``).join(', ')}`;
  const write = (value) => (permitted.includes(value.asString()) ? text(value) : undefined);
  return { name, mustBe, write };
}
