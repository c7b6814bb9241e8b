/** Placeholders that were not filled in. */

const NAME = '[A-Za-z_][A-Za-z0-9_ ]{0,39}';

/** The alternatives; the first one wins between two at the same position. */
const PLACEHOLDER = new RegExp(
  [
    '\\{\\{[^{}\\n\\r]{1,40}\\}\\}',
    `\\{${NAME}\\}`,
    `\\[${NAME}\\]`,
    `<${NAME}>`,
    '(?<![A-Za-z0-9])(?:TODO|TBD|FIXME)(?![A-Za-z0-9])',
  ].join('|'),
  'u',
);

/**
 * The first placeholder in a text.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function firstPlaceholder(text) {
  return PLACEHOLDER.exec(text)?.[0];
}
