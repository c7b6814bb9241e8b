/** Findings for the members of an artifact that no rule knows. */

const MAX_UNCHECKED = 100;

/**
 * The findings that are reported of all.
 *
 * @template T
 * @param {T[]} findings
 * @returns {T[]}
 */
export function reported(findings) {
  return findings.slice(0, MAX_UNCHECKED);
}

/**
 * @param {import('../json/value.mjs').Json} object
 * @param {string[]} known the members that rules know
 * @param {string} [prefix] of the members' fields
 * @returns {import('../validate.mjs').Finding[]} in the object's order
 */
export function unchecked(object, known, prefix = '') {
  return [...new Set(object.names())]
    .filter((name) => !known.includes(name) && object.getOptional(name) !== undefined)
    .map((name) => uncheckedMember(prefix + name));
}

function uncheckedMember(field) {
  return { field, severity: 'warning', message: 'not checked: no rule knows this member' };
}
