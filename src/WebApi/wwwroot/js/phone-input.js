import { h, icon } from './dom.js';
import { language, t } from './texts.js';

// 150 KB of numbering plans: fetched beside the first paint, not before it.
const numbers = import('/lib/phone-numbers.js');

/** A country list and a number field that formats as one types. */
export async function phoneInput({ number, country, describedBy }) {
  const { AsYouType, getCountries, getCountryCallingCode, mainCountry, parsePhoneNumberFromString } = await numbers;
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const countries = getCountries()
    .map(code => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));

  const badge = h('span', { 'aria-hidden': 'true' });
  const select = h('select', { id: 'country', 'aria-label': t.country, autocomplete: 'tel-country-code' },
    countries.map(({ code, name }) => h('option', { value: code }, `${name} (+${getCountryCallingCode(code)})`)));
  const field = h('input', {
    id: 'phone', type: 'tel', inputmode: 'tel', autocomplete: 'tel', required: true, maxlength: '32',
    'aria-describedby': describedBy,
  });
  const element = h('div', { class: 'phone' }, h('div', { class: 'country' }, badge, icon('chevron'), select), field);

  function choose(code) {
    select.value = code;
    badge.textContent = `${code} +${getCountryCallingCode(code)}`;
    field.placeholder = examples[code] ?? '';
  }

  /** By what is known of a number while it is typed: several countries may share a calling code. */
  function chooseBy(found, callingCode) {
    if (found) choose(found);
    else if (callingCode && callingCode !== getCountryCallingCode(select.value)) choose(mainCountry(callingCode) ?? select.value);
  }

  function format() {
    const typed = field.value;
    const digitsBefore = digits(typed.slice(0, field.selectionStart ?? typed.length));
    const typing = new AsYouType(select.value);
    field.value = typing.input(typed.replace(/\uFF0B/g, '+'));
    if (isInternational(typed)) chooseBy(typing.getCountry(), typing.getCallingCode());
    const caret = positionAfter(field.value, digitsBefore);
    if (document.activeElement === field) field.setSelectionRange(caret, caret);
  }

  field.addEventListener('beforeinput', event => {
    // Backspace over a bracket or a space that the formatting would put back: take the digit before it instead.
    const at = field.selectionStart;
    if (event.inputType !== 'deleteContentBackward' || at !== field.selectionEnd || !at || /[\d+]/.test(field.value[at - 1])) return;
    const kept = field.value.slice(0, at).replace(/\D+$/, '');
    field.setSelectionRange(kept.length, kept.length);
  });
  field.addEventListener('input', format);
  select.addEventListener('change', () => {
    if (isInternational(field.value)) field.value = '';
    choose(select.value);
    format();
    field.focus();
  });

  choose(countries.some(known => known.code === country) ? country : 'RU');
  field.value = number;
  if (number) format();

  return {
    element, field,
    get typed() { return field.value; },
    get country() { return select.value; },
    /** E.164, or null when it cannot be a number. */
    get number() {
      const parsed = parsePhoneNumberFromString(field.value, select.value);
      return parsed?.isPossible() ? parsed.number : null;
    },
  };
}

/** The country that the browser's language speaks for. */
export function likelyCountry() {
  return new Intl.Locale(navigator.language).maximize().region ?? 'RU';
}

/** A whole number as people of its country write it. @param {string} number E.164 */
export async function readable(number) {
  const { parsePhoneNumberFromString } = await numbers;
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

const examples = { RU: '912 345-67-89', US: '(201) 555-0123', GB: '07400 123456', DE: '01512 3456789', KZ: '771 000 9998' };

const isInternational = text => /^\s*[+\uFF0B]/.test(text);
const digits = text => text.replace(/[^\p{Nd}+]/gu, '').length;

function positionAfter(text, count) {
  let position = 0;
  for (let seen = 0; position < text.length && seen < count; position++) if (/[\d+]/.test(text[position])) seen++;
  return position;
}
