/**
 * Calls back at once and each second with the whole seconds left, the last time with 0.
 * @param {number} until milliseconds by the server's clock
 * @param {() => number} now the server's clock
 * @param {(secondsLeft: number) => void} tick
 * @returns {() => void} the way to stop
 */
export function countdown(until, now, tick) {
  let timer = 0;
  const step = () => {
    const left = Math.max(0, until - now());
    tick(Math.ceil(left / 1000));
    // Woken at the next whole second, so that none is skipped; late wake-ups only shorten the next wait.
    if (left > 0) timer = setTimeout(step, left % 1000 || 1000);
  };
  step();
  return () => clearTimeout(timer);
}
