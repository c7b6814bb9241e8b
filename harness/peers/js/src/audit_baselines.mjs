/** The log of audit metrics and the drift between two of its entries. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendLine } from './append.mjs';
import { drift } from './audit_baselines/drift.mjs';
import { readEntry } from './audit_baselines/entry.mjs';
import { acknowledged, appendix, labelled, LogReader } from './audit_baselines/log.mjs';
import { Json } from './json/value.mjs';
import { orError, Refusal } from './refusal.mjs';
import { decodeUtf8 } from './text.mjs';

/** An entry may have 128 levels, inside the input object. */
const MAX_INPUT_LEVELS = 130;

/**
 * An operation: its members, in the order of the checks, and its answer.
 *
 * @typedef {{fields: string[], run: (input: Record<string, Json>, log: Log) => string}} Operation
 */

/**
 * The log, in the input or in a file. `appended` adds an entry and returns the answer.
 *
 * @typedef {object} Log
 * @property {LogReader} reader
 * @property {() => string} text
 * @property {(log: string, entry: import('./audit_baselines/entry.mjs').Entry, entries: number) => string} appended
 */

/** @type {Map<string, Operation>} */
const OPERATIONS = new Map([
  ['last', { fields: ['log'], run: (_, log) => last(log) }],
  ['append', { fields: ['log', 'baseline'], run: ({ baseline }, log) => append(log, baseline) }],
  ['round_trip', { fields: ['log'], run: (_, log) => roundTrip(log) }],
  ['drift', { fields: ['from', 'to'], run: ({ from, to }) => driftBetween(from, to) }],
]);

/**
 * Answers lines of the surface; with a root, the log is a file below it.
 *
 * @param {{root?: string}} settings
 * @returns {(line: Uint8Array) => string}
 */
export function answering({ root }) {
  const file =
    root === undefined ? undefined : fileLog(join(root, 'data', '_kb', 'audit_baselines.jsonl'));
  return (line) =>
    orError(() => {
      const input = readInput(line);
      const operation = readOperation(input);
      const { run } = operation;
      // In the file form `log` is not a member.
      const fields = operation.fields.filter((field) => field !== 'log' || file === undefined);
      const values = readFields(input, fields);
      return run(values, file ?? givenLog(values.log));
    });
}

function readInput(line) {
  const text = decodeUtf8(line);
  const input = text === undefined ? undefined : Json.parse(text);
  if (input === undefined) throw new Refusal('input line is not valid JSON');
  if (input.levels > MAX_INPUT_LEVELS) {
    throw new Refusal(`input nests deeper than ${MAX_INPUT_LEVELS} levels`);
  }
  if (input.kind !== 'object') throw new Refusal('input must be a JSON object');
  return input;
}

function readOperation(input) {
  const op = input.get('op');
  if (op === undefined) throw new Refusal('missing field `op`');
  const operation = OPERATIONS.get(op.asString());
  if (operation === undefined) {
    const permitted = [...OPERATIONS.keys()].map((name) => `\`${name}\``).join(', ');
    throw new Refusal(`field \`op\` must be one of ${permitted}`);
  }
  return operation;
}

function readFields(input, fields) {
  const unknown = input.names().find((name) => name !== 'op' && !fields.includes(name));
  if (unknown !== undefined) throw new Refusal(`unknown field \`${unknown}\``);
  const values = {};
  for (const field of fields) {
    const value = input.get(field);
    if (value === undefined) throw new Refusal(`missing field \`${field}\``);
    if (field === 'log' && value.kind !== 'string') throw new Refusal('field `log` must be a string');
    values[field] = value;
  }
  return values;
}

function last(log) {
  const entries = log.reader.read(log.text());
  return `{"baseline":${entries.at(-1)?.text ?? 'null'},"entries":${entries.length}}`;
}

function append(log, baseline) {
  const entry = labelled('baseline', () => readEntry(baseline));
  const before = log.text();
  const entries = log.reader.read(before).length + 1;
  return log.appended(before, entry, entries);
}

function roundTrip(log) {
  const lines = log.reader.read(log.text()).map(({ text }) => `${text}\n`);
  return `{"log":${JSON.stringify(lines.join(''))}}`;
}

function driftBetween(from, to) {
  const before = labelled('from', () => readEntry(from));
  const after = labelled('to', () => readEntry(to));
  return drift(before, after);
}

/** @returns {Log} */
function givenLog(value) {
  return {
    reader: new LogReader(),
    text: () => value.asString(),
    appended: (log, entry) => `{"log":${JSON.stringify(log + appendix(log, entry))}}`,
  };
}

/** @returns {Log} */
function fileLog(path) {
  /** The rest of an append that was cut short, as it was last read. */
  let rest;
  return {
    reader: new LogReader(),
    text: () => {
      const content = readIfThere(path);
      const kept = acknowledged(content);
      rest = kept === content ? undefined : { start: kept.length, end: content.length };
      const log = decodeUtf8(kept);
      if (log === undefined) throw new Refusal('log is not valid UTF-8');
      return log;
    },
    appended: (_, entry, entries) => {
      appendLine(path, entry.text, 'log cannot be written', rest);
      return `{"entries":${entries}}`;
    },
  };
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return new Uint8Array();
    process.stderr.write(`${error.message}\n`);
    throw new Refusal('log cannot be read');
  }
}
