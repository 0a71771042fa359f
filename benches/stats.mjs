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
