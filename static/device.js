// device.js: a device that shows its number asks whether the desk has typed it, and then opens its page.
(() => {
  'use strict';
  const EVERY = 2000;

  async function ask() {
    try {
      const answer = await fetch(document.body.dataset.device, { cache: 'no-store' });
      if (answer.ok && (await answer.json()).state !== 'waiting') return location.reload();   // in, or a new number
    } catch { /* asked again */ }
    setTimeout(ask, EVERY);
  }
  setTimeout(ask, EVERY);
})();
