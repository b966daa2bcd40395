// An experiment's page: what the figures say is decided elsewhere, here it is drawn.

const STABILITY = {
  reward_mean: ['Reward of sampled rollouts', 'mean reward', 'Should rise; a method whose reward rises while accuracy does not has found a short cut.'],
  surprisal: ['Surprisal of all sampled tokens', 'nats', 'An estimate of the entropy over all groups; a fall to zero is a collapse.'],
  entropy: ['Entropy of trained tokens', 'nats', 'Of tokens with a gradient, sampled under the bare question.'],
  gradient_norm: ['Gradient norm', '2-norm', 'Before clipping; spikes are instability.'],
  kl_old_max: ['KL against the iteration\u2019s start', 'nats', 'The largest of an iteration\u2019s steps; 0 with one step an iteration.'],
  kl_reference: ['KL against the first policy', 'nats', 'Where a reference is computed.'],
  length_mean: ['Length of rollouts', 'tokens', 'A jump up or down is a change of behaviour.'],
  truncation_rate: ['Truncated rollouts', 'share', 'Should stay low.'],
};

/** Always so many digits after the point, so that a column's points stand below each other. */
function fixed(value, digits = 1) {
  if (value === null || value === undefined) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '\u2212');
}

function hundredths(value) {
  return value === null || value === undefined ? '–' : fixed(100 * value);
}

function signed(value) {
  return (value > 0 ? '+' : '') + hundredths(value);
}

/** The mean, and below it the ends of its interval. */
function interval(estimate, format) {
  if (!estimate || estimate.count === 0) return '–';
  return estimate.low === null ? format(estimate.mean)
    : [format(estimate.mean), element('span', { class: 'interval' }, `${format(estimate.low)} to ${format(estimate.high)}`)];
}

function levelName(each) {
  return each.difficulty === null ? `${each.benchmark || each.metric}, all problems` : `${each.benchmark || each.metric}, difficulty ${number(each.difficulty)}`;
}

function body(section) {
  return document.querySelector(`#${section} .body`);
}

function setUpHeader(data) {
  document.getElementById('experiment-name').textContent = data.name;
  const compared = data.runs.filter(run => run.compared_version !== null).length;
  const state = document.getElementById('experiment-state');
  state.textContent = `${compared} of ${data.runs.length} runs compared`;
  state.className = `badge ${compared === data.runs.length ? 'good' : 'note'}`;
  document.getElementById('experiment-facts').textContent = [
    `methods ${data.methods.join(', ')}`, `seeds ${data.seeds.join(', ')}`,
    data.budget_tokens > 0 ? `compared at ${number(data.budget_tokens)} sampled tokens a run` : 'compared at the final policies',
    'intervals are 95 %, Student\u2019s t over seeds'].join(' · ');
  document.getElementById('made').textContent = `Made ${moment(data.generated_at)} from the tables of the runs.`;
}

function minus(contrast) {
  return `${contrast.method} \u2212 ${contrast.against}`;
}

function setUpContrasts(data) {
  const contrasts = [data.primary, ...data.others];
  const rows = contrasts.map((c, i) => [minus(c), interval(c.difference, signed), number(c.p_value), number(c.holm), number(c.difference.count), i === 0 ? 'primary' : 'exploratory']);
  const seeds = contrasts.map(c => [minus(c), ...data.seeds.map(seed => bySeed(c.pairs.find(pair => pair.seed === seed)))]);
  body('contrasts').append(element('div', { class: 'panel whole' },
    element('p', { class: 'lead' }, `Of ${data.primary.metric}, in points of a hundred, with 95 % intervals. The primary contrast was chosen before the runs; Holm\u2019s correction is over all the exploratory ones.`),
    table('Differences', ['difference', 'mean', 'p', 'p after Holm', 'pairs', 'kind'], rows, column => column > 0),
    element('h3', {}, 'Every seed'),
    table('Every seed', ['difference', ...data.seeds.map(seed => `seed ${seed}`)], seeds, column => column > 0)));
}

