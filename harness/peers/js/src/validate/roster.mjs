/** The roster: one worker per line, and indexes by the data that identify a worker. */

import { readFileSync } from 'node:fs';
import { dayNumber, minuteOfDay } from '../calendar.mjs';
import { fold } from '../fold.mjs';
import { Json, MAX_LEVELS } from '../json/value.mjs';
import { Refusal } from '../refusal.mjs';
import { decodeUtf8, isBlank } from '../text.mjs';
import { emailKey, listedNumber, mailbox } from './address.mjs';
import { nameKeys } from './names.mjs';

/** @typedef {{date: string, start: string, end: string}} Booking */

/**
 * @typedef {object} Worker
 * @property {string} id
 * @property {string} name
 * @property {string} city
 * @property {string} state
 * @property {string} phone
 * @property {string} email
 * @property {string[]} roles
 * @property {boolean} isActive
 * @property {string[]} excludedClients
 * @property {Booking[]} bookings
 */

export class Roster {
  #byId = new Map();
  #byMailbox;
  #domains;
  #byNumber;
  #byFoldedId;
  #byName;

  /** @param {Worker[]} workers in the file's order, no id twice */
  constructor(workers) {
    this.size = workers.length;
    for (const worker of workers) this.#byId.set(worker.id, worker);
    this.#byMailbox = index(workers, ({ email }) => (emailKey(email) ? [mailbox(fold(email))] : []));
    this.#domains = new Set([...this.#byMailbox.keys()].map((mailbox) => mailbox.split('@')[1]));
    this.#byNumber = index(workers, ({ phone }) => [listedNumber(phone)]);
    this.#byFoldedId = index(workers, ({ id }) => [fold(id)]);
    this.#byName = index(workers, ({ name }) => nameKeys(name));
  }

  /**
   * @param {string} id compared exactly
   * @returns {Worker | undefined}
   */
  get(id) {
    return this.#byId.get(id);
  }

  /** The workers whose address leads to a mailbox, in the roster's order. @param {string} key */
  withMailbox(key) {
    return this.#byMailbox.get(key);
  }

  /** Whether a worker has a mailbox in a domain. @param {string} domain */
  hasDomain(domain) {
    return this.#domains.has(domain);
  }

  /** The workers with a phone number, likewise. @param {string} number */
  withNumber(number) {
    return this.#byNumber.get(number);
  }

  /** The workers with a folded id, likewise. @param {string} id */
  withFoldedId(id) {
    return this.#byFoldedId.get(id);
  }

  /** The workers with a key of their name, likewise. @param {string} key */
  withName(key) {
    return this.#byName.get(key);
  }
}

/**
 * The roster in a file; empty without a file.
 *
 * @param {string | undefined} path
 * @returns {Roster}
 * @throws {Refusal}
 */
export function readRosterFile(path) {
  if (path === undefined) return new Roster([]);
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new Refusal('roster cannot be read');
  }
  return parseRoster(bytes);
}

/**
 * @param {Uint8Array} bytes JSON Lines
 * @returns {Roster}
 * @throws {Refusal} with the number of the first bad line and its error
 */
export function parseRoster(bytes) {
  const workers = new Map();
  splitLines(bytes).forEach((line, at) => {
    const text = decodeUtf8(line);
    if (text !== undefined && isBlank(text)) return;
    const worker = readWorker(text, `roster line ${at + 1}`);
    if (workers.has(worker.id)) {
      throw new Refusal(`roster line ${at + 1}: worker \`${worker.id}\` is listed twice`);
    }
    workers.set(worker.id, worker);
  });
  return new Roster([...workers.values()]);
}

/** The members of a line, in the order they are checked; `read` returns `undefined` for a wrong one. */
const FIELDS = [
  { name: 'worker_id', mustBe: 'a string that is not empty', read: (json) => json.asString() || undefined },
  ...['name', 'city', 'state', 'phone', 'email'].map((name) => ({
    name,
    mustBe: 'a string',
    read: (json) => json.asString(),
  })),
  { name: 'roles', mustBe: 'an array of strings', read: strings },
  { name: 'active', mustBe: 'a boolean', read: (json) => json.asBoolean() },
  { name: 'excluded_clients', mustBe: 'an array of strings', read: strings, isOptional: true },
  { name: 'bookings', mustBe: 'an array of bookings', read: bookings, isOptional: true },
];

function readWorker(text, label) {
  const json = text === undefined ? undefined : Json.parse(text);
  if (json === undefined) throw new Refusal(`${label}: not valid JSON`);
  if (json.levels > MAX_LEVELS) throw new Refusal(`${label}: nests deeper than ${MAX_LEVELS} levels`);
  if (json.kind !== 'object') throw new Refusal(`${label}: not a JSON object`);
  const values = {};
  for (const { name, mustBe, read, isOptional } of FIELDS) {
    const member = isOptional ? json.getOptional(name) : json.get(name);
    if (member === undefined && isOptional) continue;
    if (member === undefined) throw new Refusal(`${label}: missing field \`${name}\``);
    values[name] = read(member);
    if (values[name] === undefined) throw new Refusal(`${label}: field \`${name}\` must be ${mustBe}`);
  }
  return {
    id: values.worker_id,
    name: values.name,
    city: values.city,
    state: values.state,
    phone: values.phone,
    email: values.email,
    roles: values.roles,
    isActive: values.active,
    excludedClients: values.excluded_clients ?? [],
    bookings: values.bookings ?? [],
  };
}

function strings(json) {
  if (json.kind !== 'array') return undefined;
  const texts = json.items().map((item) => item.asString());
  return texts.includes(undefined) ? undefined : texts;
}

function bookings(json) {
  if (json.kind !== 'array') return undefined;
  const read = json.items().map(booking);
  return read.includes(undefined) ? undefined : read;
}

function booking(json) {
  if (json.kind !== 'object') return undefined;
  const [date, start, end] = ['date', 'start', 'end'].map((name) => json.get(name)?.asString() ?? '');
  const isRight =
    dayNumber(date) !== undefined && minuteOfDay(start) !== undefined && minuteOfDay(end) !== undefined;
  return isRight ? { date, start, end } : undefined;
}

/** The workers for each key; one that is `undefined` is none. */
function index(workers, keysOf) {
  const byKey = new Map();
  for (const worker of workers) {
    for (const key of new Set(keysOf(worker))) {
      if (key === undefined) continue;
      if (!byKey.has(key)) byKey.set(key, []);
      byKey.get(key).push(worker);
    }
  }
  return byKey;
}

function splitLines(bytes) {
  const lines = [];
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  lines.push(bytes.subarray(from));
  return lines;
}
