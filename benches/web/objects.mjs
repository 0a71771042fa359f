// The common workload as one would write it in JavaScript: a binary heap of event objects, each
// with the function to call, and `Math.random`. Nothing recorded.

class Queue {
  heap = [];
  sequence = 0;

  push(at, act) {
    const event = { at, sequence: this.sequence++, act };
    let place = this.heap.push(event) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, this.heap[parent])) break;
      this.heap[place] = this.heap[parent];
      place = parent;
    }
    this.heap[place] = event;
  }

  pop() {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (this.heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && isBefore(this.heap[child + 1], this.heap[child])) child++;
      if (!isBefore(this.heap[child], last)) break;
      this.heap[place] = this.heap[child];
      place = child;
    }
    this.heap[place] = last;
    return first;
  }
}

function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}

const exponential = (mean) => -Math.log(1 - Math.random()) * mean;

/** Runs this many writes and returns the sum of their latencies in ms. */
export function run(writes) {
  const queue = new Queue();
  let now = 0;
  let sum = 0;
  const after = (mean, act) => queue.push(now + exponential(mean), act);

  const database = (done) => {
    const line = [];
    const work = () => after(0.5, finish);
    const finish = () => {
      done(line.shift());
      if (line.length > 0) work();
    };
    return (write) => {
      line.push(write);
      if (line.length === 1) work();
    };
  };
  const confirm = (write) => (sum += now - write.called);
  const receipt = (write) => after(5, () => confirm(write));
  const s2 = database((write) => after(5, () => receipt(write)));
  const s1 = database((write) => after(5, () => s2(write)));
  const call = (left) => {
    const write = { called: now };
    after(5, () => s1(write));
    if (left > 1) after(1, () => call(left - 1));
  };

  after(1, () => call(writes));
  while (queue.heap.length > 0) {
    const event = queue.pop();
    now = event.at;
    event.act();
  }
  return sum;
}
