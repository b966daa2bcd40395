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

function signed(value) {
  if (value === null || value === undefined) return '–';
  return (value > 0 ? '+' : '') + number(100 * value, 1);
}

function interval(estimate, format) {
  if (!estimate || estimate.count === 0) return '–';
  const middle = format(estimate.mean);
  return estimate.low === null ? middle : `${middle} (${format(estimate.low)} to ${format(estimate.high)})`;
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

function setUpContrasts(data) {
  const row = (kind, c) => [kind, `${c.method} \u2212 ${c.against}`, c.metric, interval(c.difference, signed), number(c.p_value), number(c.holm), number(c.difference.count)];
  const rows = [row('primary', data.primary), ...data.others.map(c => row('exploratory', c))];
  const pairs = [data.primary, ...data.others].flatMap(c => c.pairs.map(p =>
    [`${c.method} \u2212 ${c.against}`, String(p.seed), percent(p.method), percent(p.against), signed(p.method - p.against)]));
  body('contrasts').append(element('div', { class: 'panel' },
    element('p', { class: 'lead' }, 'Differences in points of a hundred. The first was chosen before the runs; the others are exploratory, with Holm\u2019s correction.'),
    table('Differences', ['kind', 'difference', 'of', 'mean (95 % interval)', 'p', 'p after Holm', 'pairs'], rows, column => column > 2),
    element('h3', {}, 'Every seed'),
    pairs.length === 0 ? element('p', { class: 'empty' }, 'No seed has both runs of a pair yet.')
      : table('Every seed', ['difference', 'seed', 'first', 'second', 'difference'], pairs, column => column > 0)));
}

function setUpTable(data) {
  if (data.levels.length === 0) {
    body('table').append(element('p', { class: 'empty' }, 'No evaluation is recorded yet.'));
    return;
  }
  const heads = ['level', ...data.methods, `${data.primary.method} \u2212 ${data.primary.against}`];
  const rows = data.levels.map(level => [levelName(level), ...level.accuracies.map(a => interval(a.estimate, percent)), interval(level.difference, signed)]);
  const seeds = data.levels.map(level => [levelName(level), ...level.accuracies.map(a => a.by_seed.map(value => number(100 * value, 1)).join(', '))]);
  body('table').append(element('div', { class: 'panel' },
    table('Accuracy by level', heads, rows, column => column > 0),
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
  const common = { y: 'accuracy', max: 1, format: percent, empty: 'No evaluation is recorded yet.' };
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
  const rows = data.costs.map(c => [c.method, ...[c.sampled_tokens, c.trained_tokens, c.optimizer_steps, c.seconds, c.cpu_seconds].map(e => interval(e, number))]);
  body('cost').append(element('div', { class: 'panel' },
    element('p', { class: 'lead' }, 'A run, up to the policy it is compared at; mean over seeds with its interval. Evaluation is apart.'),
    table('Cost', ['method', 'sampled tokens', 'trained tokens', 'optimizer steps', 'seconds', 'CPU seconds'], rows, column => column > 0)));
}

function setUpStability(data) {
  Object.entries(STABILITY).forEach(([metric, [title, unit, caption]]) => {
    const curves = data.stability.filter(curve => curve.metric === metric);
    addChart('stability', { title, x: 'iteration', y: unit, caption, empty: 'No method measures it.', lines: curves.map(curve => line(curve, point => point.x)) });
  });
}

function setUpRuns(data) {
  const rows = data.runs.map(run => [run.run_id, run.method, String(run.seed), run.status,
    run.compared_version === null ? 'not yet' : `policy ${run.compared_version}`, number(run.sampled_tokens), percent(run.primary_metric)]);
  body('runs').append(element('div', { class: 'panel' },
    table('Every run', ['run', 'method', 'seed', 'status', 'compared', 'sampled tokens', data.primary.metric], rows, column => column > 4)));
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
