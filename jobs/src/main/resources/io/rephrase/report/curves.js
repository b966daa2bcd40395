// Which curves the page shows, and what one should see in each.

const NO_EVALUATION = 'No evaluation is recorded yet: this fills with the first evaluated policy.';
const NO_ITERATION = 'No iteration has been decided yet: this fills when the first one is.';
const NO_STEPS = 'No optimizer step is recorded, or this run does not measure it.';

function points(iterations, value) {
  return iterations.map(each => [each.iteration, value(each)]);
}

function share(part, whole) {
  return whole > 0 ? part / whole : null;
}

function runLabel(series, all) {
  return all.length > 1 ? `${series.run_id} (${series.preset})` : '';
}

function addLearning(all) {
  const benchmarks = [...new Set(all.flatMap(s => s.accuracy.map(a => a.benchmark)))];
  if (benchmarks.length === 0) {
    addChart('learning', { title: 'Accuracy by difficulty', caption: 'Accuracy should rise from policy to policy.', x: 'policy', lines: [], empty: NO_EVALUATION });
  }
  benchmarks.forEach(benchmark => {
    addAccuracy(all, benchmark);
    addScores(all, benchmark);
  });
  const own = all[0].iterations;
  const after = own.some(i => i.substituted > 0);
  addChart('learning', {
    title: 'Reward of training groups', x: 'iteration', y: 'mean reward', max: 1, empty: NO_ITERATION,
    caption: 'Both lines should rise; the gap between them is what substituted solutions add, and should shrink as the policy learns.',
    lines: [{ label: 'sampled', points: points(own, i => i.reward_mean) }]
      .concat(after ? [{ label: 'after substitution', points: points(own, i => i.reward_mean_after) }] : [])
      .concat(all.slice(1).map((s, n) => ({ label: `sampled, ${runLabel(s, all)}`, points: points(s.iterations, i => i.reward_mean), dash: n + 1, colour: n + 2 }))),
  });
}

function levels(all, benchmark) {
  const found = all.flatMap(s => s.accuracy.filter(a => a.benchmark === benchmark).map(a => a.difficulty));
  return [...new Set(found)].sort((a, b) => (a ?? -1) - (b ?? -1));
}

function accuracyLine(series, benchmark, keep) {
  const sums = new Map();
  series.accuracy.filter(a => a.benchmark === benchmark && keep(a)).forEach(a => {
    const sum = sums.get(a.policy_version) || [0, 0];
    sums.set(a.policy_version, [sum[0] + a.mean_reward * a.answers, sum[1] + a.answers]);
  });
  return [...sums].sort((a, b) => a[0] - b[0]).map(([version, [right, answers]]) => [version, right / answers]);
}

function addAccuracy(all, benchmark) {
  const common = { x: 'policy', y: 'accuracy', max: 1, format: percent, empty: NO_EVALUATION };
  const found = levels(all, benchmark);
  const named = level => (level === null ? 'all' : `difficulty ${number(level)}`);
  if (all.length === 1) {
    addChart('learning', {
      ...common, title: `Accuracy by difficulty: ${benchmark}`,
      caption: 'Each line should rise from policy to policy: hard levels from near zero, easy ones without falling.',
      lines: found.map(level => ({ label: named(level), points: accuracyLine(all[0], benchmark, a => a.difficulty === level) })),
    });
    return;
  }
  addChart('learning', {
    ...common, title: `Accuracy, all levels: ${benchmark}`,
    caption: 'The better method reaches a higher accuracy over all problems of the benchmark at the same policy.',
    lines: all.map((s, n) => ({ label: runLabel(s, all), points: accuracyLine(s, benchmark, () => true), dash: n })),
  });
  if (found.length < 2) return;
  found.forEach(level => addChart('learning', {
    ...common, title: `Accuracy, ${named(level)}: ${benchmark}`,
    caption: 'The same comparison at one level: a method that opens hard problems stands apart on the highest levels.',
    lines: all.map((s, n) => ({ label: runLabel(s, all), points: accuracyLine(s, benchmark, a => a.difficulty === level), dash: n })),
  }));
}

