/** Dates and times as the contract spells them. */

/**
 * The days of a month, leap years by the Gregorian rule; 0 for a month that does not exist.
 *
 * @param {number} year
 * @param {number} month from 1
 * @returns {number}
 */
export function daysInMonth(year, month) {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/**
 * The number of a day `YYYY-MM-DD` of the years 0001 to 9999, counted from an arbitrary one, or
 * `undefined` when the day does not exist.
 *
 * @param {string} text
 * @returns {number | undefined}
 */
export function dayNumber(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined;
  const [year, month, day] = text.split('-').map(Number);
  if (year < 1 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const past = year - 1;
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let earlier = 1; earlier < month; earlier += 1) days += daysInMonth(year, earlier);
  return days + day;
}

/**
 * The minutes since midnight of a time `HH:MM`, or `undefined` when it is malformed.
 *
 * @param {string} text
 * @returns {number | undefined}
 */
export function minuteOfDay(text) {
  if (!/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/.test(text)) return undefined;
  const [hours, minutes] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/**
 * Whether a text is an RFC 3339 time in the spelling of the audit log.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function isRfc3339(text) {
  const parts = RFC_3339.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  return day >= 1 && day <= daysInMonth(year, month);
}

const RFC_3339 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

function isLeapYear(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
