// The common workload, hand-optimised: typed arrays, no objects, nothing recorded. The same
// algorithm and the same draws as src/lean.rs, so that both must end with the same sum.

const TAIL = 7.69711747013105;
const AREA = 3.949659822581557e-3;
const UNIT = 1 / 16777216;

const X = new Float64Array(257);
const Y = new Float64Array(257);
X[0] = AREA / Math.exp(-TAIL);
X[1] = TAIL;
for (let layer = 2; layer < 256; layer++) {
  X[layer] = -Math.log(AREA / X[layer - 1] + Math.exp(-X[layer - 1]));
}
for (let edge = 0; edge < 257; edge++) Y[edge] = Math.exp(-X[edge]);

let a, b, c, counter;

function seed(value) {
  [a, b, c, counter] = [0, 0, value | 0, 1];
  for (let i = 0; i < 12; i++) bits();
}

/** sfc32: 32 bits, not negative. */
function bits() {
  const out = (a + b + counter) | 0;
  counter = (counter + 1) | 0;
  a = b ^ (b >>> 9);
  b = (c + (c << 3)) | 0;
  c = (((c << 21) | (c >>> 11)) + out) | 0;
  return out >>> 0;
}

function exponential() {
  let beyond = 0;
  for (;;) {
    const drawn = bits();
    const layer = drawn & 255;
    const along = (drawn >>> 8) * UNIT * X[layer];
    if (along < X[layer + 1]) return beyond + along;
    if (layer === 0) {
      beyond += TAIL;
      continue;
    }
    const height = Y[layer] + (Y[layer + 1] - Y[layer]) * ((bits() >>> 8) * UNIT);
    if (height < Math.exp(-along)) return beyond + along;
  }
}

// A binary heap in two arrays. Times are drawn from a continuum: ties do not come up.
const times = new Float64Array(4096);
const what = new Int32Array(4096);
let size = 0;

function push(at, event) {
  let place = size++;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (times[parent] <= at) break;
    times[place] = times[parent];
    what[place] = what[parent];
    place = parent;
  }
  times[place] = at;
  what[place] = event;
}

function pop() {
  const first = what[0];
  const at = times[--size];
  const event = what[size];
  let place = 0;
  for (let child = 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size && times[child + 1] < times[child]) child++;
    if (times[child] >= at) break;
    times[place] = times[child];
    what[place] = what[child];
    place = child;
  }
  times[place] = at;
  what[place] = event;
  return first;
}

/** A line in front of a database, as a ring. */
class Line {
  ring = new Int32Array(4096);
  from = 0;
  length = 0;
  add(write) {
    this.ring[(this.from + this.length++) & 4095] = write;
  }
  leave() {
    this.from = (this.from + 1) & 4095;
    return --this.length;
  }
}

const [CALLED, AT_S1, COMMITTED, AT_S2, APPLIED, RECEIPT] = [0, 1, 2, 3, 4, 5];

/** Runs this many writes and returns the sum of their latencies in ms. */
export function run(writes) {
  seed(1);
  size = 0;
  const called = new Float64Array(writes);
  const [s1, s2] = [new Line(), new Line()];
  let sum = 0;
  push(exponential(), CALLED << 24);
  while (size > 0) {
    const now = times[0];
    const event = pop();
    const write = event & 0xffffff;
    switch (event >> 24) {
      case CALLED:
        called[write] = now;
        push(now + exponential() * 5, (AT_S1 << 24) | write);
        if (write + 1 < writes) push(now + exponential(), (CALLED << 24) | (write + 1));
        break;
      case AT_S1:
        s1.add(write);
        if (s1.length === 1) push(now + exponential() * 0.5, (COMMITTED << 24) | write);
        break;
      case COMMITTED:
        push(now + exponential() * 5, (AT_S2 << 24) | write);
        if (s1.leave() > 0) push(now + exponential() * 0.5, (COMMITTED << 24) | s1.ring[s1.from]);
        break;
      case AT_S2:
        s2.add(write);
        if (s2.length === 1) push(now + exponential() * 0.5, (APPLIED << 24) | write);
        break;
      case APPLIED:
        push(now + exponential() * 5, (RECEIPT << 24) | write);
        if (s2.leave() > 0) push(now + exponential() * 0.5, (APPLIED << 24) | s2.ring[s2.from]);
        break;
      case RECEIPT:
        push(now + exponential() * 5, (6 << 24) | write);
        break;
      default:
        sum += now - called[write];
    }
  }
  return sum;
}