/** Scores of a benchmark's problems together, policy by policy, and of the newest policy part by part. */
function addScores(all, benchmark) {
  const scores = all.map(s => s.scores.filter(score => score.benchmark === benchmark));
  const metrics = [...new Set(scores.flat().map(score => score.metric))];
  if (metrics.length === 0) return;
  const line = (own, metric) => own.filter(score => score.slice === 'all' && score.metric === metric);
  addChart('learning', {
    title: `Scores, all problems: ${benchmark}`, x: 'policy', y: 'score', max: 1, format: percent, empty: NO_EVALUATION,
    caption: 'With 95 % intervals over problems: policies whose bands overlap widely have not been told apart. pass@k is one right answer among k, maj@k the most frequent one.',
    lines: all.flatMap((s, n) => metrics.map((metric, m) => ({
      label: [metric, runLabel(s, all)].filter(Boolean).join(', '), dash: n, colour: n * metrics.length + m,
      points: line(scores[n], metric).map(score => [score.policy_version, score.value]),
      band: line(scores[n], metric).map(score => [score.policy_version, score.low, score.high]),
    }))),
  });
  addParts(scores[0], benchmark, metrics);
}

function addParts(scores, benchmark, metrics) {
  const newest = Math.max(...scores.map(score => score.policy_version));
  const last = scores.filter(score => score.policy_version === newest);
  const slices = [...new Set(last.map(score => score.slice))];
  if (slices.length < 2) return;
  const words = score => (score ? `${percent(score.value)} (${percent(score.low)} to ${percent(score.high)})` : '–');
  const row = slice => {
    const own = last.filter(score => score.slice === slice);
    return [slice, number(Math.max(...own.map(score => score.problems))), ...metrics.map(metric => words(own.find(score => score.metric === metric)))];
  };
  const title = `Policy ${newest}, part by part: ${benchmark}`;
  document.querySelector('#learning .charts').append(element('figure', {}, element('h3', {}, title),
    element('figcaption', {}, 'By difficulty and subject, with 95 % intervals over problems: few problems, wide intervals.'),
    table(title, ['part', 'problems', ...metrics], slices.map(row), column => column > 0)));
}

function addGuidance(all) {
  const own = all[0].iterations;
  const rate = { x: 'iteration', y: 'share', max: 1, format: percent, empty: NO_ITERATION };
  addChart('guidance', {
    ...rate, title: 'Use of hard groups', bars: true, stacked: true,
    caption: 'Share of hard groups that teach something: without guidance only those with a lucky rollout do; substitution should fill the rest.',
    lines: [
      { label: 'by substitution', points: points(own, i => share(i.by_substitution, i.hard)) },
      { label: 'by luck', points: points(own, i => share(i.by_luck, i.hard)) },
    ],
  });
  addChart('guidance', {
    ...rate, title: 'Hard and substituted groups',
    caption: 'As the policy learns, fewer groups are hard and fewer need a substitute; both lines should fall.',
    lines: [
      { label: 'hard', points: points(own, i => share(i.hard, i.groups)) },
      { label: 'substituted', points: points(own, i => share(i.substituted, i.groups)) },
      { label: 'no variance', points: points(own, i => share(i.zero_variance, i.groups)) },
    ],
  });
  addChart('guidance', {
    ...rate, title: 'Accepted rephrasings',
    caption: 'Share of attempts that could be used; a fall means that the policy forgets how to rephrase.',
    empty: 'This run made no rephrasings: its method does not use them, or no group has needed one yet.',
    lines: [{ label: 'accepted', points: points(own, i => share(i.accepted, i.attempts)) }],
  });
  const reasons = [...new Set(own.flatMap(i => Object.keys(i.rejections)))].sort();
  addChart('guidance', {
    title: 'Why rephrasings were rejected', x: 'iteration', y: 'attempts', bars: true, stacked: true,
    caption: 'Attempts that could not be used, by reason; one reason that grows names what to look at in the groups below.',
    empty: 'No rephrasing was rejected.',
    lines: reasons.map(reason => ({ label: reason, points: points(own, i => i.rejections[reason] || 0) })),
  });
}

/** Lines of the numeric columns of training_steps whose names are kept. */
function stepLines(all, keep) {
  return all.flatMap((s, n) => Object.keys(s.step_metrics).sort()
    .filter(name => name !== 'step' && keep(name))
    .map((name, i) => ({
      label: [name.replaceAll('_', ' '), runLabel(s, all)].filter(Boolean).join(', '),
      points: s.step_metrics[name].map((value, i) => [s.step_metrics.step ? s.step_metrics.step[i] : i, value]), dash: n, colour: i + 2 * n,
    })));
}

