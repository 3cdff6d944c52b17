// entrust.js: a question for somebody without a phone is read back before it is sent.
(() => {
  'use strict';
  const form = document.querySelector('form[data-read-back]');
  const dialog = document.getElementById('read-back');
  if (!form || !dialog) return;
  let isRead = false;
  form.addEventListener('submit', (event) => {
    if (isRead) { isRead = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    document.getElementById('read-back-text').textContent = form.elements.text.value;
    dialog.showModal();
  }, true);
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'send') { form.elements.text.focus(); return; }
    dialog.returnValue = '';
    isRead = true;
    form.requestSubmit();
  });
})();
