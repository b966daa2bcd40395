// The browser of groups: a list to filter, and one group in full.

const LIST_LIMIT = 200;

function setUpGroups(data) {
  const state = { data, found: data.groups, chosen: null };
  const selection = data.selection;
  document.getElementById('selection').textContent = selection.total === 0
    ? 'No group has been recorded yet.'
    : `${number(selection.shown)} of ${plural(selection.total, 'group', 'groups')} (${number(selection.substituted)} substituted) are on this page: ${selection.rule}`;
  addFilters(state);
  filter(state);
}

function addFilters(state) {
  const groups = state.data.groups;
  const distinct = value => [...new Set(groups.map(value))].sort((a, b) => (a > b ? 1 : -1));
  const choice = (name, label, options) => element('label', {}, label,
    element('select', { name }, element('option', { value: '' }, 'all'), options.map(([value, text]) => element('option', { value }, text))));
  const form = document.getElementById('filters');
  form.append(
    element('label', { class: 'wide' }, 'Search in questions and answers', element('input', { name: 'search', type: 'search', autocomplete: 'off' })),
    choice('iteration', 'Iteration', distinct(g => g.iteration).map(i => [i, `${i}`])),
    choice('level', 'Data set, difficulty', distinct(levelOf).map(level => [level, level])),
    choice('hard', 'Hard', [['yes', 'hard'], ['no', 'not hard']]),
    choice('substituted', 'Substituted', [['yes', 'substituted'], ['no', 'not substituted'], ['rejected', 'hard, none accepted']]));
  form.addEventListener('input', () => filter(state));
  form.addEventListener('submit', event => event.preventDefault());
}

function levelOf(group) {
  return group.difficulty === null ? group.dataset : `${group.dataset}, ${number(group.difficulty)}`;
}

function substituted(group) {
  return group.decision !== null && group.decision.substituted_index !== null;
}

function matches(group, wanted) {
  const hard = group.decision !== null && group.decision.hard;
  if (wanted.iteration !== '' && String(group.iteration) !== wanted.iteration) return false;
  if (wanted.level !== '' && levelOf(group) !== wanted.level) return false;
  if (wanted.hard !== '' && hard !== (wanted.hard === 'yes')) return false;
  if (wanted.substituted === 'yes' && !substituted(group)) return false;
  if (wanted.substituted === 'no' && substituted(group)) return false;
  if (wanted.substituted === 'rejected' && !(hard && !substituted(group))) return false;
  const search = wanted.search.trim().toLowerCase();
  if (search === '') return true;
  const texts = [group.question, group.gold, group.prompt_id, group.knowledge || '',
    ...group.rollouts.map(r => r.text), ...group.attempts.map(a => a.raw_text)];
  return texts.some(text => text.toLowerCase().includes(search));
}

function filter(state) {
  const wanted = Object.fromEntries(new FormData(document.getElementById('filters')));
  state.found = state.data.groups.filter(group => matches(group, wanted));
  const cut = state.found.length > LIST_LIMIT ? `; the first ${LIST_LIMIT} are listed` : '';
  document.getElementById('found').textContent = `${plural(state.found.length, 'group', 'groups')} found${cut}`;
  const list = document.getElementById('group-list');
  list.replaceChildren(...state.found.slice(0, LIST_LIMIT).map(group => listed(state, group)));
  if (state.found.length > 0) choose(state, state.found[0]);
  else document.getElementById('group-detail').replaceChildren(element('p', { class: 'empty' },
    state.data.groups.length === 0 ? 'Groups appear here after the first rollouts.' : 'No group on this page matches; widen the filter.'));
}

function listed(state, group) {
  const right = group.rollouts.filter(r => r.reward !== null && r.reward >= state.data.delta).length;
  const button = element('button', { type: 'button', onclick: () => { choose(state, group); document.getElementById('group-detail').focus({ preventScroll: innerWidth >= 960 }); } },
    element('span', { class: 'snippet' }, group.question.slice(0, 120)),
    element('span', { class: 'badges' },
      badge(`iteration ${group.iteration}`), badge(levelOf(group)),
      badge(`${right}/${group.rollouts.length} right`, right > 0 ? 'good' : 'bad'),
      group.decision && group.decision.hard ? badge('hard', 'note') : null,
      substituted(group) ? badge('substituted', 'good') : null));
  button.group = group;
  return element('li', {}, button);
}

