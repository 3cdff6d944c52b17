// clock.js: clocks by the server's time, on the pages of the desk and the speakers.
//
// An element with data-clock counts down from data-since (RFC 3339) by data-allowed seconds. The device's own clock is
// never read: the server is asked for its time, half the round trip is the most that can be wrong, and between two
// answers the browser's steady clock counts. That one may stand still while a device sleeps, so the server is asked
// again when the page is seen again, when the connection is back, and once a minute.
(() => {
  'use strict';
  const EVERY = 60000, TICK = 250, SOON = 30;
  let offset = null;                                 // server time minus performance.now(), in milliseconds

  async function ask() {
    const sent = performance.now();
    try {
      const answer = await fetch('/now', { cache: 'no-store' });
      if (!answer.ok) return;
      const told = Date.parse((await answer.json()).now);
      offset = told - (sent + performance.now()) / 2;
      tick();
    } catch { /* the last answer goes on counting */ }
  }

  function tick() {
    if (offset === null) return;
    const now = offset + performance.now();
    for (const clock of document.querySelectorAll('[data-clock]')) {
      const left = Number(clock.dataset.allowed) - (now - Date.parse(clock.dataset.since)) / 1000;
      show(clock, Math.ceil(left));
    }
  }

  function show(clock, left) {
    const timer = clock.querySelector('[role=timer]');
    const state = left <= 0 ? 'over' : left <= SOON ? 'soon' : 'running';
    if (clock.dataset.state !== state) clock.dataset.state = state;
    const text = clock.dataset.clock === 'minutes' ? minutes(timer, left) : digits(left);
    if (timer.textContent !== text) timer.textContent = text;
  }

  function digits(left) {
    const whole = Math.abs(left);
    const point = document.documentElement.lang === 'id' ? '.' : ':';
    return `${left < 0 ? '−' : ''}${Math.floor(whole / 60)}${point}${String(whole % 60).padStart(2, '0')}`;
  }

  function minutes(timer, left) {
    const whole = Math.max(0, Math.ceil(left / 60));
    return whole === 1 ? timer.dataset.one : timer.dataset.many.replace('{n}', whole);
  }

  ask();
  setInterval(ask, EVERY);
  setInterval(tick, TICK);
  // A frame brings its clocks as the server writes them, without the time left.
  new MutationObserver(tick).observe(document.body, { childList: true, subtree: true });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
  addEventListener('online', ask);
  addEventListener('pageshow', (event) => { if (event.persisted) ask(); });
})();
