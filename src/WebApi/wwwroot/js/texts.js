import { english } from './texts-en.js';
import { russian } from './texts-ru.js';

const languages = { en: english, ru: russian };
const key = 'phoneauth.language';

/** The language of the page: what was chosen here, else the first of the browser's that we have. @type {'en' | 'ru'} */
export let language = pick([remembered(), ...navigator.languages]);

/** Every text of the page in that language. */
export let t = languages[language];

/** @param {'en' | 'ru'} chosen */
export function setLanguage(chosen) {
  language = chosen;
  t = languages[chosen];
  try {
    localStorage.setItem(key, chosen);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** @returns {'en' | 'ru'} */
function pick(wanted) {
  const found = wanted.map(tag => tag.slice(0, 2).toLowerCase()).find(tag => tag in languages);
  return found ?? 'en';
}

/** @param {string} time RFC 3339 */
export function date(time) {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(new Date(time));
}

/** @param {number | string | Date} time */
export function timeOfDay(time) {
  return new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(time));
}

/** "3 hr. ago". @param {string} time RFC 3339 @param {number} now milliseconds */
export function ago(time, now) {
  const seconds = Math.min(0, Math.round((Date.parse(time) - now) / 1000));
  if (seconds > -60) return t.justNow;
  return relative(seconds, 'short');
}

/** "in 43 seconds". @param {number} seconds */
export function inTime(seconds) {
  return relative(Math.max(1, seconds), 'long');
}

/** @param {number} seconds @param {'short' | 'long'} style */
function relative(seconds, style) {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always', style });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(seconds, 'second');
  if (size < 3600) return format.format(Math.sign(seconds) * Math.ceil(size / 60), 'minute');
  if (size < 86400) return format.format(Math.sign(seconds) * Math.ceil(size / 3600), 'hour');
  return format.format(Math.sign(seconds) * Math.floor(size / 86400), 'day');
}

/** "0:43", "1:02:05" for a countdown. @param {number} seconds */
export function clock(seconds) {
  const two = n => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