function choose(state, group) {
  state.chosen = group;
  document.querySelectorAll('#group-list button').forEach(button => button.setAttribute('aria-current', String(button.group === group)));
  document.getElementById('group-detail').replaceChildren(...detail(state.data, group));
}

function text(content) {
  return element('div', { class: 'text', tabindex: '0' }, content === '' ? '(empty)' : content);
}

function detail(data, group) {
  return [
    element('h3', {}, `${group.dataset} / ${group.prompt_id}`),
    element('div', { class: 'badges' }, badge(`iteration ${group.iteration}`), badge(levelOf(group)),
      group.round > 0 ? badge(`round ${group.round}`) : null, badge(`verifier ${group.verifier}`)),
    element('div', { class: 'two' },
      element('div', {}, element('h3', {}, 'Question q'), text(group.question), element('h3', {}, 'Gold answer'), text(group.gold)),
      element('div', {}, element('h3', {}, `Expert's solution k${group.knowledge_source ? ` (${group.knowledge_source})` : ''}`),
        group.knowledge === null ? element('p', { class: 'empty' }, 'This prompt has no expert solution.') : text(group.knowledge))),
    ...gate(data, group),
    element('h3', {}, `The ${group.rollouts.length} rollouts`),
    element('div', { class: 'answers' }, group.rollouts.map(rollout => rolloutCard(data, group, rollout))),
    element('h3', {}, 'Rephrasings o_rep'),
    ...(group.attempts.length === 0 ? [element('p', { class: 'empty' }, whyNoAttempt(group))]
      : [element('div', { class: 'answers' }, group.attempts.map(attempt => attemptCard(group, attempt)))]),
  ];
}

function whyNoAttempt(group) {
  if (group.knowledge === null) return 'None: there is no solution to rephrase.';
  if (group.decision !== null && !group.decision.hard) return 'None: the group is not hard.';
  return 'None recorded for this group.';
}

/** The gate's arithmetic, spelled out from the stored rewards. */
function gate(data, group) {
  const d = group.decision;
  const title = element('h3', {}, 'The gate');
  if (d === null) return [title, element('p', { class: 'empty' }, 'No decision: dynamic sampling dropped this group because its rewards are all equal, or it has not been decided yet.')];
  const failed = d.rewards.filter(reward => reward !== null && reward < data.delta).length;
  const formula = d.failure_rate === null
    ? 'γ is not defined: no rollout has a reward'
    : `γ = ${failed}/${d.rewarded_rollouts} = ${number(d.failure_rate, 4)} ${d.hard ? '≥' : '<'} ρ = ${number(data.rho, 4)} → ${d.hard ? 'hard' : 'not hard'}`;
  const steps = [`${failed} of ${d.rewarded_rollouts} rewarded rollouts failed (reward below δ = ${number(data.delta, 4)}); ${d.verdicts_used} verdicts were used.`];
  const who = d.source === 'teacher' ? 'The expert’s solution' : `The accepted rephrasing of attempt ${number(d.attempt_index)}`;
  if (d.reason === 'imitated') {
    steps.push(`${who} alone is trained on, whatever the rollouts were worth.`);
  } else if (d.reason === 'teacher-slot') {
    steps.push(`${who} stands in slot ${d.substituted_index} of every group with reward ${number(d.rewards_after[d.substituted_index])}; nothing is sampled there.`);
  } else if (d.reason === 'teacher-beside') {
    steps.push('Nothing was substituted; the expert’s solution is trained on beside the group.');
  } else if (d.substituted_index !== null) {
    steps.push(`${who} took the place of rollout ${d.substituted_index} (reward ${number(d.rewards[d.substituted_index])}), the lowest; the group then holds reward ${number(d.rewards_after[d.substituted_index])} there.`);
  } else {
    steps.push('Nothing was substituted.');
  }
  steps.push(`Recorded reason: ${d.reason}.`);
  if (d.skipped) steps.push(d.reason === 'too-few-rewards' ? 'Fewer than two members have a reward: the group was left out.' : 'There was nothing to train on: the group was left out.');
  else if (d.zero_variance) steps.push('All final rewards are equal: every advantage is zero and the group teaches nothing.');
  const rows = d.rewards.map((reward, i) => [
    i === d.substituted_index ? `${i} → ${d.source === 'teacher' ? 'k' : 'o_rep'}` : String(i),
    number(reward), number(d.rewards_after[i]), number(d.advantages[i], 4)]);
  return [title, element('div', { class: 'formula' }, formula),
    element('ul', { class: 'steps' }, steps.map(step => element('li', {}, step))),
    table('Rewards and advantages by member', ['member', 'reward sampled', 'reward after', 'advantage'], rows, column => column > 0)];
}

