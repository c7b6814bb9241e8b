/** The rules for a playbook entry. */

import { completeness, consistency, policy, schema } from '../failure.mjs';
import { isBetween0And1 } from '../json/number.mjs';
import { sameText, squeezed } from '../fold.mjs';
import { countCharacters } from '../text.mjs';
import { hasSocialSecurityNumber } from './social_security.mjs';
import { reported, unchecked } from './unchecked.mjs';

/** @typedef {import('../failure.mjs').Failure} Failure */

const TEXTS = ['query_text', 'answer_id', 'answer_corpus'];
const MAX_QUERY_CHARACTERS = 2000;

/** @type {import('../validate.mjs').Rules} */
export const playbook = { failures, findings };

function* failures(artifact, _context, roster) {
  const schemaFailures = [...checkShape(artifact)];
  yield* schemaFailures;
  if (schemaFailures.length > 0) return;

  const query = artifact.get('query_text').asString();
  for (const name of TEXTS) {
    if (squeezed(artifact.get(name).asString()) === '') yield completeness(`${name} is empty`);
  }
  const characters = countCharacters(query);
  if (characters > MAX_QUERY_CHARACTERS) {
    yield completeness(
      `query_text has ${characters} characters, at most ${MAX_QUERY_CHARACTERS} are allowed`,
    );
  }
  if (!isBetween0And1(artifact.get('score').asLexeme())) {
    yield consistency('score must be between 0 and 1');
  }
  if (artifact.get('answer_corpus').asString() === 'workers') yield* checkWorker(artifact, roster);
  for (const name of ['query_text', 'role']) {
    const text = artifact.getOptional(name)?.asString();
    if (text !== undefined && hasSocialSecurityNumber(text)) {
      yield policy(`${name} has what looks like a social security number`);
    }
  }
}

function findings(artifact) {
  return reported(unchecked(artifact, [...TEXTS, 'score', 'role']));
}

/** @returns {Generator<Failure>} */
function* checkShape(artifact) {
  if (artifact.kind !== 'object') {
    yield schema('artifact', 'must be an object');
    return;
  }
  for (const name of TEXTS) yield* checkMember(artifact, name, 'string');
  yield* checkMember(artifact, 'score', 'number');
  const role = artifact.getOptional('role');
  if (role !== undefined && role.kind !== 'string') yield schema('role', 'must be a string');
}

function* checkMember(artifact, name, kind) {
  const member = artifact.get(name);
  if (member === undefined) yield schema(name, 'is missing');
  else if (member.kind !== kind) yield schema(name, `must be a ${kind}`);
}

/** @returns {Generator<Failure>} */
function* checkWorker(artifact, roster) {
  const id = artifact.get('answer_id').asString();
  const role = artifact.getOptional('role')?.asString();
  const worker = roster.get(id);
  if (worker === undefined) {
    yield consistency(`worker \`${id}\` is not in the roster`);
    return;
  }
  if (role !== undefined && !worker.roles.some((own) => sameText(own, role))) {
    yield consistency(`worker \`${id}\` does not work as \`${role}\``);
  }
  if (!worker.isActive) yield policy(`worker \`${id}\` is not active`);
}
