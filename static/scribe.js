// scribe.js: what the note-taker's forms need beside live.js.
//
// A note is written over the note that was there when typing began. The page keeps getting fresh cards meanwhile, so
// that moment is remembered here: a note of another scribe, written while this one was typing, is told, not overwritten.
(() => {
  'use strict';
  const begun = new WeakMap();

  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('form.noting');
    if (form && !begun.has(form)) begun.set(form, form.elements.over.value);
  });

  document.addEventListener('submit', (event) => {
    const form = event.target.closest?.('form.noting');
    if (form && begun.has(form)) form.elements.over.value = begun.get(form);
  }, true);

  document.addEventListener('htmx:after:request', (event) => {
    const form = event.target.closest?.('form.noting');
    const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status;
    if (!form || !status) return;
    begun.delete(form);          // after a refusal the scribe has seen the other note; saving again is meant
    if (status >= 300) return;
    const promise = form.querySelector('fieldset.promising');
    promise.querySelectorAll('textarea, input:not([type=radio])').forEach((field) => { field.value = ''; });
    promise.querySelectorAll('select').forEach((field) => { field.selectedIndex = 0; });
    promise.querySelectorAll('input[value=yes]').forEach((field) => { field.checked = false; });
  });
})();
