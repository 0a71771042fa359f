// The names of the texts and of their parts; src/parts.rs has them in the same order.

export const TEXTS = [
  "a click on a run of a thousand events",
  "990 writes at once to 8 copies",
  "990 writes over links of 20 s, sent again each second",
  "980 updates that never arrive at 8 copies, sent again each second",
  "495 views beside 495 writes, 8 copies",
  "a load of 1,000 a second for ten seconds",
  "the same on three copies, with everything on",
];

export const PARTS = [
  "parse",
  "run",
  "twin",
  "trace hash",
  "stage and narrator",
  "timeline",
  "list of events",
  "verdicts, price, marks",
  "a real click, without pictures",
];

/** The parts that a click is made of. The last one is the page's own way to do the first three. */
export const OF_A_CLICK = 8;
