'use strict';

// Everything that reaches the page goes through text nodes: what a model wrote is never markup.

/** An element with attributes and children; strings become text nodes, null is left out. */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') node.className = value;
    else if (name === 'onclick') node.addEventListener('click', value);
    else if (value !== null && value !== false) node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

function badge(text, kind = '') {
  return element('span', { class: `badge ${kind}` }, text);
}

/** Short number: at most `digits` after the point, thousands apart. */
function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < Math.pow(10, -digits)) return value.toExponential(2);
  return value.toLocaleString('en-US', { maximumFractionDigits: size >= 1000 ? 0 : digits });
}

function percent(value) {
  return value === null || value === undefined ? '–' : `${number(100 * value, 1)} %`;
}

function moment(instant) {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** A table of texts; columns named in `numeric` stand to the right. */
function table(caption, heads, rows, numeric = () => true) {
  const cell = (tag, text, column, more = {}) =>
    element(tag, numeric(column) ? { class: 'number', ...more } : more, text);
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element('table', {},
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', {}, element('tr', {}, heads.map((head, i) => cell('th', head, i, { scope: 'col' })))),
      element('tbody', {}, rows.map(row => element('tr', {}, row.map((text, i) => cell('td', text, i)))))));
}