function verdict(answer) {
  const good = answer.reward !== null && answer.reward > 0;
  return element('div', { class: 'badges' },
    badge(`reward ${number(answer.reward)}`, answer.reward === null ? '' : good ? 'good' : 'bad'),
    answer.status === null ? null : badge(answer.status),
    badge(`ended: ${answer.finish_reason}`, answer.finish_reason === 'eos' ? '' : 'note'),
    badge(plural(answer.tokens, 'token', 'tokens')),
    answer.rule === null ? null : badge(`rule ${answer.rule}`),
    badge(answer.extracted === null ? 'no answer found' : `answer ${answer.extracted}`));
}

function rolloutCard(data, group, rollout) {
  const replaced = group.decision !== null && group.decision.substituted_index === rollout.index;
  const advantage = group.decision === null ? null : group.decision.advantages[rollout.index];
  return element('div', { class: replaced ? 'answer replaced' : 'answer' },
    element('strong', {}, `Rollout ${rollout.index}`),
    replaced ? element('div', { class: 'badges' }, badge('replaced, not trained on', 'bad')) : null,
    verdict(rollout),
    replaced || advantage === null || advantage === undefined ? null : element('div', { class: 'badges' }, badge(`advantage ${number(advantage, 4)}`)),
    rollout.error === null ? null : element('p', { class: 'empty' }, `Engine: ${rollout.error}`),
    text(rollout.text));
}

/** The sampled text with what was stripped struck through. */
function stripped(attempt) {
  const raw = attempt.raw_text;
  const kept = attempt.answer.text;
  const start = kept === '' ? -1 : raw.indexOf(kept);
  if (start < 0) return [element('strong', {}, 'As sampled'), text(raw), element('strong', {}, 'Stripped'), text(kept)];
  const head = raw.slice(0, start);
  const tail = raw.slice(start + kept.length);
  const cut = head === '' && tail === '' ? 'Nothing was stripped.' : 'Struck through: meta tokens that were stripped.';
  return [element('p', { class: 'found' }, cut), element('div', { class: 'text', tabindex: '0' },
    head === '' ? null : element('del', { class: 'cut' }, head), kept, tail === '' ? null : element('del', { class: 'cut' }, tail))];
}

function attemptCard(group, attempt) {
  const d = group.decision;
  const used = d !== null && d.source === 'rephrased' && d.attempt_index === attempt.answer.index;
  const facts = [
    attempt.copy_share === null ? null : `copied 8-grams ${percent(attempt.copy_share)}`,
    attempt.longest_common_run === null ? null : `longest common run ${plural(attempt.longest_common_run, 'word', 'words')}`,
    attempt.reasoning_share === null ? null : `intermediate numbers ${percent(attempt.reasoning_share)}`].filter(Boolean);
  return element('div', { class: used ? 'answer substitute' : 'answer' },
    element('strong', {}, `Attempt ${attempt.answer.index}`),
    element('div', { class: 'badges' },
      attempt.accepted ? badge('accepted', 'good') : badge(`rejected: ${attempt.reject_reason}`, 'bad'),
      used ? badge(`replaces rollout ${d.substituted_index}`, 'good') : null,
      used ? badge(`advantage ${number(d.advantages[d.substituted_index], 4)}`) : null),
    verdict(attempt.answer),
    facts.length === 0 ? null : element('p', { class: 'found' }, facts.join(' · ')),
    attempt.answer.error === null ? null : element('p', { class: 'empty' }, `Engine: ${attempt.answer.error}`),
    ...stripped(attempt));
}