/** The difference, and below it what it is of. */
function bySeed(pair) {
  return pair === undefined ? '–'
    : [signed(pair.method - pair.against), element('span', { class: 'interval' }, `${hundredths(pair.method)} \u2212 ${hundredths(pair.against)}`)];
}

function setUpTable(data) {
  if (data.levels.length === 0) {
    body('table').append(element('p', { class: 'empty' }, 'No evaluation is recorded yet.'));
    return;
  }
  const rows = data.levels.map(level => [levelName(level), ...level.accuracies.map(a => interval(a.estimate, hundredths)), interval(level.difference, signed)]);
  const seeds = data.levels.map(level => [levelName(level), ...level.accuracies.map(a => a.by_seed.map(hundredths).join(', '))]);
  body('table').append(element('div', { class: 'panel whole' },
    element('p', { class: 'lead' }, 'Accuracy in per cent, the mean over seeds and its 95 % interval.'),
    table('Accuracy by level', ['level', ...data.methods, minus(data.primary)], rows, column => column > 0),
    element('details', {}, element('summary', {}, 'Every seed, in per cent'), table('Every seed', ['level', ...data.methods], seeds, column => column > 0))));
}

function line(curve, x) {
  return {
    label: curve.method,
    points: curve.points.map(point => [x(point), point.estimate.mean]),
    band: curve.points.filter(point => point.estimate.low !== null).map(point => [x(point), point.estimate.low, point.estimate.high]),
  };
}

function setUpLearning(data) {
  const groups = new Map();
  data.learning.forEach(curve => groups.set(levelName(curve), [...(groups.get(levelName(curve)) || []), curve]));
  const common = { y: 'accuracy', range: [0, 1], format: percent, empty: 'No evaluation is recorded yet.' };
  groups.forEach((curves, name) => {
    addChart('learning', {
      ...common, title: name, x: 'policy', caption: 'Mean over seeds; the shade is its 95 % interval.',
      lines: curves.map(curve => line(curve, point => point.x)),
    });
    if (curves[0].difficulty === null) {
      addChart('learning', {
        ...common, title: `${name}, by tokens`, x: 'sampled tokens', caption: 'The same at equal cost: at the tokens the seeds had sampled on average.',
        lines: curves.map(curve => line(curve, point => point.tokens)),
      });
    }
  });
}

function setUpCost(data) {
  const rows = data.costs.map(c => [c.method, ...[c.sampled_tokens, c.trained_tokens, c.optimizer_steps].map(e => interval(e, value => fixed(value, 0))),
    ...[c.seconds, c.cpu_seconds].map(e => interval(e, fixed))]);
  body('cost').append(element('div', { class: 'panel whole' },
    element('p', { class: 'lead' }, 'A run, up to the policy it is compared at; mean over seeds with its interval. Evaluation is apart.'),
    table('Cost', ['method', 'sampled tokens', 'trained tokens', 'optimizer steps', 'seconds', 'CPU seconds'], rows, column => column > 0)));
}

function setUpStability(data) {
  Object.entries(STABILITY).forEach(([metric, [title, unit, caption]]) => {
    const curves = data.stability.filter(curve => curve.metric === metric);
    addChart('stability', { title, x: 'iteration', y: unit, caption, range: [0], empty: 'No method measures it.', lines: curves.map(curve => line(curve, point => point.x)) });
  });
}

function setUpRuns(data) {
  const rows = data.runs.map(run => [run.run_id, run.method, String(run.seed), run.status,
    run.compared_version === null ? 'not yet' : `policy ${run.compared_version}`, number(run.sampled_tokens), hundredths(run.primary_metric)]);
  body('runs').append(element('div', { class: 'panel whole' },
    table('Every run', ['run', 'method', 'seed', 'status', 'compared', 'sampled tokens', `${data.primary.metric}, per cent`], rows, column => column > 4)));
}

function setUp() {
  const data = JSON.parse(document.getElementById('report-data').textContent);
  setUpHeader(data);
  setUpContrasts(data);
  setUpTable(data);
  setUpLearning(data);
  setUpCost(data);
  setUpStability(data);
  setUpRuns(data);
  setUpTheme();
  document.documentElement.dataset.ready = 'true';
}

setUp();
