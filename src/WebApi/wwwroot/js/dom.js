/**
 * Makes an element. Properties that start with `on` are listeners, booleans switch attributes, the rest are attributes;
 * nothing is ever parsed as HTML.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...any} children
 * @returns {any}
 */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

const paths = {
  copy: 'M9 9h10v10H9zM5 15V5h10',
  share: 'M12 15V4M8 8l4-4 4 4M5 13v6h14v-6',
  renew: 'M19 8a8 8 0 1 0 1 6M19 3v5h-5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  device: 'M8 3h8v18H8zM11 18h2',
  invite: 'M4 8h16v12H4zM4 12h16M12 8v12M12 8c-5 0-5-5-2-5 2 0 2 5 2 5zm0 0c5 0 5-5 2-5-2 0-2 5-2 5z',
  back: 'M19 12H5M11 6l-6 6 6 6',
  alert: 'M12 8v5M12 16.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  chevron: 'M7 10l5 5 5-5',
};

/** A line icon that says nothing to a screen reader. @param {keyof typeof paths} name */
export function icon(name) {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: paths[name] }));
}

/** Reads a text out by the screen reader, also when it is the same as the last one. @param {string} text */
export function announce(text) {
  const live = /** @type {HTMLElement} */ (document.getElementById('live'));
  live.textContent = '';
  setTimeout(() => { live.textContent = text; }, 50);
}

/** A button that shows that it works, and cannot be pressed twice meanwhile, but keeps the focus. */
export function button(properties, children, work) {
  const element = h('button', { type: 'button', ...properties }, children);
  element.addEventListener('click', () => busy(element, work));
  return element;
}

/** @param {any} element @param {() => any} work */
export async function busy(element, work) {
  if (element.getAttribute('aria-disabled') === 'true') return;
  element.setAttribute('aria-disabled', 'true');
  element.classList.add('busy');
  try {
    await work();
  } finally {
    element.removeAttribute('aria-disabled');
    element.classList.remove('busy');
  }
}

/** The place under a field or in a card where a problem is told; empty until then. */
export function problemBox(id) {
  const box = h('p', { class: 'problem', id, role: 'alert' });
  return {
    element: box,
    /** @param {string} text */
    show(text) { box.replaceChildren(icon('alert'), h('span', {}, text)); },
    clear() { box.replaceChildren(); },
  };
}

/** Asks before something that cannot be undone; resolves to true for yes. */
export function confirm({ title, text, yes, no, danger = false }) {
  return new Promise(resolve => {
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'confirm-title' }, title),
        h('p', { id: 'confirm-text' }, text),
        h('div', { class: 'row end' },
          h('button', { class: 'button quiet', value: 'no', autofocus: true }, no),
          h('button', { class: danger ? 'button danger' : 'button', value: 'yes' }, yes))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
