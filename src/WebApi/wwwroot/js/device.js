/** A name for the list of sessions, like "Chrome · Android": enough to tell one's own devices apart. */
export function deviceName() {
  return nameOf(navigator.userAgent);
}

/** @param {string} userAgent */
export function nameOf(userAgent) {
  const find = pairs => pairs.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find(browsers);
  const system = find(systems);
  return [browser, system].filter(Boolean).join(' · ');
}

// The order matters: every Chromium also says Safari, and Edge and Opera also say Chrome.
const browsers = [[/Edg/, 'Edge'], [/OPR|Opera/, 'Opera'], [/YaBrowser/, 'Yandex Browser'], [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']];
const systems = [[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'Mac'],
  [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']];
