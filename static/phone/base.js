// What the other parts of phone.js stand on. They are served as one module (live/web/static.py), in one scope.
const { hooks, kept, newKey, replace, forget, left, remember } = window.jaring;
const body = document.body;
const root = document.documentElement;
const at = (id) => document.getElementById(id);
const code = location.pathname.split('/')[2];
const texts = at('texts')?.dataset ?? {};
const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, value), text);
