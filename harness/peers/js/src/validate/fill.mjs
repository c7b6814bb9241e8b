/** The rules for a fill: which workers are proposed for a shift. */

import { dayNumber, minuteOfDay } from '../calendar.mjs';
import { completeness, consistency, policy, schema } from '../failure.mjs';
import { fold, sameText } from '../fold.mjs';
import { isNearClient, isSameClient, isTakenFor, readClient } from './client.mjs';
import { reported, unchecked } from './unchecked.mjs';

const MINUTES_PER_DAY = 24 * 60;
/** Less time between two shifts is reported. */
const MIN_REST_MINUTES = 8 * 60;

/** @typedef {import('../failure.mjs').Failure} Failure */
/** @typedef {{id: string, name?: string}} Fill */

/** @type {import('../validate.mjs').Rules} */
export const fill = { failures, findings };

function* failures(artifact, context, roster) {
  const schemaFailures = [...checkShape(artifact)];
  yield* schemaFailures;
  if (schemaFailures.length > 0) return;

  const fills = readFills(artifact);
  if (context.count !== undefined && context.count !== fills.length) {
    yield completeness(`fills has ${fills.length}, the context asks for ${context.count}`);
  } else if (fills.length === 0) {
    yield completeness('fills is empty');
  }

  yield* checkRepeats(fills);
  const { known, unknown } = lookUp(fills, roster);
  for (const { id } of unknown) yield consistency(`worker \`${id}\` is not in the roster`);
  for (const rule of ROSTER_RULES) {
    for (const { named, worker } of known) yield* rule(worker, context, named);
  }
}

function findings(artifact, context, roster) {
  const { known } = lookUp(readFills(artifact), roster);
  return [
    ...known.flatMap((one) => nearClients(one, context)),
    ...(known.length > 0 ? partialShift(context) : []),
    ...known.flatMap((one) => nearBookings(one, context)),
    ...reported(uncheckedMembers(artifact)),
  ];
}

function warning(field, message) {
  return { field, severity: 'warning', message };
}

/** Excluded clients whose names have something of the context's. */
function nearClients({ worker, at }, context) {
  if (context.client === undefined) return [];
  const asked = readClient(context.client);
  return worker.excludedClients
    .filter((name) => {
      const excluded = readClient(name);
      return !isSameClient(excluded, asked) && !isTakenFor(excluded, asked) && isNearClient(excluded, asked);
    })
    .map((name) =>
      warning(
        `fills[${at}].worker_id`,
        `worker \`${worker.id}\` is excluded for client \`${name}\`, which is near \`${context.client}\``,
      ),
    );
}

/** A part of a shift cannot be compared with bookings. */
function partialShift(context) {
  const parts = ['date', 'start', 'end'];
  const absent = parts.filter((name) => context[name] === undefined);
  if (absent.length === 0 || absent.length === parts.length) return [];
  const message = `bookings are not checked: the context has no ${absent.join(' and no ')}`;
  return [warning(`context.${absent[0]}`, message)];
}

/** Bookings on a day of the shift, or too close to it. */
function nearBookings({ worker, at }, context) {
  const { date, start, end } = context;
  if (date === undefined || (start === undefined) !== (end === undefined)) return [];
  const isWholeDay = start === undefined;
  const shift = shiftOf(isWholeDay ? { date, start: '00:00', end: '00:00' } : { date, start, end });
  return worker.bookings
    .filter((booking) => {
      const booked = shiftOf(booking);
      return shareDay(shift, booked) || (!isWholeDay && minutesBetween(shift, booked) < MIN_REST_MINUTES);
    })
    .map((booking) =>
      warning(`fills[${at}].worker_id`, `worker \`${worker.id}\` is also booked ${when(booking)}`),
    );
}

/** In the artifact's order; those of the fills where `fills` is. */
function uncheckedMembers(artifact) {
  const ofFills = artifact
    .get('fills')
    .items()
    .flatMap((element, at) => unchecked(element, ['worker_id', 'name'], `fills[${at}].`));
  const names = [...new Set(artifact.names())];
  const others = (before) => unchecked(artifact, ['fills', ...before]);
  const place = names.indexOf('fills');
  return [...others(names.slice(place)), ...ofFills, ...others(names.slice(0, place))];
}

/** @returns {Generator<Failure>} */
function* checkShape(artifact) {
  if (artifact.kind !== 'object') {
    yield schema('artifact', 'must be an object');
    return;
  }
  const fills = artifact.get('fills');
  if (fills === undefined) {
    yield schema('fills', 'is missing');
  } else if (fills.kind !== 'array') {
    yield schema('fills', 'must be an array');
  } else {
    for (const [at, element] of fills.items().entries()) yield* checkFill(element, `fills[${at}]`);
  }
}

function* checkFill(element, place) {
  if (element.kind !== 'object') {
    yield schema(place, 'must be an object');
    return;
  }
  const id = element.get('worker_id');
  if (id === undefined) yield schema(`${place}.worker_id`, 'is missing');
  else if (!id.asString()) yield schema(`${place}.worker_id`, 'must be a string that is not empty');
  const name = element.getOptional('name');
  if (name !== undefined && name.kind !== 'string') yield schema(`${place}.name`, 'must be a string');
}

