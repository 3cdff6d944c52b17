// Puts the secret of a one-time address into the form. It is in the fragment, which browsers send to no server.
(() => {
  "use strict";
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[data-fragment]").value = secret;
})();
