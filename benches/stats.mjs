// Rounds and their figures: shuffled, so that what disturbs the machine disturbs all alike.

export const best = (values) => Math.min(...values);

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function shuffled(items) {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [left[at], left[other]] = [left[other], left[at]];
  }
  return left;
}

// What is within this share of the other is no change that anybody would feel.
const THRESHOLD = 0.03;
const RESAMPLES = 2000;

/**
 * How ours compares with theirs: the ratio of the medians, and the median of the rounds' own ratios, with
 * its 95% interval. `starts` holds lists of rounds, and a round is `[ours, theirs]`.
 *
 * Both sides of a round were measured at nearly the same time, so what the machine did meanwhile is not in
 * its ratio. It is in the medians: on a busy machine the interval of their ratio is twice as wide.
 *
 * The interval is a bootstrap in two steps (Kalibera and Jones, "Rigorous benchmarking in reasonable
 * time", 2013): starts are drawn, and rounds in each. What a start has by luck all its rounds have, so
 * many rounds of few starts know little.
 */
export function compare(starts, random = Math.random) {
  const [ours, theirs] = [0, 1].map((side) => median(starts.flat().map((round) => round[side])));
  const ratios = starts.map((rounds) => rounds.map(([own, other]) => own / other));
  const drawn = (items) => items.map(() => items[Math.floor(random() * items.length)]);
  const again = () => median(drawn(ratios).flatMap(drawn));
  const found = Array.from({ length: RESAMPLES }, again).sort((one, other) => one - other);
  const at = (share) => found[Math.round(share * (RESAMPLES - 1))];
  return { ours, theirs, ofMedians: ours / theirs, ratio: median(ratios.flat()), low: at(0.025), high: at(0.975) };
}

/**
 * What a comparison says of ours: "same" is within the threshold with its whole interval; "more" and
 * "less" are beyond it, with an interval that leaves 1 out; all else is "unclear".
 */
export function verdict({ ratio, low, high }) {
  const [least, most] = [1 - THRESHOLD, 1 + THRESHOLD];
  if (low >= least && high <= most) return "same";
  if (low > 1 && ratio > most) return "more";
  if (high < 1 && ratio < least) return "less";
  return "unclear";
}

/** Rejects after so many seconds, with the name of what did not answer. */
export function within(seconds, name, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    const say = () => reject(new Error(`${name} did not answer in ${seconds} s`));
    timer = setTimeout(say, seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Prints rows of cells in columns; the first one to the left, the others to the right. */
export function table(rows) {
  const width = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(width[0]) : cell.padStart(width[column]),
    );
    console.log(`    ${cells.join("  ").trimEnd()}`);
  }
}
