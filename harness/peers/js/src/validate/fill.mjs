/** The rules for a fill: which workers are proposed for a shift. */

import { dayNumber, minuteOfDay } from '../calendar.mjs';
import { completeness, consistency, policy, schema } from '../failure.mjs';
import { sameText } from '../text.mjs';

const MINUTES_PER_DAY = 24 * 60;

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
  const shift = contextShift(context);
  if (shift === undefined) return [];
  const { known } = lookUp(readFills(artifact), roster);
  return known.flatMap(({ worker, at }) =>
    worker.bookings
      .filter((booking) => booking.date === context.date && !overlaps(shift, shiftOf(booking)))
      .map((booking) => ({
        field: `fills[${at}].worker_id`,
        severity: 'warning',
        message: `worker \`${worker.id}\` is also booked ${when(booking)}`,
      })),
  );
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
    if (named !== undefined && !sameText(named, name)) {
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
    if (context.city !== undefined && !sameText(city, context.city)) {
      yield consistency(`worker \`${id}\` is in city \`${city}\`, not \`${context.city}\``);
    }
  },
  function* state({ id, state }, context) {
    if (context.state !== undefined && !sameText(state, context.state)) {
      yield consistency(`worker \`${id}\` is in state \`${state}\`, not \`${context.state}\``);
    }
  },
  function* client({ id, excludedClients }, { client }) {
    if (client !== undefined && excludedClients.some((excluded) => sameText(excluded, client))) {
      yield policy(`worker \`${id}\` is excluded for client \`${client}\``);
    }
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

function when({ date, start, end }) {
  return `on ${date} from ${start} to ${end}`;
}
