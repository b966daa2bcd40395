// Puts the page together from the data it carries.

function setUpHeader(data) {
  const run = data.run;
  document.getElementById('run-name').textContent = run.run_id;
  const status = document.getElementById('run-status');
  status.textContent = run.status;
  status.className = `badge ${run.status === 'finished' ? 'good' : run.status === 'failed' ? 'bad' : 'note'}`;
  document.getElementById('run-facts').textContent = [
    `preset ${run.preset}`, `policy ${run.policy}`, `${plural(run.iterations, 'iteration', 'iterations')} planned`,
    `${moment(run.started_at)} to ${moment(run.last_event_at)}`].join(' · ');
  document.getElementById('run-message').textContent = run.message || '';
  document.getElementById('made').textContent =
    `Made ${moment(data.generated_at)} from the tables of run ${run.run_id}, version ${run.code_version}, configuration ${run.config_hash.slice(0, 12)}.`;
}

function setUpHeadlines(data) {
  document.getElementById('headlines').append(...data.headlines.map(each => element('div', {},
    element('dt', {}, each.label),
    element('dd', { class: 'value' }, each.value),
    element('dd', { class: 'note' }, each.note))));
}

function setUpComparison(all) {
  if (all.length < 2) return;
  const sum = (series, value) => series.iterations.reduce((total, each) => total + value(each), 0);
  const last = series => {
    const versions = series.accuracy.map(a => a.policy_version);
    const final = series.accuracy.filter(a => a.policy_version === Math.max(...versions));
    const answers = final.reduce((total, a) => total + a.answers, 0);
    return share(final.reduce((total, a) => total + a.mean_reward * a.answers, 0), answers);
  };
  const rows = all.map(s => [s.run_id, s.preset, percent(last(s)), number(s.iterations.length),
    number(sum(s, i => i.rollout_tokens + i.attempt_tokens)), number(sum(s, i => i.substituted)), number(sum(s, i => i.hard))]);
  document.getElementById('comparison').append(element('h2', {}, 'Runs compared'), element('div', { class: 'panel' },
    table('Runs compared', ['run', 'preset', 'final accuracy', 'iterations', 'sampled tokens', 'substituted', 'hard'], rows, column => column > 1)));
}

function setUpConfiguration(data) {
  const body = document.getElementById('configuration-body');
  if (data.configuration.length === 0) {
    body.append(element('p', { class: 'empty' }, 'The run recorded no configuration.'));
    return;
  }
  const rows = data.configuration.map(each => [each.key, each.value, each.origin]);
  const chosen = rows.filter(row => row[2] !== 'default');
  const columns = ['key', 'value', 'origin'];
  body.append(element('div', { class: 'panel' },
    element('h3', {}, chosen.length === 0 ? 'Every value is the default' : 'Chosen for this run'),
    chosen.length === 0 ? null : table('Values chosen for this run', columns, chosen, () => false),
    element('details', {}, element('summary', {}, `All ${rows.length} keys`), table('All keys of the configuration', columns, rows, () => false))));
}

function setUp() {
  const data = JSON.parse(document.getElementById('report-data').textContent);
  setUpHeader(data);
  setUpHeadlines(data);
  setUpComparison(data.series);
  addLearning(data.series);
  addGuidance(data.series);
  addStability(data.series);
  addCost(data.series);
  setUpGroups(data);
  setUpConfiguration(data);
  setUpTheme();
  document.documentElement.dataset.ready = 'true';
}

setUp();
