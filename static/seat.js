// seat.js: comes in once, with the number on the projector or with a printed code, where the forum asks for it.
//
// On the phone's page a dialog asks when the first question or support was answered with "first come in"; what was
// tapped or written waits in the outbox. A code that was scanned is in the fragment of the address, which browsers send
// to no server. When very many come at once, the server asks for a little work: a hash with leading zeros.
(() => {
  'use strict';
  const CHUNK = 500;
  const dialog = document.getElementById('seat');
  const form = dialog?.querySelector('form') ?? document.getElementById('seat-form');
  if (!form) return;
  const field = form.elements.code;
  const scanned = location.hash.slice(1);

  // The number that makes SHA-256 of "ticket:number" begin with so many zero bits; in pieces, so that the page lives.
  async function work(ticket, bits) {
    for (let from = 0; ; from += CHUNK) {
      for (let proof = from; proof < from + CHUNK; proof += 1) {
        const bytes = sha256.array(`${ticket}:${proof}`);
        const first = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
        if (first < 2 ** (32 - bits)) return String(proof);
      }
      await new Promise((go) => setTimeout(go));
    }
  }

  async function post(fields) {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(fields), headers: { Accept: 'application/json' } });
    const told = await answer.json();
    if (answer.ok || !told.ticket) return [answer.ok, told];
    say(document.getElementById('seat-said')?.dataset.working ?? '');
    return post({ ...fields, ticket: told.ticket, proof: await work(told.ticket, told.bits) });
  }

  function say(text) {
    const said = document.getElementById('seat-said');
    if (said) said.textContent = text;
  }

  // Asks, and resolves to whether this phone is in now.
  let asking = null;
  function comeIn() {
    asking ??= new Promise((done) => {
      const end = (isIn) => { asking = null; dialog.close(); done(isIn); };
      say('');
      dialog.returnValue = '';
      form.onsubmit = async (event) => {
        event.preventDefault();
        try {
          const [isIn, answer] = await post({ code: field.value });
          if (isIn) return end(true);
          say(answer.message);
        } catch { say(document.getElementById('net')?.dataset.offline ?? ''); }
        field.select();
      };
      form.querySelector('[data-do=later]').onclick = () => end(false);
      dialog.oncancel = () => end(false);
      dialog.showModal();
      field.focus();
    });
    return asking;
  }

  if (scanned) history.replaceState(null, '', location.pathname + location.search);
  if (!dialog) {
    if (!scanned) return;
    field.value = scanned;
    form.requestSubmit();
    return;
  }
  window.jaring.comeIn = comeIn;
})();
