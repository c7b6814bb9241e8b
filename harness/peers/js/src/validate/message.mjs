/** The rules for an email and for a text message: one set, with the differences as data. */

import { completeness, consistency, policy, schema } from '../failure.mjs';
import { squeezed } from '../fold.mjs';
import { countCharacters } from '../text.mjs';
import { emailKey, phoneKey } from './address.mjs';
import { firstForbidden } from './characters.mjs';
import { othersData } from './others_data.mjs';
import { firstPlaceholder } from './placeholder.mjs';
import { smsLength } from './sms_length.mjs';
import { hasSocialSecurityNumber } from './social_security.mjs';
import { reported, unchecked } from './unchecked.mjs';

/** @typedef {import('../failure.mjs').Failure} Failure */

/**
 * @typedef {object} Medium
 * @property {string[]} texts the members that hold text, in the order they are checked
 * @property {string} mustBe what `to` must be
 * @property {(text: string) => string | undefined} addressKey
 * @property {string} address the name of the worker's address in reasons
 * @property {(worker: import('./roster.mjs').Worker) => string} addressOf
 * @property {(name: string, text: string) => string | undefined} tooLong the reason for a text that is too long
 */

const MAX_SUBJECT = 200;
/** A longer text is not searched either, because it is refused in any case. */
const MAX_BODY = 10_000;

/** @type {Medium} */
const EMAIL = {
  texts: ['subject', 'body'],
  mustBe: 'must be an email address',
  addressKey: emailKey,
  address: 'email address',
  addressOf: ({ email }) => email,
  tooLong(name, text) {
    const limit = name === 'subject' ? MAX_SUBJECT : MAX_BODY;
    const characters = countCharacters(text);
    if (characters <= limit) return undefined;
    return `${name} has ${characters} characters, at most ${limit} are allowed`;
  },
};

/** @type {Medium} */
const SMS = {
  texts: ['body'],
  mustBe: 'must be a phone number',
  addressKey: phoneKey,
  address: 'phone number',
  addressOf: ({ phone }) => phone,
  tooLong(name, text) {
    const { length, limit, unit } = smsLength(text);
    return length <= limit ? undefined : `${name} takes ${length} ${unit}, at most ${limit} fit`;
  },
};

/** @type {import('../validate.mjs').Rules} */
export const email = {
  failures: (artifact, context, roster) => failures(EMAIL, artifact, context, roster),
  findings: (artifact) => reported(unchecked(artifact, ['to', 'subject', 'body', 'worker_id'])),
};

/** @type {import('../validate.mjs').Rules} */
export const sms = {
  failures: (artifact, context, roster) => failures(SMS, artifact, context, roster),
  findings(artifact) {
    const { length, limit, unit } = smsLength(artifact.get('body').asString());
    return [
      { field: 'body', severity: 'info', message: `${length} of ${limit} ${unit}` },
      ...reported(unchecked(artifact, ['to', 'body', 'worker_id'])),
    ];
  },
};

function* failures(medium, artifact, context, roster) {
  const schemaFailures = [...checkShape(medium, artifact)];
  yield* schemaFailures;
  if (schemaFailures.length > 0) return;

  const texts = medium.texts.map((name) => ({ name, text: artifact.get(name).asString() }));
  const searched = texts.filter(({ text }) => countCharacters(text) <= MAX_BODY);
  yield* checkTexts(medium, texts, searched);
  yield* checkWorker(medium, artifact, searched, context, roster);
  for (const { name, text } of searched) {
    if (hasSocialSecurityNumber(text)) {
      yield policy(`${name} has what looks like a social security number`);
    }
  }
}

/** @returns {Generator<Failure>} */
function* checkShape(medium, artifact) {
  if (artifact.kind !== 'object') {
    yield schema('artifact', 'must be an object');
    return;
  }
  for (const name of ['to', ...medium.texts]) {
    const member = artifact.get(name);
    if (member === undefined) yield schema(name, 'is missing');
    else if (member.kind !== 'string') yield schema(name, 'must be a string');
  }
  const id = artifact.getOptional('worker_id');
  if (id !== undefined && !id.asString()) {
    yield schema('worker_id', 'must be a string that is not empty');
  }
  const to = artifact.get('to')?.asString();
  if (to !== undefined && medium.addressKey(to) === undefined) yield schema('to', medium.mustBe);
}

/** @returns {Generator<Failure>} */
function* checkTexts(medium, texts, searched) {
  for (const { name, text } of texts) {
    const character = firstForbidden(name, text);
    if (character !== undefined) yield completeness(`${name} has the forbidden character ${character}`);
  }
  for (const { name, text } of texts) {
    if (squeezed(text) === '') yield completeness(`${name} is empty`);
  }
  for (const { name, text } of texts) {
    const reason = medium.tooLong(name, text);
    if (reason !== undefined) yield completeness(reason);
  }
  for (const { name, text } of searched) {
    const placeholder = firstPlaceholder(text);
    if (placeholder !== undefined) {
      yield completeness(`${name} has a placeholder left: \`${placeholder}\``);
    }
  }
}

/** @returns {Generator<Failure>} */
function* checkWorker(medium, artifact, texts, context, roster) {
  const named = artifact.getOptional('worker_id')?.asString();
  const asked = context.worker_id;
  const id = named ?? asked;
  if (id === undefined) {
    yield completeness('no worker is named');
    return;
  }
  if (named !== undefined && asked !== undefined && named !== asked) {
    yield consistency(`the artifact names worker \`${named}\`, the context \`${asked}\``);
  }
  const worker = roster.get(id);
  if (worker === undefined) {
    yield consistency(`worker \`${id}\` is not in the roster`);
    return;
  }
  const recipient = medium.addressKey(artifact.get('to').asString());
  if (recipient !== medium.addressKey(medium.addressOf(worker))) {
    yield consistency(`recipient is not the ${medium.address} of worker \`${id}\``);
  }
  for (const { name, text } of texts) {
    for (const { what, worker: other } of othersData(text, roster, worker)) {
      yield policy(`${name} has the ${what} of worker \`${other.id}\``);
    }
  }
}
