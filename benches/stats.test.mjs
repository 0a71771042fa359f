// The figures of a comparison, on rounds that are made up: `node --test benches/stats.test.mjs`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, median, shuffled, verdict } from "./stats.mjs";

/** The same numbers in each run of the tests (Lehmer's generator). */
function luck(seed = 1) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Rounds of 100 ms in so many starts; `ours` and `noise` say what becomes of each value. */
function starts({ ours = 1, noise = () => 1, count = 7, rounds = 6 }) {
  const each = (number, make) => Array.from({ length: number }, (_, nth) => make(nth));
  return each(count, (nth) => each(rounds, () => [100 * ours * noise(nth), 100 * noise(nth)]));
}

const says = (made) => verdict(compare(starts(made), luck()));

test("the median is in the middle, also of an even number", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
});

test("what is shuffled is all there, and the list that was given stays as it was", () => {
  const items = [1, 2, 3, 4, 5];
  assert.deepEqual(shuffled(items).sort(), items);
  assert.deepEqual(items, [1, 2, 3, 4, 5]);
});

test("the ratio is ours by theirs: what takes longer is above 1", () => {
  const found = compare([[[30, 20]], [[30, 20]]], luck());
  assert.deepEqual(found, { ours: 30, theirs: 20, ofMedians: 1.5, ratio: 1.5, low: 1.5, high: 1.5 });
});

test("what disturbs both sides of a round is not in the ratio", () => {
  // A machine that is half as fast in every second start.
  const slow = starts({ ours: 1.1, noise: (nth) => 1 + (nth % 2) });
  const { ratio, low, high } = compare(slow, luck());
  for (const value of [ratio, low, high]) assert.ok(Math.abs(value - 1.1) < 1e-9, `${value}`);
});

test("the interval holds the true ratio, and is narrower than the noise", () => {
  const random = luck(7);
  const noise = () => 0.9 + 0.2 * random();
  const { low, high } = compare(starts({ ours: 1.1, noise }), luck());
  assert.ok(low < 1.1 && high > 1.1, `${low} to ${high}`);
  // Single ratios are anywhere between 0.9 and 1.34.
  assert.ok(low > 0.98 && high < 1.2, `${low} to ${high}`);
});

test("few starts that differ know less than many rounds that do", () => {
  // The same 42 ratios: once a start has one of them, once its rounds have all.
  const values = Array.from({ length: 7 }, (_, nth) => 97 + nth);
  const byStart = values.map((value) => Array(6).fill([value, 100]));
  const byRound = Array.from({ length: 7 }, () => values.slice(0, 6).map((_, nth) => [values[nth], 100]));
  const width = (rounds) => {
    const { low, high } = compare(rounds, luck());
    return high - low;
  };
  assert.ok(width(byStart) > 1.5 * width(byRound), `${width(byStart)}, ${width(byRound)}`);
});

test("change is told from noise", () => {
  const random = luck(3);
  const calm = () => 0.99 + 0.02 * random();
  const wild = () => 0.6 + 0.8 * random();
  assert.equal(says({ noise: calm }), "same");
  assert.equal(says({ noise: calm, ours: 1.1 }), "more");
  assert.equal(says({ noise: calm, ours: 0.9 }), "less");
  assert.equal(says({ noise: wild, ours: 1.02 }), "unclear");
});

test("a verdict at its edges", () => {
  const check = (ratio, low, high, expect) => assert.equal(verdict({ ratio, low, high }), expect);
  check(1.0, 0.97, 1.03, "same");
  check(1.02, 1.01, 1.029, "same");
  check(1.02, 1.01, 1.04, "unclear");
  check(1.04, 1.01, 1.07, "more");
  check(1.04, 0.99, 1.09, "unclear");
  check(0.96, 0.93, 0.99, "less");
  check(NaN, NaN, NaN, "unclear");
});
