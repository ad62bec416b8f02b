// Writes rows of results as CSV.
import { stringify } from "csv-stringify/sync";
import { statusOf } from "./formats.js";

const OPTIONS = { record_delimiter: "windows", quoted_string: true, cast: { boolean: statusOf } };

/** Writes the rows of one run, so that any number of runs takes no memory. See {@link import("./formats.js").Encoder}. */
export const csvOf = (rows) => stringify(rows, OPTIONS);
