import { parseRoster } from '../src/validate/roster.mjs';

/** @param {string} text */
export const bytes = (text) => Buffer.from(text, 'utf8');

/** A deterministic random source: mulberry32. */
export function random(seed) {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const worker = (id, members = {}) => ({
  worker_id: id,
  name: 'Ana Ruiz',
  city: 'Toledo',
  state: 'OH',
  phone: '555-010-1000',
  email: `${id}@example.org`,
  roles: ['Picker'],
  active: true,
  ...members,
});

/** @param {object[]} workers */
export const roster = (...workers) =>
  parseRoster(bytes(workers.map((each) => JSON.stringify(each)).join('\n')));
