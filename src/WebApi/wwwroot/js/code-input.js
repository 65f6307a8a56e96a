import { h } from './dom.js';

/**
 * One field for the whole code, drawn as boxes: paste, autofill and screen readers see an ordinary field.
 * @param {{ length: number, describedBy: string, done: (code: string) => Promise<void> }} options
 */
export function codeInput({ length, describedBy, done }) {
  const boxes = Array.from({ length }, () => h('span'));
  const field = h('input', {
    id: 'code', type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', pattern: '[0-9]*', required: true,
    autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': describedBy,
  });
  const element = h('div', { class: 'code' }, h('div', { class: 'slots' }, h('div', { class: 'boxes', 'aria-hidden': 'true' }, boxes), field));
  element.style.setProperty('--length', String(length));
  let checking = false;

  function draw() {
    boxes.forEach((box, index) => {
      box.classList.toggle('filled', index < field.value.length);
      box.classList.toggle('current', index === Math.min(field.value.length, length - 1));
    });
  }

  async function submit() {
    if (checking || field.value.length !== length) return;
    checking = true;
    field.readOnly = true;
    await done(field.value);
    checking = false;
    field.readOnly = false;
  }

  field.addEventListener('input', () => {
    field.value = asciiDigits(field.value).slice(0, length);
    field.setAttribute('aria-invalid', 'false');
    element.classList.remove('wrong');
    draw();
    submit();
  });
  field.addEventListener('focus', draw);
  draw();

  return {
    element,
    focus: () => field.focus(),
    /** @returns {boolean} whether there was a whole code to send */
    submit() {
      submit();
      return field.value.length === length;
    },
    /** @param {string} code */
    set(code) {
      field.value = code;
      field.dispatchEvent(new Event('input'));
    },
    /** Marks the code as wrong and empties the field, so that typing begins anew. */
    reject() {
      field.value = '';
      field.setAttribute('aria-invalid', 'true');
      element.classList.add('wrong');
      field.focus();
      draw();
    },
  };
}

/** Any script's decimal digits as 0 to 9, everything else left out: a pasted message gives its code. @param {string} text */
export function asciiDigits(text) {
  return [...text].filter(character => /\p{Nd}/u.test(character)).map(value).join('');
}

/** Unicode keeps each script's digits in rows of ten, so the distance to where the row begins is the value. @param {string} digit */
function value(digit) {
  const point = /** @type {number} */ (digit.codePointAt(0));
  let start = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return String((point - start) % 10);
}
