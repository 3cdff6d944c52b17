// awake.js: keeps a speaker's tablet and the projector lit.
//
// Browsers hand out a wake lock at secure addresses only. Elsewhere, and where it is refused, the line with the id
// "awake" is shown: it says how to set the device.
(() => {
  'use strict';
  const line = document.getElementById('awake');
  let lock = null;

  async function hold() {
    if (document.hidden || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      if (line) line.hidden = true;
    } catch {
      if (line) line.hidden = false;
    }
  }

  document.addEventListener('visibilitychange', hold);   // a hidden page loses its lock
  hold();
})();
