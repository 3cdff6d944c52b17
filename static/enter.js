// Redeems a role link. The secret is in the fragment, which browsers send to no server; it leaves the address bar at once.
(() => {
  "use strict";
  const form = document.getElementById("enter");
  const field = document.getElementById("token");
  const said = document.getElementById("said");
  const button = form.querySelector("button");

  function say(text, isBad) {
    said.textContent = text;
    said.classList.toggle("status", isBad);
    if (isBad) said.dataset.icon = "warning";
    else delete said.dataset.icon;
    field.setAttribute("aria-invalid", String(isBad));
  }

  async function redeem(token) {
    say(form.dataset.checking, false);
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ token }),
      });
      const body = await answer.json();
      if (answer.ok) return location.replace(body.page);
      say(body.message, true);
    } catch {
      say(form.dataset.failed, true);
    }
    button.disabled = false;
    field.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    redeem(field.value);
  });

  const secret = location.hash.slice(1);
  if (secret) {
    history.replaceState(null, "", location.pathname + location.search);
    field.value = secret;
    redeem(secret);
  }
})();
