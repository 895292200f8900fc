// The choices at which the contract costs a target premium, as `kollektiv target` finds them: all free ranges move together from
// their low ends to their high ends, each by the same share of its own steps. The path consists of single steps of 0.0001, ordered by the
// share that each completes; the premium never falls along it.

/** The steps of every range after a range has made its step number `step`, which is at least 1. */
const stepsAt = (lengths, range, step) =>
  lengths.map((length, other) => {
    if (other === range) return step;
    // equal shares: the range that stands first moves first
    const share = (step * length) / lengths[range];
    return Math.max(0, other < range ? Math.floor(share) : Math.ceil(share) - 1);
  });

/** Finds the smallest whole number from `from` to `to` that passes a test which every greater number passes too; `to` if no other does. */
const firstThat = (from, to, test) => {
  while (from < to) {
    const between = Math.floor((from + to) / 2);
    if (test(between)) to = between;
    else from = between + 1;
  }
  return from;
};

/**
 * The steps of each free range at which the premium is nearest to the target, of two equally near the lower ones; with the lowest and the
 * highest premium, and no steps where the target is outside of them.
 */
const solveTarget = (lengths, premiumAt, target) => {
  const none = lengths.map(() => 0);
  const [lowest, highest] = [premiumAt(none), premiumAt(lengths)];
  if (target < lowest || target > highest) return { lowest, highest, steps: null };
  if (target === lowest) return { lowest, highest, steps: none };
  // between two steps of the longest range no other range makes more than one
  const longest = lengths.indexOf(Math.max(...lengths));
  const reaches = (steps) => premiumAt(steps) >= target;
  const step = firstThat(1, lengths[longest] + 1, (tried) => reaches(stepsAt(lengths, longest, tried)));
  const begin = step === 1 ? none : stepsAt(lengths, longest, step - 1);
  const end = step > lengths[longest] ? lengths : stepsAt(lengths, longest, step);
  // the single steps between, in the order of the path
  const moves = lengths.map((_, range) => range).filter((range) => begin[range] < end[range]);
  moves.sort((one, other) => end[one] * lengths[other] - end[other] * lengths[one] || one - other);
  const after = (count) => begin.map((at, range) => at + (moves.slice(0, count).includes(range) ? 1 : 0));
  const count = firstThat(1, moves.length, (tried) => reaches(after(tried)));
  const [before, reached] = [after(count - 1), after(count)];
  const isLowerNearer = target - premiumAt(before) <= premiumAt(reached) - target;
  return { lowest, highest, steps: isLowerNearer ? before : reached };
};
