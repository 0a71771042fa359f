// The place in node, as a process of its own: answers each message with what was asked.

import * as place from "./web/place.mjs";

process.on("message", async ([method, ...given]) => {
  if (method === "load") given = [Buffer.from(given[0], "base64")];
  try {
    process.send({ answer: await place[method](...given) });
  } catch (error) {
    process.send({ fault: error.message });
  }
});