/** @returns {Fill[]} */
function readFills(artifact) {
  return artifact
    .get('fills')
    .items()
    .map((element) => ({
      id: element.get('worker_id').asString(),
      name: element.getOptional('name')?.asString(),
    }));
}

/** Reported at an id's second occurrence, once. */
function* checkRepeats(fills) {
  const places = new Map();
  for (const { id } of fills) {
    const place = (places.get(id) ?? 0) + 1;
    places.set(id, place);
    if (place === 2) yield consistency(`worker \`${id}\` is named more than once`);
  }
}

/** Each id once, at its first occurrence, with its worker if the roster has one. */
function lookUp(fills, roster) {
  const seen = new Set();
  const known = [];
  const unknown = [];
  for (const [at, { id, name }] of fills.entries()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const worker = roster.get(id);
    if (worker === undefined) unknown.push({ id });
    else known.push({ at, named: name, worker });
  }
  return { known, unknown };
}

/**
 * The rules about a worker of the roster, in order; each checks all fills before the next.
 *
 * @type {Array<(worker: import('./roster.mjs').Worker,
 *   context: import('./request.mjs').Context, named: string | undefined) => Generator<Failure>>}
 */
const ROSTER_RULES = [
  function* name({ id, name }, _, named) {
    if (named !== undefined && !isSameName(named, name)) {
      yield consistency(`worker \`${id}\` is called \`${name}\`, not \`${named}\``);
    }
  },
  function* active({ id, isActive }) {
    if (!isActive) yield consistency(`worker \`${id}\` is not active`);
  },
  function* role({ id, roles }, context) {
    if (context.role !== undefined && !roles.some((role) => sameText(role, context.role))) {
      yield consistency(`worker \`${id}\` does not work as \`${context.role}\``);
    }
  },
  function* city({ id, city }, context) {
    if (context.city !== undefined && !isSameCity(city, context.city)) {
      yield consistency(`worker \`${id}\` is in city \`${city}\`, not \`${context.city}\``);
    }
  },
  function* state({ id, state }, context) {
    if (context.state !== undefined && !sameText(state, context.state)) {
      yield consistency(`worker \`${id}\` is in state \`${state}\`, not \`${context.state}\``);
    }
  },
  function* client({ id, excludedClients }, context) {
    if (context.client === undefined) return;
    const asked = readClient(context.client);
    const excluded = excludedClients.map(readClient);
    if (excluded.some((each) => isSameClient(each, asked))) {
      yield policy(`worker \`${id}\` is excluded for client \`${asked.name}\``);
      return;
    }
    const taken = excluded.find((each) => isTakenFor(each, asked));
    if (taken === undefined) return;
    yield policy(
      `worker \`${id}\` is excluded for client \`${taken.name}\`, which is taken for \`${asked.name}\``,
    );
  },
  function* booked({ id, bookings }, context) {
    const shift = contextShift(context);
    if (shift === undefined) return;
    for (const booking of bookings) {
      if (overlaps(shift, shiftOf(booking))) yield policy(`worker \`${id}\` is booked ${when(booking)}`);
    }
  },
];

function contextShift({ date, start, end }) {
  return date === undefined || start === undefined || end === undefined
    ? undefined
    : shiftOf({ date, start, end });
}

/** Minutes on one scale; a shift that does not end later than it starts ends on the next day. */
function shiftOf({ date, start, end }) {
  const midnight = dayNumber(date) * MINUTES_PER_DAY;
  const begins = midnight + minuteOfDay(start);
  const ends = midnight + minuteOfDay(end);
  return { begins, ends: ends > begins ? ends : ends + MINUTES_PER_DAY };
}

function overlaps(one, other) {
  return one.begins < other.ends && other.begins < one.ends;
}

function minutesBetween(one, other) {
  return Math.max(other.begins - one.ends, one.begins - other.ends);
}

function shareDay(one, other) {
  return firstDay(one) <= lastDay(other) && firstDay(other) <= lastDay(one);
}

const firstDay = ({ begins }) => Math.floor(begins / MINUTES_PER_DAY);
const lastDay = ({ ends }) => Math.floor((ends - 1) / MINUTES_PER_DAY);

function nameWords(name) {
  return fold(name).replace(/['.]/g, '').replaceAll('-', ' ').split(/ +/).filter(Boolean);
}

function isSameName(one, other) {
  return nameWords(one).join(' ') === nameWords(other).join(' ');
}

const CITY_WORDS = new Map([
  ['st', 'saint'],
  ['ste', 'sainte'],
  ['ft', 'fort'],
  ['mt', 'mount'],
]);

function isSameCity(one, other) {
  const spelled = (city) => nameWords(city).map((word) => CITY_WORDS.get(word) ?? word);
  return spelled(one).join(' ') === spelled(other).join(' ');
}

function when({ date, start, end }) {
  return `on ${date} from ${start} to ${end}`;
}
