// One chart: a figure with its title, what one should see, the drawing and the same numbers as a table.

// Okabe and Ito's palette, told apart by every kind of colour vision; lines differ in marks too.
const PALETTE = {
  light: ['#0072b2', '#d55e00', '#008060', '#b0578d', '#b07800', '#3a9bd9', '#4d4d4d', '#7a4fbf'],
  dark: ['#5ab4f0', '#ff9a56', '#3fd0a4', '#e59ac6', '#f2c14e', '#a9dcff', '#c9ced6', '#bfa3f5'],
};
const MARKS = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot', 'cross', 'dash'];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

const drawn = [];

function darkTheme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/**
 * Adds a chart to a section.
 * spec: { title, caption, x, y, bars, stacked, max, range, empty, format, lines: [{ label, points: [[x, y]], band, colour, dash }] }
 * The y axis reaches to max at least; range, [low, high], holds it, and what is beyond is cut.
 * A line's band, [[x, low, high]], is shaded behind it and stands in the table.
 */
function addChart(section, spec) {
  const lines = measured(spec.lines);
  const figure = element('figure', {}, element('h3', {}, spec.title), element('figcaption', {}, spec.caption));
  document.querySelector(`#${section} .charts`).append(figure);
  if (lines.length === 0) {
    figure.append(element('p', { class: 'empty' }, spec.empty));
    return;
  }
  const canvas = element('canvas', { role: 'img', 'aria-label': inWords(spec, lines) });
  figure.append(element('div', { class: 'canvas' }, canvas), numbers(spec, lines));
  const chart = { canvas, spec, lines, instance: null };
  drawn.push(chart);
  draw(chart);
}

function measured(lines) {
  return lines.filter(line => line.points.some(point => point[1] !== null));
}

function inWords(spec, lines) {
  if (lines.length === 0) return `Chart: ${spec.title}. Not measured in this run.`;
  const format = spec.format || number;
  const ends = lines.map(line => {
    const known = line.points.filter(point => point[1] !== null);
    return `${line.label}: ${format(known[0][1])} first, ${format(known[known.length - 1][1])} last`;
  });
  return `Chart: ${spec.title}. ${ends.join('; ')}. The numbers follow as a table.`;
}

function numbers(spec, lines) {
  const details = element('details', {}, element('summary', {}, 'The numbers as a table'));
  details.addEventListener('toggle', () => {
    if (details.childElementCount > 1) return;
    const format = spec.format || number;
    const maps = lines.map(line => new Map(line.points));
    const bands = lines.map(line => new Map((line.band || []).map(([x, low, high]) => [x, ` (${format(low)} to ${format(high)})`])));
    const rows = allX(lines).map(x => [number(x), ...maps.map((map, i) => format(map.get(x)) + (bands[i].get(x) || ''))]);
    details.append(table(spec.title, [spec.x, ...lines.map(line => line.label)], rows));
  });
  return details;
}

function allX(lines) {
  return [...new Set(lines.flatMap(line => line.points.map(point => point[0])))].sort((a, b) => a - b);
}

function draw(chart) {
  if (chart.instance) chart.instance.destroy();
  chart.instance = new Chart(chart.canvas, {
    type: chart.spec.bars ? 'bar' : 'line',
    data: { labels: chart.spec.bars ? allX(chart.lines) : undefined, datasets: [...chart.lines.map((line, i) => dataset(chart, line, i)), ...chart.lines.flatMap((line, i) => band(chart, line, i))] },
    options: options(chart.spec),
  });
}

function dataset(chart, line, index) {
  const palette = PALETTE[darkTheme() ? 'dark' : 'light'];
  const slot = line.colour === undefined ? index : line.colour;
  const colour = palette[slot % palette.length];
  const points = line.points.map(([x, y]) => ({ x, y }));
  if (chart.spec.bars) {
    const maps = new Map(line.points);
    return { label: line.label, data: allX(chart.lines).map(x => maps.get(x) ?? null), backgroundColor: colour, borderWidth: 0 };
  }
  return {
    label: line.label, data: points, borderColor: colour, backgroundColor: colour, borderWidth: 2,
    borderDash: DASHES[(line.dash || 0) % DASHES.length], pointStyle: MARKS[slot % MARKS.length],
    pointRadius: points.length > 60 ? 0 : 3.5, pointHoverRadius: 6, spanGaps: true, tension: 0,
  };
}

/** Two invisible lines, the upper one filled down to the lower; without labels, which keeps them out of the legend. */
function band(chart, line, index) {
  if (!line.band || line.band.length === 0) return [];
  const palette = PALETTE[darkTheme() ? 'dark' : 'light'];
  const shade = palette[(line.colour === undefined ? index : line.colour) % palette.length] + '26';
  const edge = { label: '', borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, tension: 0, backgroundColor: shade };
  return [
    { ...edge, data: line.band.map(([x, low]) => ({ x, y: low })), fill: false },
    { ...edge, data: line.band.map(([x, , high]) => ({ x, y: high })), fill: '-1' },
  ];
}

function options(spec) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--soft').trim();
  const grid = style.getPropertyValue('--line').trim();
  const format = spec.format || number;
  const ticks = { color: ink };
  return {
    animation: false, responsive: true, maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    scales: {
      x: {
        type: spec.bars ? 'category' : 'linear', stacked: spec.stacked, grid: { display: false },
        title: { display: true, text: spec.x, color: ink },
        ticks: { ...ticks, maxRotation: 0, autoSkip: true, ...(spec.bars ? {} : { precision: 0 }) },
      },
      y: {
        stacked: spec.stacked, beginAtZero: true, suggestedMax: spec.max, min: (spec.range || [])[0], max: (spec.range || [])[1], grid: { color: grid },
        title: { display: Boolean(spec.y), text: spec.y, color: ink },
        ticks: { ...ticks, callback: value => format(value) },
      },
    },
    plugins: {
      legend: { display: true, position: 'bottom', labels: { filter: item => item.text !== '', color: ink, usePointStyle: !spec.bars, boxWidth: 12, boxHeight: 8, padding: 10 } },
      tooltip: { filter: item => item.dataset.label !== '', callbacks: { title: items => `${spec.x} ${items[0].label}`, label: item => ` ${item.dataset.label}: ${format(item.parsed.y)}` } },
    },
  };
}

function redrawAll() {
  drawn.forEach(draw);
}

/** The button that chooses the theme; charts are drawn anew in its colours. */
function setUpTheme() {
  const button = document.getElementById('theme');
  const names = ['auto', 'light', 'dark'];
  let chosen = 0;
  const apply = () => {
    if (chosen === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = names[chosen];
    button.textContent = `Theme: ${names[chosen]}`;
    redrawAll();
  };
  button.addEventListener('click', () => { chosen = (chosen + 1) % names.length; apply(); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
}