function addStability(all) {
  const step = { x: 'optimizer step', empty: NO_STEPS };
  addChart('stability', { ...step, title: 'Entropy', y: 'nats a token', lines: stepLines(all, name => /entropy/.test(name) && !/coefficient/.test(name)),
    caption: 'Should fall slowly; a collapse to zero means that the policy says only one thing, a rise that it loses its language.' });
  addChart('stability', { ...step, title: 'Gradient norm', lines: stepLines(all, name => /grad(ient)?_norm/.test(name)),
    caption: 'Before clipping; single peaks are clipped, a lasting rise is a warning.' });
  addChart('stability', { ...step, title: 'Distance from the sampling policy', y: 'nats a token', lines: stepLines(all, name => /(^|_)kl(_|$)/.test(name) && !/coefficient/.test(name)),
    caption: 'Approximate KL divergence within a step; near zero with one optimizer step an iteration.' });
  addChart('stability', { ...step, title: 'Clipped tokens', format: percent, lines: stepLines(all, name => /clip.*fraction|fraction.*clip/.test(name)),
    caption: 'Share of tokens whose ratio was clipped; a high share means steps too large for the data they were sampled from.' });
  addChart('stability', { ...step, title: 'Perplexity of o_rep', lines: stepLines(all, name => /perplexity/.test(name)),
    caption: 'How surprising substituted solutions are after the bare question and after P(q,k); close lines mean that the policy could have said them itself.' });
  addChart('stability', { ...step, title: 'Weight of o_rep', lines: stepLines(all, name => /effective_sample|log_ratio/.test(name)),
    caption: 'Effective sample size (1 is all tokens alike) and mean log ratio between the bare question and P(q,k); near 1 and near 0 no correction is needed.' });
  addExplorer(all);
}

function addExplorer(all) {
  const names = Object.keys(all[0].step_metrics).filter(name => name !== 'step').sort();
  if (names.length === 0) return;
  const select = element('select', { 'aria-label': 'Metric' }, names.map(name => element('option', { value: name }, name)));
  const before = drawn.length;
  const show = () => {
    const chart = drawn[before];
    chart.lines = measured(stepLines(all, name => name === select.value));
    chart.spec.title = chart.lines.length === 0 ? `${select.value}: not measured in this run` : select.value;
    chart.canvas.setAttribute('aria-label', inWords(chart.spec, chart.lines));
    chart.canvas.closest('figure').querySelector('details').replaceWith(numbers(chart.spec, chart.lines));
    draw(chart);
  };
  const first = names.find(name => all[0].step_metrics[name].some(value => value !== null));
  if (first === undefined) return;
  addChart('stability', { x: 'optimizer step', title: 'Any metric of a step', empty: NO_STEPS, lines: stepLines(all, name => name === first),
    caption: 'Every number recorded with an optimizer step.' });
  select.value = first;
  select.addEventListener('change', show);
  drawn[before].canvas.closest('figure').querySelector('figcaption').after(select);
}

function addCost(all) {
  const own = all[0].iterations;
  addChart('cost', {
    title: 'Length of rollouts', x: 'iteration', y: 'tokens a rollout', empty: NO_ITERATION,
    caption: 'Mean tokens of a sampled answer; growth without reward is padding.',
    lines: all.map((s, n) => ({ label: runLabel(s, all) || 'mean length', points: points(s.iterations, i => share(i.rollout_tokens, i.rollouts)), dash: n })),
  });
  addChart('cost', {
    title: 'Truncated rollouts', x: 'iteration', y: 'share', format: percent, empty: NO_ITERATION,
    caption: 'Answers that did not end by themselves; should be near zero, else raise rollout.maxTokens or look at their texts.',
    lines: all.map((s, n) => ({ label: runLabel(s, all) || 'truncated', points: points(s.iterations, i => share(i.truncated, i.rollouts)), dash: n })),
  });
  addChart('cost', {
    title: 'Sampled tokens', x: 'iteration', y: 'tokens', bars: true, stacked: true, empty: NO_ITERATION,
    caption: 'What generation costs: the part of rephrasings is the price of guidance.',
    lines: [
      { label: 'rollouts', points: points(own, i => i.rollout_tokens) },
      { label: 'rephrasings', points: points(own, i => i.attempt_tokens) },
    ],
  });
  const order = ['rollout', 'rephrase', 'guidance', 'train', 'evaluate'];
  const recorded = new Set(own.flatMap(i => Object.keys(i.stage_seconds)));
  const stages = [...order.filter(stage => recorded.has(stage)), ...[...recorded].filter(stage => !order.includes(stage)).sort()];
  addChart('cost', {
    title: 'Seconds by stage', x: 'iteration', y: 'seconds', bars: true, stacked: true,
    caption: 'Where an iteration spends its time, from the plan of a stage to the next event of the run.',
    empty: 'No stage of this run has been timed.',
    lines: stages.map(stage => ({ label: stage, points: points(own, i => i.stage_seconds[stage] ?? 0) })),
  });
}
