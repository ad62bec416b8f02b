/** Every case. Their names are unique. */
import { answers } from "./answers.mjs";
import { connection } from "./connection.mjs";
import { input } from "./input.mjs";
import { statuses } from "./statuses.mjs";
import { time } from "./time.mjs";

export const cases = [...connection, ...answers, ...statuses, ...time, ...input];

const names = cases.map(({ family, name }) => `${family}: ${name}`);
if (new Set(names).size < names.length) {
  throw new Error(`two cases have one name: ${names.filter((name, index) => names.indexOf(name) < index)}`);
}
