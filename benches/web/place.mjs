// The place in node and in the browsers: runs one contestant when asked, and measures it here.

import * as objects from "./objects.mjs";
import * as typed from "./typed.mjs";

let wasm;

/** Compiles the wasm anew: whatever runs next is cold. Resolves to the ms it took. */
export async function load(bytes) {
  const start = performance.now();
  wasm = (await WebAssembly.instantiate(bytes, {})).instance.exports;
  return performance.now() - start;
}

const hex = (value) => BigInt.asUintN(64, value).toString(16).padStart(16, "0");

const contestants = {
  lagoon: (writes) => engine(writes, false),
  judged: (writes) => engine(writes, true),
  lean: (writes) => mean(writes, wasm.lean_run),
  typed: (writes) => mean(writes, typed.run),
  objects: (writes) => mean(writes, objects.run),
};

/** With its measures and judges, or without. */
function engine(writes, judged) {
  const start = performance.now();
  wasm.engine_start(writes);
  while (wasm.engine_advance());
  wasm.engine_record();
  const recorded = performance.now();
  wasm.engine_judge();
  const ms = (judged ? performance.now() : recorded) - start;
  const check = hex(wasm.engine_hash());
  const wrong = wasm.engine_faults(writes);
  const faults = wrong ? [`${wrong} of the closed forms are missed`] : [];
  return { ms, check, faults };
}

function mean(writes, work) {
  const start = performance.now();
  const sum = work(writes);
  return { ms: performance.now() - start, check: (sum / writes).toFixed(6), faults: [] };
}

export function run(name, writes) {
  return contestants[name](writes);
}

export const takeText = (number) => Boolean(wasm.text_start(number));

/** Does a part of the text so many times; resolves to the ms of one. */
export function part(nth, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) wasm.text_part(nth);
  return (performance.now() - start) / times;
}

export function measured() {
  return { records: wasm.text_records(), check: hex(wasm.text_hash()) };
}

const RUN = 1;
const PARTS = 9;

/** Every part of a text once, its run in slices. */
export function limit(number) {
  if (!takeText(number)) throw new Error(`no text ${number}`);
  const ms = [part(0, 1)];
  let slice = 0;
  const start = performance.now();
  wasm.text_run();
  for (let more = true; more; ) {
    const began = performance.now();
    more = wasm.text_advance();
    slice = Math.max(slice, performance.now() - began);
  }
  wasm.text_finish();
  ms.push(performance.now() - start);
  for (let nth = RUN + 1; nth < PARTS; nth++) ms.push(part(nth, 1));
  return { ms, slice, megabytes: wasm.memory.buffer.byteLength / 2 ** 20, ...measured() };
}
