/** Checks on a drafted artifact before it leaves the house. */

import { writeFailure } from './failure.mjs';
import { Problem } from './problem.mjs';
import { fill } from './validate/fill.mjs';
import { email, sms } from './validate/message.mjs';
import { playbook } from './validate/playbook.mjs';
import { readRequest } from './validate/request.mjs';

/**
 * A remark that does not reject the artifact.
 *
 * @typedef {{field: string, severity: 'info' | 'warning', message: string}} Finding
 */

/**
 * The rules of one kind of artifact. `failures` yields them in the contract's order, lazily, so
 * that a caller who needs only the first does not compute the rest; `findings` is called when there
 * are none.
 *
 * @typedef {object} Rules
 * @property {(artifact: import('./json/value.mjs').Json,
 *   context: import('./validate/request.mjs').Context,
 *   roster: import('./validate/roster.mjs').Roster) => Generator<import('./failure.mjs').Failure>} failures
 * @property {(artifact: import('./json/value.mjs').Json,
 *   context: import('./validate/request.mjs').Context,
 *   roster: import('./validate/roster.mjs').Roster) => Finding[]} findings
 */

/** @type {Record<string, Rules>} */
const RULES = { fill, email, sms, playbook };

/**
 * Answers lines of the surface: a request's body in, `{"status":…,"body":…}` out.
 *
 * @param {{roster: import('./validate/roster.mjs').Roster}} settings
 * @returns {(line: Uint8Array) => string}
 */
export function answering({ roster }) {
  return (line) => {
    const { status, body } = respond(line, roster);
    return `{"status":${status},"body":${body}}`;
  };
}

/**
 * The answer of `POST /v1/validate`, with `all` as in its query.
 *
 * @param {Uint8Array} requestBody
 * @param {import('./validate/roster.mjs').Roster} roster
 * @param {{all?: boolean}} [options]
 * @returns {{status: number, body: string}}
 */
export function respond(requestBody, roster, { all = false } = {}) {
  const began = performance.now();
  let request;
  try {
    request = readRequest(requestBody);
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, body: error.body() };
    throw error;
  }
  const { kind, artifact, context } = request;
  const rules = RULES[kind];
  const failures = rules.failures(artifact, context, roster);
  const first = failures.next();
  if (!first.done) {
    const written = [first.value, ...(all ? failures : [])].map(writeFailure);
    return { status: 422, body: all ? `{"failures":[${written.join(',')}]}` : written[0] };
  }
  const findings = rules.findings(artifact, context, roster);
  const microseconds = Math.max(0, Math.round((performance.now() - began) * 1000));
  return { status: 200, body: JSON.stringify({ kind, findings, elapsed_ms: microseconds / 1000 }) };
}
