// present.js: fills in the number that shows who is in the hall, wherever the page has a place for it (data-present).
//
// It changes every minute by the server's clock. Frames bring the places empty, so they are filled again after each.
// When the server does not answer, the last number stays for as long as it is accepted, and then goes.
(() => {
  'use strict';
  const AGAIN = 3000, GRACE = 60000;
  const places = '[data-present]';
  let shown = '', old = 0;

  function fill() {
    for (const place of document.querySelectorAll(places)) {
      const text = shown ? `${shown.slice(0, 3)} ${shown.slice(3)}` : '\u00a0';
      if (place.textContent !== text) place.textContent = text;
    }
  }

  async function ask() {
    let wait = AGAIN;
    try {
      const answer = await fetch(document.body.dataset.number, { cache: 'no-store' });
      if (answer.ok) {
        const told = await answer.json();
        shown = told.number;
        wait = told.seconds * 1000 + 50;
        clearTimeout(old);
        old = setTimeout(() => { shown = ''; fill(); }, wait + GRACE);
        fill();
      }
    } catch { /* asked again */ }
    setTimeout(ask, wait);
  }

  new MutationObserver(fill).observe(document.body, { childList: true, subtree: true });
  ask();
})();
